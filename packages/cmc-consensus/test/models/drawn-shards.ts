import { createRandom, type Random } from "@siegert/random";
import type { ShardPosterior } from "../../src/index.ts";

/** A Gaussian: its mean, and a lower triangular matrix L with covariance L Lᵀ, row by row. */
export interface Normal {
  readonly mean: readonly number[];
  readonly factor: readonly (readonly number[])[];
}

export interface DrawnShard {
  readonly shard?: number;
  readonly points?: number;
  readonly coordinates?: readonly number[];
  readonly chains?: number;
  readonly draws?: number;
  /** Correlation of each draw with the one before it. Default 0. */
  readonly carry?: number;
  readonly hasLogDensity?: boolean;
}

/** A variate of a Gaussian. */
export function normalVector({ mean, factor }: Normal, random: Random): number[] {
  const z = mean.map(() => random.normal());
  return mean.map((m, i) => m + z.slice(0, i + 1).reduce((sum, x, j) => sum + factor[i]![j]! * x, 0));
}

/** A shard whose posterior is that Gaussian, drawn exactly. */
export function normalShard(posterior: Normal, random: Random, options: DrawnShard = {}): ShardPosterior {
  const { carry = 0, hasLogDensity = false } = options;
  const dim = posterior.mean.length;
  const state = new Float64Array(dim);
  const logDensity: number[] = [];
  const { factor, mean } = posterior;
  const shard = drawnShard(dim, options, (out, isFirst) => {
    let squared = 0;
    for (let i = 0; i < dim; i++) {
      state[i] = isFirst ? random.normal() : carry * state[i]! + Math.sqrt(1 - carry * carry) * random.normal();
      squared += state[i]! ** 2;
    }
    for (let i = 0; i < dim; i++) {
      out[i] = mean[i]!;
      for (let j = 0; j <= i; j++) out[i]! += factor[i]![j]! * state[j]!;
    }
    logDensity.push(-squared / 2);
  });
  return hasLogDensity ? { ...shard, logDensity: Float64Array.from(logDensity) } : shard;
}

/** A shard whose draws are made one by one. */
export function drawnShard(
  dim: number,
  { shard = 0, points = 100, coordinates, chains = 2, draws = 500 }: DrawnShard,
  draw: (out: Float64Array, isFirst: boolean) => void,
): ShardPosterior {
  const values = new Float64Array(chains * draws * dim);
  for (let n = 0; n < chains * draws; n++) draw(values.subarray(n * dim, (n + 1) * dim), n % draws === 0);
  return { shard, points, chains, draws, values, ...(coordinates && { coordinates }) };
}

/**
 * Shards of independent data with a flat prior: Gaussian posteriors whose means scatter about the truth, zero, as much as
 * each is wide, moved by what `shift` gives.
 */
export function agreeingShards(
  factors: readonly (readonly (readonly number[])[])[],
  seed: number,
  options: DrawnShard & { readonly shift?: (shard: number) => readonly number[] } = {},
): ShardPosterior[] {
  const random = createRandom(seed, "shards");
  return factors.map((factor, shard) => {
    const shift = options.shift?.(shard);
    const mean = normalVector({ mean: factor.map((_, i) => shift?.[i] ?? 0), factor }, random);
    return normalShard({ mean, factor }, random, { ...options, shard });
  });
}
