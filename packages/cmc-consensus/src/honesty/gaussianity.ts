/**
 * How far the posterior of a shard is from a Gaussian, jointly.
 *
 * Source: Mardia (1970), Measures of multivariate skewness and kurtosis with applications, 10.1093/biomet/57.3.519. The
 * effective number of draws stands in place of the number, as draws of a chain depend on each other; it is that of the
 * worse of mean and radius, which is on the safe side for third moments.
 */

import { chiSquareTail } from "../combine/chi-square.ts";
import { cholesky, solveLower } from "../combine/cholesky.ts";
import { drawMoments } from "../combine/draw-moments.ts";
import { thinned } from "../combine/linear-consensus.ts";
import type { PreparedShard } from "../combine/shard-set.ts";

export interface Gaussianity {
  readonly shard: number;
  /** Mardia's b₁, Σ E[z_i z_j z_k]² of whitened draws, less its mean for a Gaussian: 0 for one, up to noise. */
  readonly skewness: number;
  readonly skewnessP: number;
  /** Mardia's b₂ / (p (p + 2)) − 1: 0 for a Gaussian, positive for heavier tails. */
  readonly excessKurtosis: number;
  readonly kurtosisP: number;
  /**
   * Variance of log p − log N over the draws, N the Gaussian with their moments, in nats²: half of it is the
   * Kullback-Leibler divergence when that is small. It has no noise of its own; undefined without log densities.
   */
  readonly logDensityVariance: number | undefined;
}

/** Draws that are looked at, evenly spaced. */
const EXAMINED = 2000;

/** The check of one shard. */
export function gaussianity(shard: PreparedShard): Gaussianity {
  const { dim, posterior } = shard;
  const total = posterior.chains * posterior.draws;
  const count = Math.min(total, EXAMINED);
  const white = new Float64Array(count * dim);
  for (let n = 0; n < count; n++) {
    const at = thinned(n, count, total) * dim;
    white.set(posterior.values.subarray(at, at + dim), n * dim);
  }
  whiten(white, dim);
  const size = Math.min(count, shard.effectiveSize, shard.covarianceSize);
  const { skewness, kurtosis } = mardia(white, dim);
  const degrees = (dim * (dim + 1) * (dim + 2)) / 6;
  const expected = dim * (dim + 2);
  const z = (kurtosis - (expected * (size - 1)) / (size + 1)) / Math.sqrt((8 * expected) / size);
  return {
    shard: shard.shard,
    skewness: skewness - (6 * degrees) / size,
    skewnessP: chiSquareTail((size * skewness) / 6, degrees),
    excessKurtosis: kurtosis / expected - 1,
    kurtosisP: chiSquareTail(z * z, 1),
    logDensityVariance: posterior.logDensity && logDensityVariance(shard, posterior.logDensity),
  };
}

function whiten(values: Float64Array, dim: number): void {
  const { mean, covariance } = drawMoments(values, dim);
  const factor = cholesky(covariance, dim);
  for (let at = 0; at < values.length; at += dim) {
    const z = values.subarray(at, at + dim);
    for (let i = 0; i < dim; i++) z[i]! -= mean[i]!;
    if (factor) solveLower(factor, dim, z);
  }
}

/** b₁ and b₂ of whitened draws: every third moment once, weighted by how many orders of its indices there are. */
function mardia(white: Float64Array, dim: number): { readonly skewness: number; readonly kurtosis: number } {
  const count = white.length / dim;
  const third = new Float64Array((dim * (dim + 1) * (dim + 2)) / 6);
  let kurtosis = 0;
  for (let at = 0; at < white.length; at += dim) {
    let squared = 0;
    let t = 0;
    for (let i = 0; i < dim; i++) {
      const x = white[at + i]!;
      squared += x * x;
      for (let j = 0; j <= i; j++) {
        const xy = x * white[at + j]!;
        for (let k = 0; k <= j; k++) third[t++]! += xy * white[at + k]!;
      }
    }
    kurtosis += squared * squared;
  }
  let skewness = 0;
  let t = 0;
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k <= j; k++) {
        const orders = i === j && j === k ? 1 : i === j || j === k ? 3 : 6;
        skewness += orders * (third[t++]! / count) ** 2;
      }
    }
  }
  return { skewness, kurtosis: kurtosis / count };
}

function logDensityVariance({ posterior, dim, mean, factor }: PreparedShard, logDensity: Float64Array): number {
  const u = new Float64Array(dim);
  let sum = 0;
  let squares = 0;
  let used = 0;
  let origin = 0;
  for (let n = 0; n < logDensity.length; n++) {
    for (let i = 0; i < dim; i++) u[i] = posterior.values[n * dim + i]! - mean[i]!;
    const difference = logDensity[n]! + solveLower(factor, dim, u) / 2;
    if (!Number.isFinite(difference)) continue;
    if (used === 0) origin = difference;
    used++;
    sum += difference - origin;
    squares += (difference - origin) ** 2;
  }
  return used > 1 ? (squares - (sum * sum) / used) / (used - 1) : 0;
}
