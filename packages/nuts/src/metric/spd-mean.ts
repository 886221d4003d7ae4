import { symmetricEigen } from "./symmetric-eigen.ts";
import { symmetricMatrix } from "./symmetric-matrix.ts";

/**
 * The matrix M with M B M = A for symmetric positive definite A and B: the geometric mean of A and B⁻¹, M = B^(−1/2)
 * (B^(1/2) A B^(1/2))^(1/2) B^(−1/2). With the covariances of positions (A) and of gradients (B) it minimises the
 * Fisher divergence between the transformed density and a standard normal one (Seyboldt, Carlson & Carpenter 2026,
 * arXiv 2603.18845). All row-major, (dim, dim).
 */
export function spdMean(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const ofB = symmetricEigen(b, dim);
  const root = fromEigen(ofB.vectors, ofB.values.map(Math.sqrt), dim);
  const inverseRoot = fromEigen(
    ofB.vectors,
    ofB.values.map((value) => 1 / Math.sqrt(value)),
    dim,
  );
  const inner = symmetricEigen(product(product(root, a, dim), root, dim), dim);
  const innerRoot = fromEigen(
    inner.vectors,
    inner.values.map((value) => Math.sqrt(Math.max(0, value))),
    dim,
  );
  return symmetrised(product(product(inverseRoot, innerRoot, dim), inverseRoot, dim), dim);
}

/** Σ value_k v_k v_kᵀ. */
export function fromEigen(vectors: Float64Array, values: Float64Array, dim: number): Float64Array {
  const matrix = new Float64Array(dim * dim);
  for (let k = 0; k < values.length; k++) {
    for (let i = 0; i < dim; i++) {
      const weight = values[k]! * vectors[k * dim + i]!;
      for (let j = 0; j < dim; j++) matrix[i * dim + j] = matrix[i * dim + j]! + weight * vectors[k * dim + j]!;
    }
  }
  return matrix;
}

function product(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const c = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < dim; k++) {
      const weight = a[i * dim + k]!;
      for (let j = 0; j < dim; j++) c[i * dim + j] = c[i * dim + j]! + weight * b[k * dim + j]!;
    }
  }
  return c;
}

function symmetrised(matrix: Float64Array, dim: number): Float64Array {
  return symmetricMatrix(dim, (i, j) => 0.5 * (matrix[i * dim + j]! + matrix[j * dim + i]!));
}
