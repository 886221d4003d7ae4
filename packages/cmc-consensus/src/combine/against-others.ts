/** How far the mean of one shard is from what other shards say. */

import { fTail } from "./chi-square.ts";
import { block, cholesky, inverseOf, solveLower } from "./cholesky.ts";
import type { PrecisionWeight } from "./precision-weights.ts";
import type { PreparedShard, ShardSet } from "./shard-set.ts";

/** The sum of the Gaussians of some shards, from which any one can be taken out. */
export interface Pool {
  readonly precision: Float64Array;
  readonly pull: Float64Array;
  /** Shards that have each coordinate. */
  readonly counts: Int32Array;
  readonly members: ReadonlySet<number>;
}

export interface Distance {
  /** Squared Mahalanobis distance of the means. */
  readonly squared: number;
  /** Coordinates in common, over which it is taken. */
  readonly degrees: number;
  /** Deviation in the coordinate where it is largest, in expected standard deviations, and that coordinate. */
  readonly deviation: number;
  readonly coordinate: number;
  /** Effective number of draws behind the expected covariance. */
  readonly draws: number;
}

/** The pool of the shards with these positions in the set. */
export function poolOf(set: ShardSet, weights: readonly PrecisionWeight[], members: ReadonlySet<number>): Pool {
  const { dim } = set;
  const precision = new Float64Array(dim * dim);
  const pull = new Float64Array(dim);
  const counts = new Int32Array(dim);
  for (const s of members) {
    addTo(precision, pull, counts, dim, set.shards[s]!, weights[s]!.precision, 1);
  }
  return { precision, pull, counts, members };
}

function addTo(
  precision: Float64Array,
  pull: Float64Array,
  counts: Int32Array,
  dim: number,
  shard: PreparedShard,
  weight: Float64Array,
  sign: 1 | -1,
): void {
  const { coordinates, mean, dim: own } = shard;
  for (let i = 0; i < own; i++) {
    counts[coordinates[i]!]! += sign;
    const row = coordinates[i]! * dim;
    for (let j = 0; j < own; j++) {
      const w = sign * weight[i * own + j]!;
      precision[row + coordinates[j]!]! += w;
      pull[coordinates[i]!]! += w * mean[j]!;
    }
  }
}

/**
 * Distance of a shard from the pool without it. When both have the right posterior of independent data the covariance of the
 * difference of means is that of the shard plus that of the pool, and a little for the draws being finite.
 * `undefined` when they have no coordinate in common.
 */
export function distanceFrom(
  pool: Pool,
  set: ShardSet,
  weights: readonly PrecisionWeight[],
  s: number,
): Distance | undefined {
  const { dim } = set;
  const shard = set.shards[s]!;
  const precision = pool.precision.slice();
  const pull = pool.pull.slice();
  const counts = pool.counts.slice();
  if (pool.members.has(s)) addTo(precision, pull, counts, dim, shard, weights[s]!.precision, -1);
  const informed = [...counts.keys()].filter((i) => counts[i]! > 0);
  const shared = [...shard.coordinates.keys()].filter((i) => counts[shard.coordinates[i]!]! > 0);
  if (shared.length === 0) return undefined;
  const factor = cholesky(block(precision, dim, informed), informed.length);
  if (!factor) return undefined;
  const rest = inverseOf(factor, informed.length);
  const place = new Map(informed.map((coordinate, i) => [coordinate, i]));
  const inRest = shared.map((i) => place.get(shard.coordinates[i]!)!);
  const expected = block(rest, informed.length, inRest);
  const own = block(weights[s]!.covariance, shard.dim, shared);
  for (let i = 0; i < own.length; i++) expected[i]! += own[i]! * (1 + 1 / shard.effectiveSize);
  const difference = Float64Array.from(shared, (i, k) => {
    let mean = 0;
    const row = inRest[k]! * informed.length;
    for (let j = 0; j < informed.length; j++) mean += rest[row + j]! * pull[informed[j]!]!;
    return shard.mean[i]! - mean;
  });
  return {
    ...measure(
      difference,
      expected,
      shared.map((i) => shard.coordinates[i]!),
    ),
    draws: weights[s]!.degrees,
  };
}

function measure(
  difference: Float64Array,
  expected: Float64Array,
  coordinates: readonly number[],
): Omit<Distance, "draws"> {
  const degrees = coordinates.length;
  let worst = 0;
  for (let i = 0; i < degrees; i++) if (deviationAt(i) > deviationAt(worst)) worst = i;
  const deviation = deviationAt(worst);
  const squared = solveLower(cholesky(expected, degrees)!, degrees, difference);
  return { squared, degrees, deviation, coordinate: coordinates[worst]! };

  function deviationAt(i: number): number {
    return Math.abs(difference[i]!) / Math.sqrt(expected[i * degrees + i]!);
  }
}

/**
 * Probability of a distance at least as large. With a covariance from n effective draws it has the distribution of
 * Hotelling's T²: T² (n − p) / (p (n − 1)) is F with p and n − p degrees of freedom.
 */
export function distanceTail({ squared, degrees, draws }: Pick<Distance, "squared" | "degrees" | "draws">): number {
  const n = Math.max(draws, degrees + 2);
  return fTail((squared * (n - degrees)) / (degrees * (n - 1)), degrees, n - degrees);
}
