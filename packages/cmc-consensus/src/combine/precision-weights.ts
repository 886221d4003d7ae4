/**
 * The precision (inverse covariance) of each shard, from finitely many draws.
 *
 * Inverting a sample covariance has two faults, which cost more than the draws' own Monte Carlo error: the inverse is too
 * large on average, and the noise of the weights moves the consensus mean by up to √(p + 1) Monte Carlo errors. So
 * - covariances of shards with the same coordinates are drawn together, as far as they differ by no more than sampling
 *   noise (linear shrinkage to their mean, the amount from the data as in Ledoit & Wolf 2004, 10.1016/S0047-259X(03)00096-4);
 *   with many draws the noise is nothing and each shard keeps its own. A shard that knows a direction far better than the
 *   others do is moved less than they are: a hundredth of a wide covariance would drown a narrow one;
 * - the inverse is multiplied by (n − p − 2)/(n − 1), n the effective number of draws (Hartlap, Simon & Schneider
 *   2007, 10.1051/0004-6361:20066170). A single shard is inverted back to its covariance, which is right on average as it
 *   is.
 */
import { cholesky, inverseOf, product, traceOfProduct, transpose, whitenMatrix } from "./cholesky.ts";
import type { PreparedShard } from "./shard-set.ts";

export interface PrecisionWeight {
  /** Estimate of the shard's precision, row-major over its own coordinates. */
  readonly precision: Float64Array;
  /** Its covariance after drawing together. */
  readonly covariance: Float64Array;
  /** How far the covariance was moved to the mean of the shards, 0 … 1. */
  readonly shrinkage: number;
  /** Effective number of draws behind the covariance. */
  readonly degrees: number;
}

/** The precision of every shard, in their order. */
export function precisionWeights(shards: readonly PreparedShard[]): readonly PrecisionWeight[] {
  const groups = new Map<string, number[]>();
  shards.forEach((shard, k) => {
    const key = shard.coordinates.join();
    const group = groups.get(key);
    if (group) group.push(k);
    else groups.set(key, [k]);
  });
  const weights = new Array<PrecisionWeight>(shards.length);
  for (const members of groups.values()) weightGroup(shards, members, weights);
  return weights;
}

/**
 * The factor that makes the inverse of a covariance of n draws right on average, (n − p − 2)/(n − 1). Below n = 2 p + 4,
 * where it falls to zero and says little, it is held at its value there.
 */
export function inverseDebiasing(n: number, dim: number): number {
  const size = Math.max(n, 2 * dim + 4);
  return (size - dim - 2) / (size - 1);
}

/**
 * Squared distance of the mean covariance from a shard's, in units of its sampling noise, beyond which the shard is moved
 * less: three standard errors, which hardly any shard that is like the others reaches.
 */
const FAR = 9;

function weightGroup(shards: readonly PreparedShard[], members: readonly number[], out: PrecisionWeight[]): void {
  const { dim } = shards[members[0]!]!;
  const pooled = new Float64Array(dim * dim);
  let draws = 0;
  for (const k of members) {
    const { covariance, covarianceSize } = shards[k]!;
    draws += covarianceSize;
    for (let i = 0; i < pooled.length; i++) pooled[i]! += covariance[i]! / members.length;
  }
  const pooledFactor = cholesky(pooled, dim)!;
  const spread = members.length > 1 ? spreadOfCovariances(shards, members, pooled, pooledFactor) : Infinity;
  for (const k of members) {
    const shard = shards[k]!;
    // E|zzᵀ − I|² / n: sampling noise of a whitened covariance, whatever the distribution.
    const noise = Math.max(shard.fourthMoment - dim, dim) / shard.covarianceSize;
    const shrinkage = Math.min(1, noise / spread, (FAR * noise) / distanceSquared(shard, pooled));
    const keep = 1 - shrinkage;
    const covariance = Float64Array.from(shard.covariance, (x, i) => keep * x + shrinkage * pooled[i]!);
    const degrees = 1 / (keep ** 2 / shard.covarianceSize + (1 - keep ** 2) / draws);
    const factor = shrinkage === 0 ? shard.factor : cholesky(covariance, dim)!;
    const precision = inverseOf(factor, dim);
    const debiasing = shards.length === 1 ? 1 : inverseDebiasing(degrees, dim);
    for (let i = 0; i < precision.length; i++) precision[i]! *= debiasing;
    out[k] = { precision, covariance, shrinkage, degrees };
  }
}

/** |C_s^(−1/2) C C_s^(−1/2) − I|²: how far the mean covariance C is from that of a shard, in units of the shard's. */
function distanceSquared(shard: PreparedShard, pooled: Float64Array): number {
  const { dim, factor, covariance } = shard;
  const difference = pooled.map((x, i) => x - covariance[i]!);
  const relative = whitenMatrix(difference, factor, dim);
  return traceOfProduct(relative, relative);
}

/** Mean of |C_s − C|² over the shards, whitened by their mean covariance C. */
function spreadOfCovariances(
  shards: readonly PreparedShard[],
  members: readonly number[],
  pooled: Float64Array,
  pooledFactor: Float64Array,
): number {
  const { dim } = shards[members[0]!]!;
  const inverse = inverseOf(pooledFactor, dim);
  const difference = new Float64Array(dim * dim);
  let total = 0;
  for (const k of members) {
    const { covariance } = shards[k]!;
    for (let i = 0; i < difference.length; i++) difference[i] = covariance[i]! - pooled[i]!;
    const relative = product(inverse, difference, dim);
    total += traceOfProduct(relative, transpose(relative, dim));
  }
  return total / (members.length - 1);
}
