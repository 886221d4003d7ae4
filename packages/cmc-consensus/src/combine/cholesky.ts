/** Dense linear algebra for a few dozen coordinates: matrices are row-major (dim, dim), factors lower triangular. */

/**
 * Lower Cholesky factor, row-major with zeros above the diagonal, or `undefined` when the matrix is not positive
 * definite to rounding. The units of the coordinates play no role in that.
 * @param matrix symmetric; the lower triangle is read.
 */
export function cholesky(matrix: Float64Array, dim: number): Float64Array | undefined {
  const factor = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * dim + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * dim + k]! * factor[j * dim + k]!;
      if (i !== j) factor[i * dim + j] = sum / factor[j * dim + j]!;
      else if (sum > 1e-14 * Math.abs(matrix[i * dim + i]!) && sum < Infinity) factor[i * dim + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/** Replaces v by L⁻¹ v; gives |L⁻¹ v|². */
export function solveLower(factor: Float64Array, dim: number, v: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < dim; i++) {
    let sum = v[i]!;
    const row = i * dim;
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * v[k]!;
    const x = sum / factor[row + i]!;
    v[i] = x;
    squares += x * x;
  }
  return squares;
}

/** Replaces v by L⁻ᵀ v. */
export function solveUpper(factor: Float64Array, dim: number, v: Float64Array): void {
  for (let i = dim - 1; i >= 0; i--) {
    let sum = v[i]!;
    for (let k = i + 1; k < dim; k++) sum -= factor[k * dim + i]! * v[k]!;
    v[i] = sum / factor[i * dim + i]!;
  }
}

/** L v, into `out`. */
export function timesLower(factor: Float64Array, dim: number, v: Float64Array, out: Float64Array): void {
  for (let i = 0; i < dim; i++) {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += factor[i * dim + k]! * v[k]!;
    out[i] = sum;
  }
}

/** The inverse of the matrix with factor L, symmetric to the last bit. */
export function inverseOf(factor: Float64Array, dim: number): Float64Array {
  const inverse = new Float64Array(dim * dim);
  const column = new Float64Array(dim);
  for (let j = 0; j < dim; j++) {
    column.fill(0);
    column[j] = 1;
    solveLower(factor, dim, column);
    solveUpper(factor, dim, column);
    for (let i = j; i < dim; i++) {
      inverse[i * dim + j] = column[i]!;
      inverse[j * dim + i] = column[i]!;
    }
  }
  return inverse;
}

/** Logarithm of the determinant of the matrix with factor L. */
export function logDeterminant(factor: Float64Array, dim: number): number {
  let sum = 0;
  for (let i = 0; i < dim; i++) sum += Math.log(factor[i * dim + i]!);
  return 2 * sum;
}

/** A B, both (dim, dim). */
export function product(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < dim; k++) {
      const x = a[i * dim + k]!;
      if (x === 0) continue;
      for (let j = 0; j < dim; j++) out[i * dim + j]! += x * b[k * dim + j]!;
    }
  }
  return out;
}

/** Trace of A B for symmetric A and B. */
export function traceOfProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Rows and columns `chosen` of a symmetric matrix: the block of some coordinates. */
export function block(matrix: Float64Array, dim: number, chosen: ArrayLike<number>): Float64Array {
  const size = chosen.length;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[i * size + j] = matrix[chosen[i]! * dim + chosen[j]!]!;
  }
  return out;
}

/** L⁻¹, lower triangular. */
export function inverseFactor(factor: Float64Array, dim: number): Float64Array {
  const inverse = new Float64Array(dim * dim);
  const column = new Float64Array(dim);
  for (let j = 0; j < dim; j++) {
    column.fill(0);
    column[j] = 1;
    solveLower(factor, dim, column);
    for (let i = j; i < dim; i++) inverse[i * dim + j] = column[i]!;
  }
  return inverse;
}

/** Aᵀ. */
export function transpose(matrix: Float64Array, dim: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % dim) * dim + Math.floor(at / dim)]!);
}

/** L⁻¹ C L⁻ᵀ. */
export function whitenMatrix(matrix: Float64Array, factor: Float64Array, dim: number): Float64Array {
  const inverse = inverseFactor(factor, dim);
  return product(product(inverse, matrix, dim), transpose(inverse, dim), dim);
}
