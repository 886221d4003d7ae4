/** Lower factor L of a positive definite matrix, L Lᵀ; row-major. `undefined` for a matrix that is not positive definite. */
function cholesky(matrix: Float64Array, dim: number): Float64Array | undefined {
  const lower = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * dim + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * dim + k]! * lower[j * dim + k]!;
      if (i !== j) lower[i * dim + j] = sum / lower[j * dim + j]!;
      else if (sum > 0) lower[i * dim + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** Moments of draws. */
export interface Moments {
  readonly mean: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
}

/**
 * Draws moved so that moments `from` become moments `to`: x ↦ m' + L' L⁻¹ (x − m), with the lower factors of the covariances.
 * Their shape stays what it is.
 *
 * @param values row-major (draw, coordinate).
 * @returns `undefined` when a covariance is not positive definite.
 */
export function affineMove(values: Float64Array, from: Moments, to: Moments): Float64Array | undefined {
  const dim = from.mean.length;
  const [inner, outer] = [cholesky(from.covariance, dim), cholesky(to.covariance, dim)];
  if (inner === undefined || outer === undefined) return undefined;
  const moved = new Float64Array(values.length);
  const z = new Float64Array(dim);
  for (let at = 0; at < values.length; at += dim) {
    for (let i = 0; i < dim; i++) {
      let sum = values[at + i]! - from.mean[i]!;
      for (let k = 0; k < i; k++) sum -= inner[i * dim + k]! * z[k]!;
      z[i] = sum / inner[i * dim + i]!;
    }
    for (let i = 0; i < dim; i++) {
      let sum = to.mean[i]!;
      for (let k = 0; k <= i; k++) sum += outer[i * dim + k]! * z[k]!;
      moved[at + i] = sum;
    }
  }
  return moved;
}
