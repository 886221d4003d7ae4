import { createRandom } from "@siegert/random";
import type { ShardPosterior } from "../../src/index.ts";
import { type DrawnShard, drawnShard } from "./drawn-shards.ts";

/** exp(shape x − rate eˣ): the posterior of the logarithm of a rate from `shape` events in `rate` hours. */
export interface LogGamma {
  readonly shape: number;
  readonly rate: number;
}

/** ψ at a positive integer. */
export function digamma(n: number): number {
  let sum = -0.5772156649015329;
  for (let k = 1; k < n; k++) sum += 1 / k;
  return sum;
}

/** ψ′ at a positive integer. */
export function trigamma(n: number): number {
  let sum = Math.PI ** 2 / 6;
  for (let k = 1; k < n; k++) sum -= 1 / (k * k);
  return sum;
}

/** Mean and standard deviation, exactly. */
export function momentsOf({ shape, rate }: LogGamma): { readonly mean: number; readonly sd: number } {
  return { mean: digamma(shape) - Math.log(rate), sd: Math.sqrt(trigamma(shape)) };
}

/** The product of such densities, which is one of them. */
export function productOf(parts: readonly LogGamma[]): LogGamma {
  return {
    shape: parts.reduce((sum, { shape }) => sum + shape, 0),
    rate: parts.reduce((sum, { rate }) => sum + rate, 0),
  };
}

/** Shards with independent coordinates of that kind, drawn exactly, each multiplied by its sign. */
export function logGammaShards(
  parts: readonly LogGamma[],
  seed: number,
  { signs = [1], ...options }: DrawnShard & { readonly signs?: readonly (1 | -1)[] } = {},
): ShardPosterior[] {
  const random = createRandom(seed, "log gamma");
  return parts.map(({ shape, rate }, shard) => {
    const logDensity: number[] = [];
    const posterior = drawnShard(signs.length, { ...options, shard }, (out) => {
      let log = 0;
      for (const [i, sign] of signs.entries()) {
        const x = random.logGamma(shape);
        log += shape * x - Math.exp(x);
        out[i] = sign * (x - Math.log(rate));
      }
      logDensity.push(log);
    });
    return { ...posterior, logDensity: Float64Array.from(logDensity) };
  });
}
