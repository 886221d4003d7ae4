/**
 * Consensus of draws: draw g of the whole is (Σ Pᵀ W P)⁻¹ Σ Pᵀ W θ_{s,g}, so that chains stay chains, correlations stay
 * and some of the shape of the shards' posteriors does too.
 *
 * Source: Scott et al. (2016), 10.1080/17509653.2016.1142191, section 3.1. Where shards sample only some coordinates the
 * others have precision zero, which is exact for Gaussians.
 *
 * Deviation: weights from the same draws make the spread of the combined draws too small, by (n − p − 2)/(n − 1) when
 * nothing was shared between shards. Deviations from the mean are multiplied by one number that undoes it.
 */
import { cholesky, inverseOf, traceOfProduct } from "./cholesky.ts";
import type { PrecisionWeight } from "./precision-weights.ts";
import { type ProductGaussian, requireInformed, shareOf } from "./product-gaussian.ts";
import type { PreparedShard, ShardSet } from "./shard-set.ts";

/** How deviations of every shard's draws from its mean make a deviation of the whole from its mean. */
export interface LinearRule {
  readonly mean: Float64Array;
  /** For every shard a matrix, row-major (dim, shard's dim). */
  readonly shares: readonly Float64Array[];
}

/** Changes the deviation of a draw from its shard's mean, in place. */
export type DeviationFilter = (deviation: Float64Array, index: number) => void;

/** Weights by precision; deviations scaled so that their covariance is that of the product. */
export function precisionRule(
  set: ShardSet,
  weights: readonly PrecisionWeight[],
  product: ProductGaussian,
): LinearRule {
  const { dim } = set;
  const shares = set.shards.map((shard, s) => shareOf(product.covariance, dim, shard, weights[s]!.precision));
  // √(tr(C⁻¹ S) / p): S is the covariance that the precisions give, C the one that the weighted draws have, cross terms
  // between shards aside.
  const spread = new Float64Array(dim * dim);
  set.shards.forEach((shard, s) => {
    addSandwich(spread, shares[s]!, shard.covariance, dim, shard.dim);
  });
  const inverse = inverseOf(cholesky(spread, dim)!, dim);
  const scale = Math.sqrt(traceOfProduct(inverse, product.covariance) / dim);
  for (const share of shares) for (let i = 0; i < share.length; i++) share[i]! *= scale;
  return { mean: product.mean, shares };
}

/** Equal weights of the shards that have a coordinate. */
export function averageRule(set: ShardSet): LinearRule {
  requireInformed(set);
  const { dim } = set;
  const count = new Float64Array(dim);
  for (const shard of set.shards) for (const coordinate of shard.coordinates) count[coordinate]! += 1;
  const mean = new Float64Array(dim);
  const shares = set.shards.map((shard) => {
    const share = new Float64Array(dim * shard.dim);
    shard.coordinates.forEach((coordinate, i) => {
      share[coordinate * shard.dim + i] = 1 / count[coordinate]!;
      mean[coordinate]! += shard.mean[i]! / count[coordinate]!;
    });
    return share;
  });
  return { mean, shares };
}

/**
 * Combined draws, row-major (chain, draw, coordinate).
 * @param draws per chain, at most those of every shard; fewer are taken evenly spaced.
 * @param options.means of the shards, about which deviations are taken; default those of their draws.
 */
export function combineDraws(
  set: ShardSet,
  rule: LinearRule,
  draws: number,
  options: { readonly filter?: DeviationFilter | undefined; readonly means?: readonly Float64Array[] | undefined } = {},
): Float64Array {
  const { dim, chains } = set;
  const values = new Float64Array(chains * draws * dim);
  for (let at = 0; at < values.length; at += dim) values.set(rule.mean, at);
  set.shards.forEach((shard, s) => {
    const deviation = new Float64Array(shard.dim);
    const mean = options.means?.[s] ?? shard.mean;
    for (let chain = 0; chain < chains; chain++) {
      for (let draw = 0; draw < draws; draw++) {
        deviationOf(shard, mean, chain, thinned(draw, draws, set.draws), deviation);
        options.filter?.(deviation, s);
        addShare(values, (chain * draws + draw) * dim, dim, rule.shares[s]!, deviation);
      }
    }
  });
  return values;
}

function deviationOf(shard: PreparedShard, mean: Float64Array, chain: number, draw: number, out: Float64Array): void {
  const { values, draws } = shard.posterior;
  const at = (chain * draws + draw) * shard.dim;
  for (let j = 0; j < out.length; j++) out[j] = values[at + j]! - mean[j]!;
}

/** Adds A u to the draw that begins at `at`. */
export function addShare(values: Float64Array, at: number, dim: number, share: Float64Array, u: Float64Array): void {
  const own = u.length;
  for (let i = 0; i < dim; i++) {
    let sum = 0;
    const row = i * own;
    for (let j = 0; j < own; j++) sum += share[row + j]! * u[j]!;
    values[at + i]! += sum;
  }
}

/** Which of `available` draws is number `draw` of `draws` evenly spaced ones. */
export function thinned(draw: number, draws: number, available: number): number {
  return Math.floor((draw * available) / draws);
}

/** Adds A C Aᵀ, A of (dim, own), to a matrix. */
export function addSandwich(out: Float64Array, a: Float64Array, c: Float64Array, dim: number, own: number): void {
  const left = new Float64Array(dim * own);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < own; k++) {
      const x = a[i * own + k]!;
      for (let j = 0; j < own; j++) left[i * own + j]! += x * c[k * own + j]!;
    }
  }
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) {
      let sum = 0;
      for (let k = 0; k < own; k++) sum += left[i * own + k]! * a[j * own + k]!;
      out[i * dim + j]! += sum;
    }
  }
}
