/**
 * Cholesky factorisation with complete pivoting of a positive semidefinite matrix.
 *
 * Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 10.3. The matrix is first
 * scaled to a unit diagonal, so that the rank decision does not depend on the units of the parameters.
 */

/** RᵀR = A in the columns of A: R[k, order[k]] is the pivot of step k and R[k, order[j]] = 0 for j < k. */
export interface PivotedCholesky {
  /** R, row-major, n × n; only the first `rank` rows are set. */
  readonly factor: Float64Array;
  /** Pivots in the order taken. */
  readonly order: Int32Array;
  /** Number of pivots above the rounding level n ε. */
  readonly rank: number;
  /**
   * Largest remaining entry in absolute value when the pivots were used up, relative to the unit diagonal.
   * Of order ε for a semidefinite matrix; larger means that A is indefinite.
   */
  readonly remainder: number;
}

/** Factorises A (row-major, n × n, symmetric; the upper triangle is read). A itself is left as it is. */
export function pivotedCholesky(a: Float64Array, n: number): PivotedCholesky {
  const scale = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j]!;
    scale[j] = diagonal > 0 ? Math.sqrt(diagonal) : 0;
  }
  const work = scaledCopy(a, n, scale);
  const factor = new Float64Array(n * n);
  const order = Int32Array.from({ length: n }, (_, j) => j);
  let rank = 0;
  while (rank < n) {
    let pivot = rank;
    for (let j = rank + 1; j < n; j++) {
      if (work[order[j]! * (n + 1)]! > work[order[pivot]! * (n + 1)]!) pivot = j;
    }
    const chosen = order[pivot]!;
    if (!(work[chosen * (n + 1)]! > n * Number.EPSILON)) break;
    order[pivot] = order[rank]!;
    order[rank] = chosen;
    eliminate(work, n, order, rank, factor);
    rank++;
  }
  let remainder = 0;
  for (let i = rank; i < n; i++) {
    for (let j = rank; j < n; j++) remainder = Math.max(remainder, Math.abs(work[order[i]! * n + order[j]!]!));
  }
  for (let k = 0; k < rank; k++) for (let j = 0; j < n; j++) factor[k * n + j]! *= scale[j]!;
  return { factor, order, rank, remainder };
}

/** Unit-diagonal copy; rows and columns whose diagonal is not positive become 0 but keep a sign of trouble on it. */
function scaledCopy(a: Float64Array, n: number, scale: Float64Array): Float64Array {
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const product = scale[i]! * scale[j]!;
      const value = product > 0 ? a[i * n + j]! / scale[i]! / scale[j]! : 0;
      work[i * n + j] = value;
      work[j * n + i] = value;
    }
    if (a[i * n + i]! < 0) work[i * n + i] = -1;
  }
  return work;
}

function eliminate(work: Float64Array, n: number, order: Int32Array, k: number, factor: Float64Array): void {
  const pivot = order[k]!;
  const root = Math.sqrt(work[pivot * n + pivot]!);
  factor[k * n + pivot] = root;
  for (let j = k + 1; j < n; j++) factor[k * n + order[j]!] = work[pivot * n + order[j]!]! / root;
  for (let i = k + 1; i < n; i++) {
    const row = order[i]!;
    const multiplier = factor[k * n + row]!;
    for (let j = i; j < n; j++) {
      const column = order[j]!;
      const value = work[row * n + column]! - multiplier * factor[k * n + column]!;
      work[row * n + column] = value;
      work[column * n + row] = value;
    }
  }
}

/**
 * Solves Rᵀz = g for the first `rank` entries of z, in the order of the pivots: with A = JᵀJ and g = Jᵀr,
 * z plays the part of Qᵀr.
 */
export function forwardSubstitute(cholesky: PivotedCholesky, g: Float64Array): Float64Array {
  const { factor, order, rank } = cholesky;
  const n = order.length;
  const z = new Float64Array(rank);
  for (let k = 0; k < rank; k++) {
    const column = order[k]!;
    let sum = g[column]!;
    for (let i = 0; i < k; i++) sum -= factor[i * n + column]! * z[i]!;
    z[k] = sum / factor[k * n + column]!;
  }
  return z;
}
