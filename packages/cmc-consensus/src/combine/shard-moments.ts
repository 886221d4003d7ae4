/**
 * Mean and covariance of one shard's draws, and how many independent draws they are worth.
 *
 * Effective sizes are from batch means of √n draws (Flegal & Jones 2010, 10.1214/09-AOS735), with all coordinates at
 * once: n p / tr(Σ⁻¹ Λ), Λ the covariance of batch means times the batch length. That does not depend on the units or
 * the directions of the coordinates (compare Vats, Flegal & Jones 2019, 10.1093/biomet/asz002) and costs one pass.
 */
import type { ShardPosterior } from "../shard-posterior.ts";
import { cholesky, inverseOf, solveLower, traceOfProduct } from "./cholesky.ts";
import { ShardDrawsError } from "./combine-errors.ts";

export interface ShardMoments {
  /** Mean of the draws, over the shard's own coordinates. */
  readonly mean: Float64Array;
  /** Unbiased covariance, row-major. */
  readonly covariance: Float64Array;
  /** Its lower Cholesky factor. */
  readonly factor: Float64Array;
  /** Number of independent draws whose mean would be as exact. */
  readonly effectiveSize: number;
  /** Number of independent draws whose covariance would be as exact; never above the number of draws. */
  readonly covarianceSize: number;
  /** Mean of |z|⁴ of the whitened draws z; p (p + 2) for a Gaussian. */
  readonly fourthMoment: number;
}

/**
 * Moments of a shard.
 * @param labels names of the shard's own coordinates, for messages.
 * @throws {ShardDrawsError} for a draw that is not finite, or draws that do not spread in every direction.
 */
export function shardMoments(posterior: ShardPosterior, dim: number, labels: (own: number) => string): ShardMoments {
  const { values, chains, draws } = posterior;
  const count = chains * draws;
  const mean = meanOfDraws(posterior, dim, labels);
  const covariance = new Float64Array(dim * dim);
  const ofBatchMeans = new Float64Array(dim * dim);
  const length = Math.max(1, Math.floor(Math.sqrt(draws)));
  const batches = Math.floor(draws / length);
  const u = new Float64Array(dim);
  const batch = new Float64Array(dim);
  for (let chain = 0; chain < chains; chain++) {
    batch.fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const at = (chain * draws + draw) * dim;
      for (let i = 0; i < dim; i++) {
        const x = values[at + i]! - mean[i]!;
        u[i] = x;
        batch[i]! += x;
        const row = i * dim;
        for (let j = 0; j <= i; j++) covariance[row + j]! += x * u[j]!;
      }
      if ((draw + 1) % length !== 0) continue;
      addOuter(ofBatchMeans, batch, dim);
      batch.fill(0);
    }
  }
  scaleAndMirror(covariance, dim, 1 / (count - 1));
  // Sums of `length` draws: Σ s sᵀ / (batches · length) estimates length · Var(batch mean).
  scaleAndMirror(ofBatchMeans, dim, 1 / Math.max(1, (chains * batches - 1) * length));
  const factor = cholesky(covariance, dim);
  if (!factor) throw degenerate(posterior, covariance, dim, labels);
  const inflation = traceOfProduct(inverseOf(factor, dim), ofBatchMeans) / dim;
  const radii = radiusStatistics(posterior, dim, mean, factor, length);
  return {
    mean,
    covariance,
    factor,
    effectiveSize: count / Math.max(inflation, 1 / Math.log10(count + 10)),
    covarianceSize: count / Math.max(1, radii.inflation),
    fourthMoment: radii.fourthMoment,
  };
}

function meanOfDraws(posterior: ShardPosterior, dim: number, labels: (own: number) => string): Float64Array {
  const { values, chains, draws, shard } = posterior;
  const count = chains * draws;
  // Relative to the first draw: a large offset eats no digits, and draws that are all the same have no spread by rounding.
  const mean = new Float64Array(dim);
  for (let n = 0, at = 0; n < count; n++) for (let i = 0; i < dim; i++, at++) mean[i]! += values[at]! - values[i]!;
  for (let i = 0; i < dim; i++) mean[i] = values[i]! + mean[i]! / count;
  if (!mean.every(Number.isFinite)) {
    const at = values.findIndex((x) => !Number.isFinite(x));
    if (at < 0) throw new ShardDrawsError(shard, "its draws are so large that their mean overflows");
    const n = Math.floor(at / dim);
    const place = { chain: Math.floor(n / draws), draw: n % draws };
    throw new ShardDrawsError(
      shard,
      `draw ${place.draw} of chain ${place.chain} has ${values[at]} for ${labels(at % dim)}`,
      { ...place, coordinate: posterior.coordinates?.[at % dim] ?? at % dim },
    );
  }
  return mean;
}

/** Mean of |z|⁴, and by how much batch means of |z|² vary more than those of independent draws would. */
function radiusStatistics(
  posterior: ShardPosterior,
  dim: number,
  mean: Float64Array,
  factor: Float64Array,
  length: number,
): { readonly fourthMoment: number; readonly inflation: number } {
  const { values, chains, draws } = posterior;
  const count = chains * draws;
  // The mean of |z|² is known: p (n − 1) / n.
  const centre = (dim * (count - 1)) / count;
  const z = new Float64Array(dim);
  let squares = 0;
  let batchSquares = 0;
  for (let chain = 0; chain < chains; chain++) {
    let batch = 0;
    for (let draw = 0; draw < draws; draw++) {
      const at = (chain * draws + draw) * dim;
      for (let i = 0; i < dim; i++) z[i] = values[at + i]! - mean[i]!;
      const q = solveLower(factor, dim, z) - centre;
      squares += q * q;
      batch += q;
      if ((draw + 1) % length !== 0) continue;
      batchSquares += batch * batch;
      batch = 0;
    }
  }
  const batches = Math.floor(draws / length) * chains;
  const variance = squares / count;
  return {
    fourthMoment: variance + centre * centre,
    inflation: batches > 1 && variance > 0 ? batchSquares / ((batches - 1) * length) / variance : 1,
  };
}

function addOuter(matrix: Float64Array, v: Float64Array, dim: number): void {
  for (let i = 0; i < dim; i++) for (let j = 0; j <= i; j++) matrix[i * dim + j]! += v[i]! * v[j]!;
}

/** Multiplies the lower triangle by a factor and copies it to the upper one. */
function scaleAndMirror(matrix: Float64Array, dim: number, scale: number): void {
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * dim + j]! *= scale;
      matrix[j * dim + i] = matrix[i * dim + j]!;
    }
  }
}

function degenerate(
  posterior: ShardPosterior,
  covariance: Float64Array,
  dim: number,
  labels: (own: number) => string,
): ShardDrawsError {
  for (let i = 0; i < dim; i++) {
    if (!(covariance[i * dim + i]! > 0)) {
      const coordinate = posterior.coordinates?.[i] ?? i;
      return new ShardDrawsError(posterior.shard, `all draws of ${labels(i)} are the same`, { coordinate });
    }
  }
  return new ShardDrawsError(
    posterior.shard,
    `its draws lie in fewer than ${dim} dimensions: a coordinate is determined by the others, or chains were stuck`,
  );
}
