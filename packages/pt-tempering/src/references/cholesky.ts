/**
 * Lower Cholesky factor of a symmetric matrix, both packed row by row as lower triangles of d(d + 1)/2 numbers, or
 * `undefined` when the matrix is not positive definite to rounding.
 */
export function cholesky(matrix: ArrayLike<number>, dim: number): Float64Array | undefined {
  const factor = new Float64Array((dim * (dim + 1)) / 2);
  for (let i = 0; i < dim; i++) {
    const row = (i * (i + 1)) / 2;
    for (let j = 0; j <= i; j++) {
      const other = (j * (j + 1)) / 2;
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      if (i !== j) factor[row + j] = sum / factor[other + j]!;
      else if (sum > 1e-14 * Math.abs(matrix[row + i]!) && sum < Infinity) factor[row + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/** Writes L z for a packed factor; `out` may be `z`. */
export function timesFactor(factor: Float64Array, z: Float64Array, out: Float64Array): void {
  for (let i = z.length - 1; i >= 0; i--) {
    const row = (i * (i + 1)) / 2;
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[row + j]! * z[j]!;
    out[i] = sum;
  }
}

/** Solves L z = b in place of b. */
export function solveFactor(factor: Float64Array, b: Float64Array): void {
  for (let i = 0, at = 0; i < b.length; i++) {
    let sum = b[i]!;
    for (let j = 0; j < i; j++, at++) sum -= factor[at]! * b[j]!;
    b[i] = sum / factor[at++]!;
  }
}

/** Solves Lᵀ z = b in place of b. */
export function solveTransposed(factor: Float64Array, b: Float64Array): void {
  for (let i = b.length - 1; i >= 0; i--) {
    const row = (i * (i + 1)) / 2;
    const z = b[i]! / factor[row + i]!;
    b[i] = z;
    for (let j = 0; j < i; j++) b[j] = b[j]! - factor[row + j]! * z;
  }
}

/** Writes Lᵀ z for a packed factor; `out` may be `z`. */
export function timesTransposed(factor: Float64Array, z: Float64Array, out: Float64Array): void {
  const dim = z.length;
  for (let j = 0; j < dim; j++) {
    let sum = 0;
    for (let i = j; i < dim; i++) sum += factor[(i * (i + 1)) / 2 + j]! * z[i]!;
    out[j] = sum;
  }
}
