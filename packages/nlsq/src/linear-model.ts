/**
 * The residuals linearised at a point, reduced to a triangle: with J = QR and z = Qᵀr, the local model of the cost is
 * ½‖z + Rp‖² + constant. R comes from J itself, or from JᵀJ when that is all there is; the solvers need not know which.
 */
import { columnNorm, householderQr } from "./householder-qr.ts";
import { jacobiSvd, type Spectrum } from "./jacobi-svd.ts";
import { forwardSubstitute, pivotedCholesky } from "./pivoted-cholesky.ts";

export interface LinearModel {
  /** n, free parameters. */
  readonly columns: number;
  /** Rows of R: min(m, n), or the rank of JᵀJ. */
  readonly rows: number;
  /** R, row-major rows × columns. */
  readonly factor: Float64Array;
  /** z, length rows. */
  readonly projected: Float64Array;
  /** Jᵀr, the gradient of the cost, length n. */
  readonly gradient: Float64Array;
  /** Euclidean norms of the columns of J, length n. */
  readonly columnNorms: Float64Array;
}

/**
 * Model from residuals and Jacobian; both are destroyed. `undefined` when J has an entry that is not finite.
 *
 * @param jacobian row-major, m × n.
 */
export function modelFromJacobian(residuals: Float64Array, jacobian: Float64Array, n: number): LinearModel | undefined {
  const m = residuals.length;
  const gradient = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    const residual = residuals[i]!;
    for (let j = 0; j < n; j++) gradient[j]! += residual * jacobian[i * n + j]!;
  }
  const columnNorms = Float64Array.from({ length: n }, (_, j) => columnNorm(jacobian, m, n, j));
  if (!columnNorms.every(Number.isFinite) || !gradient.every(Number.isFinite)) return undefined;
  householderQr(jacobian, m, n, residuals);
  const rows = Math.min(m, n);
  return {
    columns: n,
    rows,
    factor: jacobian.slice(0, rows * n),
    projected: residuals.slice(0, rows),
    gradient,
    columnNorms,
  };
}

/**
 * Model from JᵀJ (row-major n × n) and the gradient. `undefined` when an entry is not finite.
 *
 * Parameters without effect at this point may leave nothing but rounding in their rows, which then count as zero.
 */
export function modelFromNormalEquations(jtj: Float64Array, gradient: Float64Array): LinearModel | undefined {
  const n = gradient.length;
  if (!jtj.every(Number.isFinite) || !gradient.every(Number.isFinite)) return undefined;
  const cholesky = pivotedCholesky(jtj, n);
  return {
    columns: n,
    rows: cholesky.rank,
    factor: cholesky.factor.slice(0, cholesky.rank * n),
    projected: forwardSubstitute(cholesky, gradient),
    gradient: gradient.slice(),
    columnNorms: Float64Array.from({ length: n }, (_, j) => Math.sqrt(Math.max(0, jtj[j * n + j]!))),
  };
}

/**
 * Spectrum of the model in scaled variables p̂ = p/d: singular values of R·diag(d), with the rows diag(√diagonal)
 * beneath it when a diagonal is given.
 */
export function scaledSpectrum(model: LinearModel, d: Float64Array, diagonal?: Float64Array): Spectrum {
  const { rows, columns, factor, projected } = model;
  const height = rows + (diagonal ? columns : 0);
  const matrix = new Float64Array(height * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix[i * columns + j] = factor[i * columns + j]! * d[j]!;
  }
  if (diagonal) for (let j = 0; j < columns; j++) matrix[(rows + j) * columns + j] = Math.sqrt(diagonal[j]!);
  const right = new Float64Array(height);
  right.set(projected);
  return jacobiSvd(matrix, height, columns, right);
}

/** aᵀJᵀJb. */
export function innerProduct(model: LinearModel, a: Float64Array, b: Float64Array): number {
  const { rows, columns, factor } = model;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let ra = 0;
    let rb = 0;
    for (let j = 0; j < columns; j++) {
      ra += factor[i * columns + j]! * a[j]!;
      rb += factor[i * columns + j]! * b[j]!;
    }
    total += ra * rb;
  }
  return total;
}
