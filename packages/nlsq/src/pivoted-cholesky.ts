/**
 * Cholesky factorisation with complete pivoting of a positive semidefinite matrix.
 *
 * Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 10.3. The matrix is first
 * scaled to a unit diagonal, so that the rank decision does not depend on the units of the parameters.
 *
 * A JᵀJ accumulated in floating point may hold rows of nothing but rounding, left where large sums cancelled; they need
 * not be semidefinite. Such rows count as 0: parameters of which the matrix says nothing.
 */

/** RᵀR = A in the columns of A: R[k, order[k]] is the pivot of step k and R[k, order[j]] = 0 for j < k. */
export interface PivotedCholesky {
  /** R, row-major, n × n; only the first `rank` rows are set. */
  readonly factor: Float64Array;
  /** Pivots in the order taken. */
  readonly order: Int32Array;
  /** Number of pivots above the rounding level n ε. */
  readonly rank: number;
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
  for (let k = 0; k < rank; k++) for (let j = 0; j < n; j++) factor[k * n + j]! *= scale[j]!;
  return { factor, order, rank };
}

/** Unit-diagonal copy, with zero rows and columns where the diagonal is not positive or the row is mere rounding. */
function scaledCopy(a: Float64Array, n: number, scale: Float64Array): Float64Array {
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = scale[i]! > 0 && scale[j]! > 0 ? a[i * n + j]! / scale[i]! / scale[j]! : 0;
      work[i * n + j] = value;
      work[j * n + i] = value;
    }
  }
  for (let row = worstRow(work, n); row >= 0; row = worstRow(work, n)) {
    for (let j = 0; j < n; j++) {
      work[row * n + j] = 0;
      work[j * n + row] = 0;
    }
  }
  return work;
}

/** How far beyond 1 a cosine between two columns of J may round. */
const COSINE_SLACK = 1e-6;

/** The row that breaks |cosine| ≤ 1 most, which no columns of a J do; −1 when none does. */
function worstRow(work: Float64Array, n: number): number {
  let worst = -1;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let excess = 0;
    for (let j = 0; j < n; j++) excess += Math.max(0, Math.abs(work[i * n + j]!) - 1 - COSINE_SLACK);
    if (excess > largest) {
      worst = i;
      largest = excess;
    }
  }
  return worst;
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
