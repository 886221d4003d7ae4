/** How different the posteriors of shards are, pair by pair. */

import { distanceTail } from "../combine/against-others.ts";
import { block, cholesky, inverseOf, logDeterminant, solveLower, traceOfProduct } from "../combine/cholesky.ts";
import type { CombineJob } from "../combine/combination.ts";

/** The pair of shards that differs most. */
export interface ShardDivergence {
  /** Kullback-Leibler divergence KL(N_a || N_b) of the Gaussians with the shards' moments, over the coordinates in common, nats. */
  readonly nats: number;
  /** Numbers of the shards a and b. */
  readonly shards: readonly [number, number];
  /**
   * What the divergence of such shards is on average when they agree: posteriors of independent data lie apart, by about
   * one nat a coordinate.
   */
  readonly expected: number;
  /** Probability of a pair whose means lie as far apart, over all pairs looked at (Bonferroni). */
  readonly pValue: number;
  /** Pairs looked at. */
  readonly pairs: number;
}

/** Ordered pairs that are looked at, at most. */
const MOST_PAIRS = 400_000;

/** The largest divergence; `undefined` for fewer than two shards with a coordinate in common. */
export function shardDivergence(job: CombineJob): ShardDivergence | undefined {
  const { set } = job;
  const count = set.shards.length;
  // With very many shards each is compared with others at even distances.
  const others = Math.min(count - 1, Math.max(1, Math.floor(MOST_PAIRS / count)));
  const gaussians = new Map<string, Gaussian>();
  let largest: (Divergence & { readonly a: number; readonly b: number }) | undefined;
  let pairs = 0;
  for (let a = 0; a < count; a++) {
    for (let k = 0; k < others; k++) {
      const b = (a + 1 + Math.floor((k * (count - 1)) / others)) % count;
      const divergence = divergenceOf(job, a, b, gaussians);
      if (!divergence) continue;
      pairs++;
      if (divergence.nats > (largest?.nats ?? -Infinity)) largest = { ...divergence, a, b };
    }
  }
  if (!largest) return undefined;
  const { a, b, nats, expected, degrees } = largest;
  return {
    nats,
    shards: [set.shards[a]!.shard, set.shards[b]!.shard],
    expected,
    pValue: Math.min(
      1,
      (pairs / 2) * distanceTail({ squared: separation(job, a, b), degrees, draws: drawsOf(job, a, b) }),
    ),
    pairs,
  };
}

/** A shard's Gaussian on some of its coordinates. */
interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly precision: Float64Array;
  readonly logDeterminant: number;
}

interface Divergence {
  readonly nats: number;
  readonly expected: number;
  readonly degrees: number;
}

function divergenceOf(job: CombineJob, a: number, b: number, cache: Map<string, Gaussian>): Divergence | undefined {
  const common = commonCoordinates(job, a, b);
  const degrees = common.length;
  if (degrees === 0) return undefined;
  const from = gaussianOf(job, a, common, cache);
  const to = gaussianOf(job, b, common, cache);
  const trace = traceOfProduct(to.precision, from.covariance);
  let squared = 0;
  for (let i = 0; i < degrees; i++) {
    const u = from.mean[i]! - to.mean[i]!;
    for (let j = 0; j < degrees; j++) squared += u * to.precision[i * degrees + j]! * (from.mean[j]! - to.mean[j]!);
  }
  const shape = 0.5 * (trace - degrees + to.logDeterminant - from.logDeterminant);
  // The difference of means of independent shards has covariance Σ_a + Σ_b.
  return { nats: shape + squared / 2, expected: shape + (trace + degrees) / 2, degrees };
}

function commonCoordinates({ set }: CombineJob, a: number, b: number): readonly number[] {
  const first = set.shards[a]!.coordinates;
  const second = set.shards[b]!.coordinates;
  const has = new Set(second);
  return [...first].filter((coordinate) => has.has(coordinate));
}

function gaussianOf(
  { set, weights }: CombineJob,
  s: number,
  coordinates: readonly number[],
  cache: Map<string, Gaussian>,
): Gaussian {
  const shard = set.shards[s]!;
  const isWhole = coordinates.length === shard.dim;
  const key = isWhole ? String(s) : `${s}:${coordinates.join()}`;
  const known = cache.get(key);
  if (known) return known;
  const dim = coordinates.length;
  const chosen = coordinates.map((coordinate) => shard.coordinates.indexOf(coordinate));
  const covariance = block(weights[s]!.covariance, shard.dim, chosen);
  const factor = cholesky(covariance, dim)!;
  const gaussian: Gaussian = {
    mean: Float64Array.from(chosen, (i) => shard.mean[i]!),
    covariance,
    precision: inverseOf(factor, dim),
    logDeterminant: logDeterminant(factor, dim),
  };
  cache.set(key, gaussian);
  return gaussian;
}

/** Squared Mahalanobis distance of two shards' means under the sum of their covariances. */
function separation(job: CombineJob, a: number, b: number): number {
  const common = commonCoordinates(job, a, b);
  const cache = new Map<string, Gaussian>();
  const first = gaussianOf(job, a, common, cache);
  const second = gaussianOf(job, b, common, cache);
  const sum = first.covariance.map((x, i) => x + second.covariance[i]!);
  const u = first.mean.map((x, i) => x - second.mean[i]!);
  return solveLower(cholesky(sum, common.length)!, common.length, u);
}

function drawsOf({ weights }: CombineJob, a: number, b: number): number {
  return Math.min(weights[a]!.degrees, weights[b]!.degrees);
}
