/**
 * By how much the mean of a consensus is off, to first order in the skewness of the shards.
 *
 * A shard whose posterior has mean μ_s, covariance Σ_s and third cumulants κ_s has the Edgeworth density
 * N(μ_s, Σ_s) exp(h_s), h_s = T(u, u, u)/6 − T(u, Σ_s)/2, T = κ_s with each index multiplied by Σ_s⁻¹, u = θ − μ_s. In
 * the product Π N(μ_s, Σ_s) = N(μ, S) the mean moves by S Σ_s E ∇h_s = S Σ_s ½ T_s : (S + b_s b_sᵀ − Σ_s), b_s = μ − μ_s.
 * Consensus leaves this shift out: its bias is minus that. Note that skewness alone does not make a bias: where the
 * shards' means scatter as independent data make them, b bᵀ is Σ_s − S on average and nothing is left.
 *
 * Source of the expansion: McCullagh (1987), Tensor Methods in Statistics, chapter 5; the product is ours.
 */
import { inverseFactor, solveLower, whitenMatrix } from "../combine/cholesky.ts";
import type { CombineJob } from "../combine/combination.ts";
import { addSandwich } from "../combine/linear-consensus.ts";
import type { PreparedShard } from "../combine/shard-set.ts";

export interface PredictedBias {
  /** Mean of the consensus less that of the product of the shards, in standard deviations of the posterior. */
  readonly bias: Float64Array;
  /** Standard error of that from finitely many draws. */
  readonly error: Float64Array;
  /** Largest |bias| that exceeds three standard errors; 0 when none does. */
  readonly largest: number;
}

/** The bias of `consensus` and `weighted-gaussian`. */
export function predictedBias({ set, product }: CombineJob): PredictedBias {
  const { dim } = set;
  const shift = new Float64Array(dim);
  const covariance = new Float64Array(dim * dim);
  if (set.shards.length > 1) {
    for (const shard of set.shards) addShard(shard, product.mean, product.covariance, shift, covariance);
  }
  const sd = Float64Array.from({ length: dim }, (_, i) => Math.sqrt(product.covariance[i * dim + i]!));
  const bias = shift.map((x, i) => -x / sd[i]!);
  const error = sd.map((x, i) => Math.sqrt(covariance[i * dim + i]!) / x);
  const largest = bias.reduce((most, x, i) => (Math.abs(x) > 3 * error[i]! ? Math.max(most, Math.abs(x)) : most), 0);
  return { bias, error, largest };
}

/** Adds what one shard does to the shift, and to the covariance of its error. */
function addShard(
  shard: PreparedShard,
  mean: Float64Array,
  whole: Float64Array,
  shift: Float64Array,
  covariance: Float64Array,
): void {
  const dim = mean.length;
  const { dim: own, coordinates, factor } = shard;
  const inverse = inverseFactor(factor, own);
  // M = L⁻¹ (S + b bᵀ − Σ) L⁻ᵀ.
  const excess = new Float64Array(own * own);
  for (let i = 0; i < own; i++) {
    const b = mean[coordinates[i]!]! - shard.mean[i]!;
    for (let j = 0; j < own; j++) {
      const at = i * own + j;
      const bb = b * (mean[coordinates[j]!]! - shard.mean[j]!);
      excess[at] = whole[coordinates[i]! * dim + coordinates[j]!]! + bb - shard.covariance[at]!;
    }
  }
  const m = whitenMatrix(excess, factor, own);
  const { average, spread } = thirdMoments(shard, m);
  // A = ½ S Pᵀ L⁻ᵀ.
  const a = new Float64Array(dim * own);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < own; j++) {
      let sum = 0;
      for (let k = 0; k < own; k++) sum += whole[i * dim + coordinates[k]!]! * inverse[j * own + k]!;
      a[i * own + j] = sum / 2;
      shift[i]! += (sum / 2) * average[j]!;
    }
  }
  const size = Math.min(shard.effectiveSize, shard.covarianceSize);
  for (let i = 0; i < spread.length; i++) spread[i]! /= size;
  addSandwich(covariance, a, spread, dim, own);
}

/**
 * Mean over the whitened draws z of z (zᵀ M z), and the covariance of z (zᵀ M z − tr M) − 2 M z: what is left of its noise
 * when z is whitened with its own moments.
 */
function thirdMoments(
  shard: PreparedShard,
  m: Float64Array,
): { readonly average: Float64Array; readonly spread: Float64Array } {
  const { posterior, dim, mean, factor } = shard;
  const { values } = posterior;
  const count = values.length / dim;
  const average = new Float64Array(dim);
  const spread = new Float64Array(dim * dim);
  const z = new Float64Array(dim);
  const r = new Float64Array(dim);
  let trace = 0;
  for (let i = 0; i < dim; i++) trace += m[i * dim + i]!;
  for (let at = 0; at < values.length; at += dim) {
    for (let i = 0; i < dim; i++) z[i] = values[at + i]! - mean[i]!;
    solveLower(factor, dim, z);
    let form = -trace;
    for (let i = 0; i < dim; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += m[i * dim + j]! * z[j]!;
      r[i] = sum;
      form += sum * z[i]!;
    }
    for (let i = 0; i < dim; i++) {
      const x = z[i]! * form - 2 * r[i]!;
      r[i] = x;
      average[i]! += x;
      for (let j = 0; j <= i; j++) spread[i * dim + j]! += x * r[j]!;
    }
  }
  for (let i = 0; i < dim; i++) average[i]! /= count;
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      const x = spread[i * dim + j]! / count - average[i]! * average[j]!;
      spread[i * dim + j] = x;
      spread[j * dim + i] = x;
    }
  }
  return { average, spread };
}
