import type { ShardPosterior } from "@siegert/cmc-consensus";
import type { SampledCoordinates } from "../posterior/sampled-coordinates.ts";

/** Mean and covariance of the parameters in one shard; NaN for those that it does not have. */
export interface ShardSummary {
  readonly shard: number;
  readonly points: number;
  /** One per parameter of the whole posterior. */
  readonly mean: Float64Array;
  /** Row-major (parameters, parameters). */
  readonly covariance: Float64Array;
}

/** Draws of a shard that are looked at, evenly spaced. */
const EXAMINED = 1000;

/** Moments of every shard on the scale of the parameters. */
export function shardSummaries(
  shards: readonly ShardPosterior[],
  coordinates: Pick<SampledCoordinates, "dim" | "constrain">,
): ShardSummary[] {
  return shards.map((shard) => summaryOf(shard, coordinates));
}

function summaryOf(
  { shard, points, coordinates: own, chains, draws, values }: ShardPosterior,
  coordinates: Pick<SampledCoordinates, "dim" | "constrain">,
): ShardSummary {
  const { dim } = coordinates;
  const kept = own ?? Array.from({ length: dim }, (_, k) => k);
  const total = chains * draws;
  const count = Math.min(total, EXAMINED);
  // Coordinates that the shard lacks stay 0: no other parameter depends on them.
  const position = new Float64Array(dim);
  const row = new Float64Array(dim);
  const mean = new Float64Array(dim).fill(Number.NaN);
  const covariance = new Float64Array(dim * dim).fill(Number.NaN);
  for (const a of kept) {
    mean[a] = 0;
    for (const b of kept) covariance[a * dim + b] = 0;
  }
  for (let n = 0; n < count; n++) {
    const at = Math.floor(((n + 0.5) * total) / count) * kept.length;
    for (const [k, a] of kept.entries()) position[a] = values[at + k]!;
    coordinates.constrain(position, row);
    // Welford's recurrence: row becomes the distance from the mean so far.
    for (const a of kept) row[a]! -= mean[a]!;
    for (const a of kept) {
      mean[a]! += row[a]! / (n + 1);
      for (const b of kept) covariance[a * dim + b]! += (row[a]! * row[b]! * n) / (n + 1);
    }
  }
  for (const a of kept) for (const b of kept) covariance[a * dim + b]! /= Math.max(1, count - 1);
  return { shard, points, mean, covariance };
}
