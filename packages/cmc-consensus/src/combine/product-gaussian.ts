/**
 * The product of Gaussians, one a shard: precision Σ Pᵀ W P, mean (Σ Pᵀ W P)⁻¹ Σ Pᵀ W μ. P picks the coordinates that a
 * shard samples; the others have precision zero in it.
 *
 * Source: Scott, Blocker, Bonassi, Chipman, George & McCulloch (2016), Bayes and big data: the consensus Monte Carlo
 * algorithm, 10.1080/17509653.2016.1142191, section 3.
 */
import { cholesky, inverseOf, logDeterminant } from "./cholesky.ts";
import { UninformedCoordinateError } from "./combine-errors.ts";
import type { PrecisionWeight } from "./precision-weights.ts";
import type { PreparedShard, ShardSet } from "./shard-set.ts";

export interface ProductGaussian {
  readonly mean: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
  readonly precision: Float64Array;
  /** Lower Cholesky factor of the precision. */
  readonly precisionFactor: Float64Array;
  readonly logDeterminantOfPrecision: number;
}

/**
 * The product of the shards' Gaussians.
 * @param means of the shards, over their own coordinates; default those of their draws.
 * @throws {UninformedCoordinateError} for a coordinate that no shard samples.
 */
export function productGaussian(
  set: ShardSet,
  weights: readonly Pick<PrecisionWeight, "precision">[],
  means: (shard: PreparedShard, index: number) => Float64Array = (shard) => shard.mean,
): ProductGaussian {
  const { dim } = set;
  requireInformed(set);
  const precision = new Float64Array(dim * dim);
  const pull = new Float64Array(dim);
  // Means relative to the first known one of each coordinate: large offsets must not eat digits.
  const origin = new Float64Array(dim).fill(Number.NaN);
  set.shards.forEach((shard, s) => {
    const mean = means(shard, s);
    shard.coordinates.forEach((coordinate, i) => {
      if (Number.isNaN(origin[coordinate])) origin[coordinate] = mean[i]!;
    });
  });
  set.shards.forEach((shard, s) => {
    const mean = means(shard, s);
    const { coordinates } = shard;
    const weight = weights[s]!.precision;
    for (let i = 0; i < shard.dim; i++) {
      const row = coordinates[i]!;
      for (let j = 0; j < shard.dim; j++) {
        const w = weight[i * shard.dim + j]!;
        const column = coordinates[j]!;
        precision[row * dim + column]! += w;
        pull[row]! += w * (mean[j]! - origin[column]!);
      }
    }
  });
  const precisionFactor = cholesky(precision, dim);
  if (!precisionFactor) throw new Error("a sum of positive definite precisions is not positive definite");
  const covariance = inverseOf(precisionFactor, dim);
  const mean = origin;
  for (let i = 0; i < dim; i++) {
    let shift = 0;
    for (let j = 0; j < dim; j++) shift += covariance[i * dim + j]! * pull[j]!;
    mean[i]! += shift;
  }
  const logDeterminantOfPrecision = logDeterminant(precisionFactor, dim);
  return { mean, covariance, precision, precisionFactor, logDeterminantOfPrecision };
}

/** The matrix by which a shard's deviations enter the consensus, S Pᵀ W, row-major (dim, shard's dim). */
export function shareOf(
  covariance: Float64Array,
  dim: number,
  shard: PreparedShard,
  weight: Float64Array,
): Float64Array {
  const own = shard.dim;
  const share = new Float64Array(dim * own);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < own; k++) {
      const s = covariance[i * dim + shard.coordinates[k]!]!;
      for (let j = 0; j < own; j++) share[i * own + j]! += s * weight[k * own + j]!;
    }
  }
  return share;
}

/** @throws {UninformedCoordinateError} for a coordinate that no shard samples. */
export function requireInformed(set: ShardSet): void {
  const informed = new Uint8Array(set.dim);
  for (const shard of set.shards) for (const coordinate of shard.coordinates) informed[coordinate] = 1;
  const missing = informed.indexOf(0);
  if (missing >= 0) throw new UninformedCoordinateError(missing, set.label(missing));
}
