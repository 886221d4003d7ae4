import { divergenceVerdict } from "@siegert/diagnostics";
import { coordinateName, isNamed, type LogDensity, valueNames } from "@siegert/log-density";
import type { Chain } from "../chain/chain.ts";
import type { DrawStatistics, StatisticName } from "../chain/draw-record.ts";
import { type ChainResult, resultOf } from "./chain-result.ts";
import type { RunState } from "./observers.ts";
import type { RuntimeOptions } from "./sample-options.ts";

/** Something that a user should know about a run. */
export interface RunWarning {
  readonly code: "divergences" | "tree-depth" | "rejections" | "aborted";
  readonly message: string;
  readonly count: number;
}

/** Draws of several chains in one array. */
export interface DrawArray {
  /** Row-major (chain, draw, value). */
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
  /** Names of the values. */
  readonly names: readonly string[];
}

/** A finished or aborted run: its draws, what happened, and the way to go on. */
export interface SamplingRun {
  /** "aborted" when the signal stopped it; the draws so far are valid. */
  readonly status: "complete" | "aborted";
  readonly dim: number;
  readonly chains: readonly ChainResult[];
  readonly warnings: readonly RunWarning[];
  /** Unconstrained draws, as many of each chain; of an aborted run without chains far behind, for the most draws in all. */
  unconstrained(): DrawArray;
  /** The same as named parameter values; unconstrained where the target has no names. */
  constrained(): DrawArray;
  /** A statistic of these draws, row-major (chain, draw). */
  statistic(name: StatisticName): Float64Array;
  /** The complete state, plain JSON data, for `resume`. */
  state(): RunState;
  /** Goes on for more iterations per chain and gives the longer run; this one stays as it is. */
  extend(draws: number, options?: RuntimeOptions): Promise<SamplingRun>;
}

/** Makes the run of chains that stopped. @param extend goes on from the state. */
export function samplingRun(
  target: LogDensity,
  chains: readonly Chain[],
  rejections: number,
  extend: SamplingRun["extend"],
): SamplingRun {
  const results = chains.map(resultOf);
  const draws = commonDraws(results.map(({ size }) => size));
  const drawn = results.filter(({ size }) => size >= draws);
  const status = results.every(({ isComplete }) => isComplete) ? "complete" : "aborted";
  return {
    status,
    dim: target.dim,
    chains: results,
    warnings: warningsOf(chains, results, rejections, status),
    unconstrained: () => unconstrainedDraws(target, drawn, draws),
    constrained: () => constrainedDraws(target, drawn, draws),
    statistic(name) {
      const values = new Float64Array(drawn.length * draws);
      drawn.forEach(({ statistics }, k) => {
        values.set(statistics[name].subarray(0, draws), k * draws);
      });
      return values;
    },
    state: () => ({ format: 1, chains: chains.map((chain) => chain.state()) }),
    extend,
  };
}

/** Draws per chain for which chains that have as many hold the most draws together. */
function commonDraws(sizes: readonly number[]): number {
  const held = (draws: number) => draws * sizes.filter((size) => size >= draws).length;
  return sizes.reduce((best, size) => {
    const gain = held(size) - held(best);
    return gain > 0 || (gain === 0 && size < best) ? size : best;
  });
}

function unconstrainedDraws(target: LogDensity, results: readonly ChainResult[], draws: number): DrawArray {
  const { dim } = target;
  const values = new Float64Array(results.length * draws * dim);
  results.forEach((result, k) => {
    values.set(result.draws.subarray(0, draws * dim), k * draws * dim);
  });
  const names = Array.from({ length: dim }, (_, i) => coordinateName(target, i));
  return { values, chains: results.length, draws, names };
}

function constrainedDraws(target: LogDensity, results: readonly ChainResult[], draws: number): DrawArray {
  const all = unconstrainedDraws(target, results, draws);
  if (!isNamed(target)) return all;
  const { dim, constrainedDim } = target;
  const rows = results.length * draws;
  const values = new Float64Array(rows * constrainedDim);
  const row = new Float64Array(constrainedDim);
  for (let n = 0; n < rows; n++) {
    target.constrain(all.values.subarray(n * dim, (n + 1) * dim), row);
    values.set(row, n * constrainedDim);
  }
  return { ...all, values, names: valueNames(target.parameters) };
}

function warningsOf(
  chains: readonly Chain[],
  results: readonly ChainResult[],
  rejections: number,
  status: SamplingRun["status"],
): RunWarning[] {
  const total = (of: (result: ChainResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
  const iterations = total((result) => result.iterations);
  const divergent = total((result) => result.divergent);
  const saturated = total((result) => result.saturated);
  const depth = chains[0]!.settings.maxTreeDepth;
  const { message, advice } = divergenceVerdict(divergent, Math.max(1, iterations));
  const warnings: RunWarning[] = [
    { code: "divergences", count: divergent, message: `${message} ${advice}` },
    {
      code: "tree-depth",
      count: saturated,
      message: `${saturated} of ${iterations} transitions were as long as allowed (tree depth ${depth}): raise maxTreeDepth or reparameterize.`,
    },
    {
      code: "rejections",
      count: rejections,
      message: `The log density refused ${rejections} points with a recoverable error; they were rejected.`,
    },
    {
      code: "aborted",
      count: status === "aborted" ? total(({ isComplete }) => Number(!isComplete)) : 0,
      message: `Aborted: ${results.map((result) => result.iterations).join(", ")} iterations after warmup were done.`,
    },
  ];
  return warnings.filter(({ count }) => count > 0);
}

/** Statistics of one chain's draws. */
export type { DrawStatistics };
