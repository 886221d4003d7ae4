/**
 * The scale on which draws are smoothed by kernels: unit kernel width is the typical spread of a shard. Where all shards sample
 * the same coordinates the draws are whitened by the mean of their covariances, else scaled coordinate by coordinate,
 * so that a shard's draws need only the coordinates it has.
 */
import { cholesky, inverseOf, solveLower, whitenMatrix } from "./cholesky.ts";
import type { CombineJob } from "./combination.ts";
import type { PreparedShard } from "./shard-set.ts";

export interface KernelSpace {
  /** Lower factor of the typical covariance of a shard, row-major (dim, dim). */
  readonly factor: Float64Array;
  readonly origin: Float64Array;
  /** Whether the factor is diagonal. */
  readonly isDiagonal: boolean;
  /** Shards that have each coordinate. */
  readonly counts: Float64Array;
  /** Mean and covariance of the product Gaussian in this space. */
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

export function kernelSpace({ set, product: whole }: CombineJob): KernelSpace {
  const { dim } = set;
  const typical = new Float64Array(dim * dim);
  const counts = new Float64Array(dim);
  const isDiagonal = set.shards.some((shard) => shard.dim < dim);
  for (const shard of set.shards) {
    for (let i = 0; i < shard.dim; i++) {
      const row = shard.coordinates[i]!;
      counts[row]! += 1;
      for (let j = 0; j < shard.dim; j++) {
        if (isDiagonal && i !== j) continue;
        typical[row * dim + shard.coordinates[j]!]! += shard.covariance[i * shard.dim + j]!;
      }
    }
  }
  for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) typical[i * dim + j]! /= counts[i]!;
  const factor = cholesky(typical, dim)!;
  return {
    factor,
    origin: whole.mean,
    isDiagonal,
    counts,
    mean: new Float64Array(dim),
    covariance: whitenMatrix(whole.covariance, factor, dim),
  };
}

/** A point of a shard's own coordinates, moved to this space in place. */
export function toKernelSpace(space: KernelSpace, shard: PreparedShard, point: Float64Array): void {
  for (let i = 0; i < shard.dim; i++) point[i]! -= space.origin[shard.coordinates[i]!]!;
  scaleToKernelSpace(space, shard, point);
}

/** A difference of two points of a shard's own coordinates, in units of this space, in place. */
export function scaleToKernelSpace(space: KernelSpace, shard: PreparedShard, difference: Float64Array): void {
  const dim = space.origin.length;
  if (!space.isDiagonal) {
    solveLower(space.factor, dim, difference);
    return;
  }
  for (let i = 0; i < shard.dim; i++) {
    const coordinate = shard.coordinates[i]!;
    difference[i]! /= space.factor[coordinate * dim + coordinate]!;
  }
}

/**
 * For kernels of width h: the law of the draws given the mean of the chosen kernels. With the Gaussian part (semiparametric)
 * the precision is Σ⁻¹ + D/h², D the diagonal of counts; without it D/h².
 */
export interface KernelWidth {
  readonly h: number;
  /** Lower factor of Σ + h² D⁻¹, under which the mean of the kernels is judged; absent without a Gaussian part. */
  readonly marginal: Float64Array | undefined;
  /** Lower factor of the precision of a draw given the mean of the kernels. */
  readonly conditional: Float64Array;
}

/** The laws of a kernel width. */
export function kernelWidth(space: KernelSpace, h: number, hasGaussian: boolean): KernelWidth {
  const dim = space.origin.length;
  const precision = new Float64Array(dim * dim);
  let marginal: Float64Array | undefined;
  if (hasGaussian) {
    const wide = space.covariance.slice();
    for (let i = 0; i < dim; i++) wide[i * dim + i]! += (h * h) / space.counts[i]!;
    marginal = cholesky(wide, dim)!;
    precision.set(inverseOf(cholesky(space.covariance, dim)!, dim));
  }
  for (let i = 0; i < dim; i++) precision[i * dim + i]! += space.counts[i]! / (h * h);
  return { h, marginal, conditional: cholesky(precision, dim)! };
}
