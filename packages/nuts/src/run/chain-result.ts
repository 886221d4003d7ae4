import type { MetricSummary } from "../adaptation/metric-choice.ts";
import type { Chain } from "../chain/chain.ts";
import type { DivergenceRecord, DrawStatistics } from "../chain/draw-record.ts";

/** What one chain gave. */
export interface ChainResult {
  readonly chain: number;
  /** Draws kept, row-major (draw, dim), unconstrained. */
  readonly draws: Float64Array;
  /** How many these are. */
  readonly size: number;
  /** One number for each of them and each statistic. */
  readonly statistics: DrawStatistics;
  /** Every divergent transition, warmup included. */
  readonly divergences: readonly DivergenceRecord[];
  /** Divergent transitions after warmup, and those that were as deep as allowed. */
  readonly divergent: number;
  readonly saturated: number;
  /** Iterations done after warmup. */
  readonly iterations: number;
  /** Final step size, in units of the metric. */
  readonly stepSize: number;
  readonly metric: MetricSummary;
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
  /** Evaluations of value and gradient. */
  readonly gradients: number;
  readonly warmupGradients: number;
  /** Whether all iterations asked for were done. */
  readonly isComplete: boolean;
}

/** The result of a chain that stopped. */
export function resultOf(chain: Chain): ChainResult {
  const { record, settings, stepSize, divergences } = chain;
  const { iteration, recorded: _, flushed: __, ...counts } = chain.tally;
  return {
    ...counts,
    chain: settings.chain,
    draws: record.positions(),
    size: record.size,
    statistics: record.statistics(),
    divergences: [...divergences],
    iterations: Math.max(0, iteration - settings.warmup),
    stepSize,
    metric: chain.metricSummary(),
    isComplete: chain.isDone,
  };
}
