/**
 * QR factorisation by Householder reflections, with and without column pivoting.
 *
 * Source: Golub & Van Loan (2013), Matrix Computations, 4th ed., algorithms 5.2.1 and 5.4.1. Matrices are row-major;
 * every sweep runs along rows, so that tall matrices are read in the order in which they lie in memory.
 */

/**
 * Reduces A (rows × columns) to upper triangular R in place and replaces b by Qᵀb.
 * The orthogonal factor itself is not kept: entries below the diagonal are set to 0.
 *
 * @param a row-major, rows × columns; on return R in its first min(rows, columns) rows.
 * @param b length rows; on return Qᵀb.
 */
export function householderQr(a: Float64Array, rows: number, columns: number, b: Float64Array): void {
  const work = new Float64Array(columns);
  const count = Math.min(rows, columns);
  for (let k = 0; k < count; k++) reflect(a, rows, columns, k, b, work);
}

/**
 * As {@link householderQr}, with the column of largest remaining norm brought to the front in each step, so that
 * |R[0,0]| ≥ |R[1,1]| ≥ …
 *
 * @returns the order: column j of the triangle is column order[j] of A.
 */
export function pivotedQr(a: Float64Array, rows: number, columns: number, b: Float64Array): Int32Array {
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  const work = new Float64Array(columns);
  const count = Math.min(rows, columns);
  for (let k = 0; k < count; k++) {
    const pivot = longestColumn(a, rows, columns, k);
    if (pivot !== k) {
      for (let i = 0; i < rows; i++) {
        const kept = a[i * columns + k]!;
        a[i * columns + k] = a[i * columns + pivot]!;
        a[i * columns + pivot] = kept;
      }
      const kept = order[k]!;
      order[k] = order[pivot]!;
      order[pivot] = kept;
    }
    reflect(a, rows, columns, k, b, work);
  }
  return order;
}

/** Norms are formed anew in every step: downdating them is cheaper and loses digits, and n is small here. */
function longestColumn(a: Float64Array, rows: number, columns: number, k: number): number {
  let best = k;
  let bestNorm = -1;
  for (let j = k; j < columns; j++) {
    const norm = columnNorm(a, rows, columns, j, k);
    if (norm > bestNorm) {
      best = j;
      bestNorm = norm;
    }
  }
  return best;
}

/** Euclidean norm of column j below row `from`, safe from overflow and underflow. */
export function columnNorm(a: Float64Array, rows: number, columns: number, j: number, from = 0): number {
  let sum = 0;
  for (let i = from; i < rows; i++) {
    const value = a[i * columns + j]!;
    sum += value * value;
  }
  if (sum > 1e-280 && sum < 1e280) return Math.sqrt(sum);
  let largest = 0;
  for (let i = from; i < rows; i++) largest = Math.max(largest, Math.abs(a[i * columns + j]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let scaled = 0;
  for (let i = from; i < rows; i++) scaled += (a[i * columns + j]! / largest) ** 2;
  return largest * Math.sqrt(scaled);
}

/** Annihilates column k below the diagonal and applies the reflection to the later columns and to b. */
function reflect(a: Float64Array, rows: number, columns: number, k: number, b: Float64Array, work: Float64Array): void {
  const norm = columnNorm(a, rows, columns, k, k);
  if (norm === 0) return;
  const diagonal = a[k * columns + k]!;
  const alpha = diagonal > 0 ? -norm : norm;
  // v = column / (diagonal − alpha), so that v[k] = 1 and beta = (alpha − diagonal) / alpha.
  const first = diagonal - alpha;
  const beta = -first / alpha;
  work.fill(0, k + 1);
  let projection = b[k]!;
  for (let j = k + 1; j < columns; j++) work[j] = a[k * columns + j]!;
  for (let i = k + 1; i < rows; i++) {
    const row = i * columns;
    const v = a[row + k]! / first;
    a[row + k] = v;
    if (v === 0) continue;
    projection += v * b[i]!;
    for (let j = k + 1; j < columns; j++) work[j]! += v * a[row + j]!;
  }
  b[k]! -= beta * projection;
  for (let j = k + 1; j < columns; j++) a[k * columns + j]! -= beta * work[j]!;
  for (let i = k + 1; i < rows; i++) {
    const row = i * columns;
    const v = beta * a[row + k]!;
    a[row + k] = 0;
    if (v === 0) continue;
    b[i]! -= v * projection;
    for (let j = k + 1; j < columns; j++) a[row + j]! -= v * work[j]!;
  }
  a[k * columns + k] = alpha;
}
