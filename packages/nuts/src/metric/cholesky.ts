/**
 * The factor of diag(scale) C diag(scale) from the matrix C, or `undefined` as below: units of the coordinates play no
 * role in whether it is positive definite.
 */
export function scaledCholesky(matrix: Float64Array, scale: ArrayLike<number>): Float64Array | undefined {
  const dim = scale.length;
  const factor = cholesky(matrix, dim);
  if (!factor) return undefined;
  for (let i = 0, at = 0; i < dim; i++) for (let j = 0; j <= i; j++, at++) factor[at] = factor[at]! * scale[i]!;
  return factor;
}

/**
 * Lower Cholesky factor of a symmetric matrix, packed row by row (d(d + 1)/2 numbers), or `undefined` when the matrix
 * is not positive definite to rounding.
 * @param matrix row-major, (dim, dim); the lower triangle is read.
 */
export function cholesky(matrix: Float64Array, dim: number): Float64Array | undefined {
  const factor = new Float64Array((dim * (dim + 1)) / 2);
  for (let i = 0; i < dim; i++) {
    const row = (i * (i + 1)) / 2;
    for (let j = 0; j <= i; j++) {
      const other = (j * (j + 1)) / 2;
      let sum = matrix[i * dim + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      if (i !== j) factor[row + j] = sum / factor[other + j]!;
      else if (sum > 1e-14 * Math.abs(matrix[i * dim + i]!) && sum < Infinity) factor[row + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}
