/** Rows and columns that are worked on at a time, so that both triangles' tiles stay in the cache. */
const TILE = 64;

/**
 * Makes a full symmetric matrix of a half one, in place: half + halfᵀ off the diagonal, the diagonal kept.
 *
 * A matrix is half when one strict triangle holds nothing but zeros or NaN; when both triangles are filled it is full
 * already and stays as it is.
 *
 * @param matrix row-major (n, n).
 * @returns whether the matrix was half.
 */
export function fillFromHalf(matrix: Float64Array, n: number): boolean {
  const isUpperEmpty = isTriangleEmpty(matrix, n, true);
  const isLowerEmpty = !isUpperEmpty && isTriangleEmpty(matrix, n, false);
  if (!isUpperEmpty && !isLowerEmpty) return false;
  for (let rowTile = 0; rowTile < n; rowTile += TILE) {
    const rowEnd = Math.min(rowTile + TILE, n);
    for (let columnTile = rowTile; columnTile < n; columnTile += TILE) {
      const columnEnd = Math.min(columnTile + TILE, n);
      for (let i = rowTile; i < rowEnd; i++) {
        for (let j = Math.max(columnTile, i + 1); j < columnEnd; j++) {
          if (isUpperEmpty) matrix[i * n + j] = matrix[j * n + i]!;
          else matrix[j * n + i] = matrix[i * n + j]!;
        }
      }
    }
  }
  return true;
}

function isTriangleEmpty(matrix: Float64Array, n: number, isUpper: boolean): boolean {
  for (let i = 0; i < n; i++) {
    const first = i * n + (isUpper ? i + 1 : 0);
    const end = i * n + (isUpper ? n : i);
    for (let k = first; k < end; k++) {
      const value = matrix[k]!;
      if (value !== 0 && !Number.isNaN(value)) return false;
    }
  }
  return true;
}
