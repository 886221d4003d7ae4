import type { ShardPosterior } from "./shard-posterior.ts";

interface Sums {
  count: number;
  mean: number;
  /** Σ (mean_s − mean)². */
  squares: number;
  /** Σ of the shards' variances. */
  variances: number;
}

/**
 * For every coordinate, the standard deviation of the shards' means beyond what the width of their posteriors explains
 * (DerSimonian & Laird's τ with equal weights, 1986, 10.1016/0197-2456(86)90046-2), relative to the mean of all or, when
 * that is larger, to the width of a shard. 0 where fewer than two shards have the coordinate.
 */
export function relativeSpreads(posteriors: readonly ShardPosterior[], dim: number): Float64Array {
  const sums: Sums[] = Array.from({ length: dim }, () => ({ count: 0, mean: 0, squares: 0, variances: 0 }));
  for (const posterior of posteriors) {
    const own = posterior.coordinates ?? [...sums.keys()];
    own.forEach((coordinate, k) => {
      const { mean, variance } = momentsOf(posterior, own.length, k);
      const sum = sums[coordinate]!;
      sum.count++;
      const step = mean - sum.mean;
      sum.mean += step / sum.count;
      sum.squares += step * (mean - sum.mean);
      sum.variances += variance;
    });
  }
  return Float64Array.from(sums, ({ count, mean, squares, variances }) => {
    if (count < 2) return 0;
    const width = variances / count;
    const excess = Math.max(0, squares / (count - 1) - width);
    return Math.sqrt(excess) / Math.max(Math.abs(mean), Math.sqrt(width));
  });
}

function momentsOf({ values }: ShardPosterior, dim: number, k: number): { mean: number; variance: number } {
  const count = values.length / dim;
  let mean = 0;
  for (let at = k; at < values.length; at += dim) mean += values[at]! / count;
  let squares = 0;
  for (let at = k; at < values.length; at += dim) squares += (values[at]! - mean) ** 2;
  return { mean, variance: squares / (count - 1) };
}
