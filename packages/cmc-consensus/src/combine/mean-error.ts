import { addSandwich } from "./linear-consensus.ts";
import type { PrecisionWeight } from "./precision-weights.ts";
import { type ProductGaussian, shareOf } from "./product-gaussian.ts";
import type { ShardSet } from "./shard-set.ts";

/**
 * Standard error of every coordinate of the consensus mean that comes from finitely many draws. With A = S Pᵀ W the share
 * of a shard, u the deviation of its mean from the consensus and n its effective numbers of draws, the covariance is the
 * sum over shards of A (Σ/n) Aᵀ, from the shard's mean, and S Pᵀ [(uᵀ W u) W + W u uᵀ W] P S / n, from its weight: the
 * covariance of W u to first order when W is the inverse of a Wishart matrix.
 */
export function meanErrors(set: ShardSet, weights: readonly PrecisionWeight[], product: ProductGaussian): Float64Array {
  const { dim } = set;
  const covariance = new Float64Array(dim * dim);
  set.shards.forEach((shard, s) => {
    const { precision, covariance: own, shrinkage } = weights[s]!;
    const share = shareOf(product.covariance, dim, shard, precision);
    const u = shard.mean.map((x, i) => x - product.mean[shard.coordinates[i]!]!);
    let distance = 0;
    for (let i = 0; i < shard.dim; i++) {
      for (let j = 0; j < shard.dim; j++) distance += u[i]! * precision[i * shard.dim + j]! * u[j]!;
    }
    const ofWeight = set.shards.length > 1 ? (1 - shrinkage) ** 2 / shard.covarianceSize : 0;
    const inner = new Float64Array(shard.dim * shard.dim);
    for (let i = 0; i < shard.dim; i++) {
      for (let j = 0; j < shard.dim; j++) {
        const at = i * shard.dim + j;
        inner[at] = own[at]! * (1 / shard.effectiveSize + ofWeight * distance) + ofWeight * u[i]! * u[j]!;
      }
    }
    addSandwich(covariance, share, inner, dim, shard.dim);
  });
  return Float64Array.from({ length: dim }, (_, i) => Math.sqrt(covariance[i * dim + i]!));
}
