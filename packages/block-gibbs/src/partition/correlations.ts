import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, SPIN } from "../compiled/compiled-graph.ts";
import { type PairStrengths, pairInfluences } from "./influence.ts";

/**
 * How strongly the discrete nodes that share a factor are correlated in draws: Cramér's V of the table of their states,
 * which is |Pearson's correlation| for two spins; 0 where a node never changes.
 * @param states draws, row after row, each a state of the model.
 * @throws {InvalidArgumentError} for fewer than 2 rows, or a length that is no multiple of a state's.
 */
export function estimateCorrelations(graph: CompiledGraph, states: Float64Array): PairStrengths {
  const length = graph.offset[graph.nodeCount]!;
  const rows = states.length / length;
  if (!Number.isInteger(rows) || rows < 2) {
    throw new InvalidArgumentError("states", `have 2 or more rows of length ${length}`, states);
  }
  const { edges } = pairInfluences(graph, 0);
  const strengths = new Float64Array(edges.length / 2);
  const counts = new Float64Array(graph.fieldSize ** 2);
  for (let e = 0; e < strengths.length; e++) {
    const [a, b] = [edges[2 * e]!, edges[2 * e + 1]!];
    const [Ka, Kb] = [graph.states[a]!, graph.states[b]!];
    counts.fill(0, 0, Ka * Kb);
    for (let row = 0; row < states.length; row += length) {
      counts[levelOf(graph, a, states, row) * Kb + levelOf(graph, b, states, row)]! += 1;
    }
    strengths[e] = cramersV(counts, Ka, Kb);
  }
  return { edges, strengths };
}

function levelOf(graph: CompiledGraph, node: number, states: Float64Array, row: number): number {
  const value = states[row + graph.offset[node]!]!;
  return graph.kind[node] === SPIN ? (value + 1) / 2 : value;
}

/** √(χ²/(n (min(K) − 1))), χ²/n = Σ n_ab²/(n_a n_b) − 1, of a table of counts, K counted without states that never occur. */
function cramersV(counts: Float64Array, Ka: number, Kb: number): number {
  const [rowSums, columnSums] = [new Float64Array(Ka), new Float64Array(Kb)];
  for (let a = 0; a < Ka; a++) {
    for (let b = 0; b < Kb; b++) {
      rowSums[a]! += counts[a * Kb + b]!;
      columnSums[b]! += counts[a * Kb + b]!;
    }
  }
  const seen = (sums: Float64Array): number => sums.reduce((count, sum) => (sum > 0 ? count + 1 : count), 0);
  const least = Math.min(seen(rowSums), seen(columnSums));
  if (least < 2) return 0;
  let phi2 = -1;
  for (let a = 0; a < Ka; a++) {
    for (let b = 0; b < Kb; b++) {
      const count = counts[a * Kb + b]!;
      if (count > 0) phi2 += (count * count) / (rowSums[a]! * columnSums[b]!);
    }
  }
  return Math.min(1, Math.sqrt(Math.max(0, phi2) / (least - 1)));
}

/**
 * How far apart two states are: the weights of the nodes where they differ, over those of all. 0 for equal states, 1 where
 * every node differs.
 * @param weights of every entry, not negative; default all alike. `nodeInfluences` gives strongly tied nodes more.
 * @throws {InvalidArgumentError} for states or weights of different lengths, a negative weight, or weights that are all 0.
 */
export function weightedHammingDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  if (a.length !== b.length || a.length === 0) {
    throw new InvalidArgumentError("b", `have as many entries as a, ${a.length}, and at least one`, b);
  }
  if (weights !== undefined && weights.length !== a.length) {
    throw new InvalidArgumentError("weights", `have ${a.length} entries`, weights);
  }
  let [different, total] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError(`weights[${i}]`, "be finite and not negative", weight);
    }
    total += weight;
    if (a[i] !== b[i]) different += weight;
  }
  if (total === 0) throw new InvalidArgumentError("weights", "not all be 0", weights);
  return different / total;
}
