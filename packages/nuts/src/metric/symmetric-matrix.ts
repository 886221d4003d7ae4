/** The symmetric matrix, row-major, with these entries for i ≥ j. */
export function symmetricMatrix(dim: number, entry: (i: number, j: number) => number): Float64Array {
  const matrix = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) matrix[i * dim + j] = matrix[j * dim + i] = entry(i, j);
  }
  return matrix;
}
