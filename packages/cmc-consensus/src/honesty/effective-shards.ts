/** How many equally informative shards would give the same posterior. */
import type { CombineJob } from "../combine/combination.ts";
import { shareOf } from "../combine/product-gaussian.ts";

export interface EffectiveShards {
  /** p / Σ tr(A_s²), A_s = S Pᵀ W_s P the share of a shard: the number of shards when all weigh the same in all directions. */
  readonly joint: number;
  /** For every coordinate (Σ w)² / Σ w², w the reciprocal variances of the shards. */
  readonly coordinates: Float64Array;
}

/** Kish's effective number (1965), for matrices of weights and for each coordinate. */
export function effectiveShards({ set, weights, product }: CombineJob): EffectiveShards {
  const { dim } = set;
  const sums = new Float64Array(dim);
  const squares = new Float64Array(dim);
  let trace = 0;
  set.shards.forEach((shard, s) => {
    const share = shareOf(product.covariance, dim, shard, weights[s]!.precision);
    for (let i = 0; i < shard.dim; i++) {
      const coordinate = shard.coordinates[i]!;
      const w = 1 / weights[s]!.covariance[i * shard.dim + i]!;
      sums[coordinate]! += w;
      squares[coordinate]! += w * w;
      for (let j = 0; j < shard.dim; j++) {
        trace += share[coordinate * shard.dim + j]! * share[shard.coordinates[j]! * shard.dim + i]!;
      }
    }
  });
  return { joint: dim / trace, coordinates: sums.map((sum, i) => (sum * sum) / squares[i]!) };
}
