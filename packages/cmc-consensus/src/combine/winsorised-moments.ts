/**
 * Moments of a shard in which stray draws count less: Huber's estimate of location and scatter, whose draws are pulled in to
 * a distance that Gaussian draws exceed with probability 1e-3.
 *
 * Source: Maronna (1976), Robust M-estimators of multivariate location and scatter, 10.1214/aos/1176343347. It breaks
 * down when more than 1/(p + 1) of the draws are far off: chains that went astray belong out before.
 */

import { chiSquareQuantile, chiSquareTail } from "./chi-square.ts";
import { cholesky, solveLower } from "./cholesky.ts";
import type { PreparedShard } from "./shard-set.ts";

const TAIL = 1e-3;

/** Squared distance beyond which a draw is pulled in. */
export function winsorLimit(dim: number): number {
  return chiSquareQuantile(TAIL, dim);
}

/** By how much pulling in shrinks the covariance of a Gaussian: E min(|z|², c) / p. */
export function winsorShrinkage(dim: number): number {
  const c = winsorLimit(dim);
  return 1 - chiSquareTail(c, dim + 2) + (c * TAIL) / dim;
}

/**
 * The shard with moments of its winsorised draws, and the share of draws beyond the limit; the very same shard when that is
 * no more than a Gaussian has.
 */
export function winsorised(shard: PreparedShard): { readonly shard: PreparedShard; readonly share: number } {
  const limit = winsorLimit(shard.dim);
  const shrinkage = winsorShrinkage(shard.dim);
  let current = shard;
  let share = 0;
  for (let step = 0; step < 10; step++) {
    const next = reweigh(current, limit, shrinkage);
    const change = Math.abs(next.share - share);
    share = next.share;
    if (step === 0 && share <= 2 * TAIL) return { shard, share };
    current = next.shard;
    if (step > 0 && change < 1e-4) break;
  }
  return { shard: current, share };
}

function reweigh(
  shard: PreparedShard,
  limit: number,
  shrinkage: number,
): { readonly shard: PreparedShard; readonly share: number } {
  const { dim, posterior } = shard;
  const { values } = posterior;
  const count = values.length / dim;
  const mean = new Float64Array(dim);
  const covariance = new Float64Array(dim * dim);
  const u = new Float64Array(dim);
  const z = new Float64Array(dim);
  let total = 0;
  let beyond = 0;
  for (let at = 0; at < values.length; at += dim) {
    for (let i = 0; i < dim; i++) u[i] = values[at + i]! - shard.mean[i]!;
    z.set(u);
    const squared = solveLower(shard.factor, dim, z);
    const scale = squared > limit ? Math.sqrt(limit / squared) : 1;
    if (squared > limit) beyond++;
    total += scale;
    for (let i = 0; i < dim; i++) {
      u[i]! *= scale;
      mean[i]! += u[i]!;
      for (let j = 0; j <= i; j++) covariance[i * dim + j]! += u[i]! * u[j]!;
    }
  }
  for (let i = 0; i < dim; i++) {
    mean[i] = shard.mean[i]! + mean[i]! / total;
    for (let j = 0; j <= i; j++) {
      covariance[i * dim + j]! /= (count - 1) * shrinkage;
      covariance[j * dim + i] = covariance[i * dim + j]!;
    }
  }
  const factor = cholesky(covariance, dim) ?? shard.factor;
  return { shard: { ...shard, mean, covariance, factor }, share: beyond / count };
}
