export interface SymmetricEigen {
  /** Not sorted. */
  readonly values: Float64Array;
  /** Row-major; eigenvector k is row k. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix
 * Computations, §8.5), which are accurate for small eigenvalues too. O(d³) per sweep, about eight sweeps.
 * @param matrix row-major, (dim, dim); not changed.
 */
export function symmetricEigen(matrix: Float64Array, dim: number): SymmetricEigen {
  const a = matrix.slice();
  const vectors = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) vectors[i * dim + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotations = 0;
    for (let p = 0; p < dim - 1; p++) {
      for (let q = p + 1; q < dim; q++) {
        const off = a[p * dim + q]!;
        const limit = 1e-16 * Math.sqrt(Math.abs(a[p * dim + p]! * a[q * dim + q]!));
        if (!(Math.abs(off) > limit)) continue;
        rotations++;
        rotate(a, vectors, dim, p, q, off);
      }
    }
    if (rotations === 0) break;
  }
  const values = Float64Array.from({ length: dim }, (_, i) => a[i * dim + i]!);
  return { values, vectors };
}

/** One rotation of rows and columns p and q that makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, dim: number, p: number, q: number, off: number): void {
  const theta = (a[q * dim + q]! - a[p * dim + p]!) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < dim; k++) {
    const x = a[k * dim + p]!;
    const y = a[k * dim + q]!;
    a[k * dim + p] = c * x - s * y;
    a[k * dim + q] = s * x + c * y;
  }
  for (let k = 0; k < dim; k++) {
    const x = a[p * dim + k]!;
    const y = a[q * dim + k]!;
    a[p * dim + k] = c * x - s * y;
    a[q * dim + k] = s * x + c * y;
    const v = vectors[p * dim + k]!;
    const w = vectors[q * dim + k]!;
    vectors[p * dim + k] = c * v - s * w;
    vectors[q * dim + k] = s * v + c * w;
  }
  a[p * dim + q] = 0;
  a[q * dim + p] = 0;
}
