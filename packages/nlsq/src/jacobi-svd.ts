/**
 * Singular value decomposition of a least-squares problem by one-sided Jacobi rotations.
 *
 * Sources: Hestenes (1958); Demmel & Veselić (1992), SIAM J. Matrix Anal. Appl. 13, 1204; Drmač & Veselić (2008),
 * SIAM J. Matrix Anal. Appl. 29, 1322 (pivoted QR first, rotations on the transposed triangle). Small singular values
 * of a matrix whose columns are badly scaled keep their digits, which bidiagonalisation does not grant. Applied to the
 * Cholesky factor of JᵀJ it is the symmetric eigendecomposition of Veselić & Hari (1989): eigenvalues s², vectors V.
 */
import { pivotedQr } from "./householder-qr.ts";

/** A = U diag(s) Vᵀ, with U known only through Uᵀb. */
export interface Spectrum {
  /** Columns of A. */
  readonly columns: number;
  /** Singular values, descending, min(rows, columns) of them. */
  readonly values: Float64Array;
  /** Right singular vectors: entry j of vector i at [i * columns + j]; zeros where the singular value is 0. */
  readonly vectors: Float64Array;
  /** Uᵀb, one entry per singular value. */
  readonly projected: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * Decomposes A and projects b.
 *
 * @param a row-major, rows × columns; destroyed.
 * @param b length rows; destroyed.
 */
export function jacobiSvd(a: Float64Array, rows: number, columns: number, b: Float64Array): Spectrum {
  const scale = largestEntry(a);
  if (scale > 0) for (let i = 0; i < a.length; i++) a[i]! /= scale;
  const order = pivotedQr(a, rows, columns, b);
  const count = Math.min(rows, columns);
  // X = Rᵀ: column i of X is row i of the triangle, contiguous in memory as it stands.
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) if (!rotateAllPairs(a, columns, count, b)) break;
  const norms = Float64Array.from({ length: count }, (_, i) => rowNorm(a, columns, i));
  const ranking = Array.from({ length: count }, (_, i) => i).sort((p, q) => norms[q]! - norms[p]! || p - q);
  const values = new Float64Array(count);
  const projected = new Float64Array(count);
  const vectors = new Float64Array(count * columns);
  ranking.forEach((from, to) => {
    const norm = norms[from]!;
    values[to] = norm * scale;
    projected[to] = b[from]!;
    if (norm > 0) for (let j = 0; j < columns; j++) vectors[to * columns + order[j]!] = a[from * columns + j]! / norm;
  });
  return { columns, values, vectors, projected };
}

function largestEntry(a: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]!));
  return largest;
}

function rowNorm(a: Float64Array, columns: number, row: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += a[row * columns + j]! ** 2;
  return Math.sqrt(sum);
}

/** One sweep over all pairs of rows; says whether any pair was rotated. The rotations go to b as well: b becomes Uᵀb. */
function rotateAllPairs(a: Float64Array, columns: number, count: number, b: Float64Array): boolean {
  let rotated = false;
  for (let p = 0; p < count - 1; p++) {
    for (let q = p + 1; q < count; q++) if (rotatePair(a, columns, p * columns, q * columns, b, p, q)) rotated = true;
  }
  return rotated;
}

function rotatePair(
  a: Float64Array,
  columns: number,
  rowP: number,
  rowQ: number,
  b: Float64Array,
  p: number,
  q: number,
): boolean {
  let pp = 0;
  let qq = 0;
  let pq = 0;
  for (let j = 0; j < columns; j++) {
    const x = a[rowP + j]!;
    const y = a[rowQ + j]!;
    pp += x * x;
    qq += y * y;
    pq += x * y;
  }
  if (pp === 0 || qq === 0 || Math.abs(pq) <= 2 * Number.EPSILON * Math.sqrt(pp) * Math.sqrt(qq)) return false;
  const zeta = (qq - pp) / (2 * pq);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let j = 0; j < columns; j++) {
    const x = a[rowP + j]!;
    const y = a[rowQ + j]!;
    a[rowP + j] = cosine * x - sine * y;
    a[rowQ + j] = sine * x + cosine * y;
  }
  const x = b[p]!;
  const y = b[q]!;
  b[p] = cosine * x - sine * y;
  b[q] = sine * x + cosine * y;
  return true;
}
