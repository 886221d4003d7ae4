import type { MetricData } from "../metric/metric.ts";

/**
 * How the metric is learned during warmup:
 * - `auto`: diagonal at first; dense (up to 100 dimensions) or low-rank when positions and gradients show that a
 *   diagonal is not enough.
 * - `diagonal`, `dense`: variances or covariances of the draws of each window (Welford), shrunk relative to their own
 *   scale.
 * - `fisher-diagonal`: from draws and gradients, after every draw.
 * - `low-rank`: the same, and the directions that it gets wrong by more than a factor 2 in variance.
 * - `unit`: none; all coordinates have scale 1.
 * - groups of coordinates, each learned in its own way, uncorrelated with the others; every coordinate in one group.
 */
export type MetricChoice = MetricKind | { readonly blocks: readonly MetricBlock[] };

export type MetricKind = "auto" | "diagonal" | "dense" | "fisher-diagonal" | "low-rank" | "unit";

export interface MetricBlock {
  readonly indices: readonly number[];
  readonly metric: MetricKind;
}

/** What was learned, and why that. */
export interface MetricSummary {
  /** Such as "dense". */
  readonly kind: MetricData["kind"];
  /** One sentence. */
  readonly reason: string;
  readonly metric: MetricData;
}
