import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { marginalCounts } from "./marginals.ts";

/** Options of `sampleConvergence`. */
export interface SampleConvergenceOptions {
  /** How many of the most frequent states to compare. Default 15. */
  readonly topStates?: number;
  /** Drift up to which marginals count as settled. Default 0.01. */
  readonly maxDrift?: number;
  /** Overlap from which the most frequent states count as settled. Default 0.8. */
  readonly minOverlap?: number;
}

/** What draws of a discrete model say of their own convergence. */
export interface SampleConvergence {
  readonly verdict: "converged" | "borderline" | "more draws needed";
  /**
   * Largest distance, over the four quarters of the draws, between the marginals of the quarter and those of all draws:
   * the mean over the nodes of ½ Σ_k |P_quarter(k) − P(k)|.
   */
  readonly drift: number;
  /**
   * Drift that as many independent draws would show by chance, roughly: where it is not well below `maxDrift`, there are
   * too few draws to say.
   */
  readonly chanceDrift: number;
  /**
   * States that are among the most frequent ones of both halves of the draws, over those that are among them in either
   * (Jaccard index). Undefined where no state occurs twice, as in large models: then marginals alone decide.
   */
  readonly overlap: number | undefined;
  /** The verdict and its reasons in a sentence. */
  readonly words: string;
}

/**
 * Whether draws have settled: marginals that no longer drift from quarter to quarter, and the same most frequent states in
 * both halves. "borderline" when one of the two fails, but not by more than a factor of two. Settled draws may still have
 * missed a part of the states: only several chains, or tempering, can tell.
 * @param states draws of one chain in their order, row after row, each a state of the model.
 * @throws {InvalidArgumentError} for fewer than 8 rows, nodes that are not discrete, and options outside of their range.
 */
export function sampleConvergence(
  graph: CompiledGraph,
  states: Float64Array,
  options: SampleConvergenceOptions = {},
): SampleConvergence {
  const { topStates = 15, maxDrift = 0.01, minOverlap = 0.8 } = options;
  if (!(Number.isInteger(topStates) && topStates > 0)) {
    throw new InvalidArgumentError("topStates", "be a positive integer", topStates);
  }
  if (!(maxDrift > 0)) throw new InvalidArgumentError("maxDrift", "be positive", maxDrift);
  if (!(minOverlap > 0 && minOverlap <= 1)) throw new InvalidArgumentError("minOverlap", "lie in (0, 1]", minOverlap);
  const length = graph.offset[graph.nodeCount]!;
  const rows = states.length / length;
  if (!(rows >= 8)) throw new InvalidArgumentError("states", `have 8 or more rows of length ${length}`, states);
  const { drift, chanceDrift } = quarterDrift(graph, states, rows);
  const half = Math.floor(rows / 2);
  const first = mostFrequent(states.subarray(0, half * length), length, topStates);
  const second = mostFrequent(states.subarray((rows - half) * length), length, topStates);
  const overlap = jaccard(first, second);
  const isNear = drift <= 2 * maxDrift && (overlap === undefined || overlap >= minOverlap / 2);
  const isDone = drift <= maxDrift && (overlap === undefined || overlap >= minOverlap);
  const verdict = isDone ? "converged" : isNear ? "borderline" : "more draws needed";
  const about =
    overlap === undefined
      ? "no state occurred twice, so the most frequent states say nothing"
      : `the most frequent states of both halves overlap by ${overlap.toFixed(2)} (wanted: ${minOverlap} or more)`;
  const words = `${verdict}: marginals drift by ${drift.toFixed(4)} (wanted: ${maxDrift} or less; as many independent draws drift by about ${chanceDrift.toFixed(4)}), ${about}`;
  return { verdict, drift, chanceDrift, overlap, words };
}

function quarterDrift(
  graph: CompiledGraph,
  states: Float64Array,
  rows: number,
): { drift: number; chanceDrift: number } {
  const length = states.length / rows;
  const all = marginalCounts(graph, states);
  const quarter = Math.floor(rows / 4);
  let drift = 0;
  for (let q = 0; q < 4; q++) {
    const own = marginalCounts(graph, states.subarray(q * quarter * length, (q + 1) * quarter * length));
    let sum = 0;
    for (const [i, counts] of all.entries()) {
      for (let k = 0; k < counts.length; k++) sum += 0.5 * Math.abs(own[i]![k]! / quarter - counts[k]! / rows);
    }
    drift = Math.max(drift, sum / all.length);
  }
  // A quarter of independent draws against all four: variance ¾ p(1 − p)/quarter, mean absolute value √(2/π) of its root.
  let chance = 0;
  for (const counts of all) {
    for (const count of counts) {
      const p = count / rows;
      chance += 0.5 * Math.sqrt((2 / Math.PI) * 0.75 * ((p * (1 - p)) / quarter));
    }
  }
  return { drift, chanceDrift: chance / all.length };
}

/** The most frequent states among those that occur twice at least; states as text, ties by that. */
function mostFrequent(states: Float64Array, length: number, count: number): Set<string> {
  const times = new Map<string, number>();
  for (let row = 0; row < states.length; row += length) {
    const key = states.subarray(row, row + length).join();
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const repeated = [...times].filter(([, n]) => n > 1);
  repeated.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return new Set(repeated.slice(0, count).map(([key]) => key));
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number | undefined {
  const both = [...a].filter((key) => b.has(key)).length;
  const either = a.size + b.size - both;
  return either === 0 ? undefined : both / either;
}
