/** Rows and columns that are worked on at a time, so that both triangles' tiles stay in the cache. */
const TILE = 64;

/** Both triangles of a full matrix are filled alike; below this ratio they are neither alike nor is one empty. */
const LEAST_RATIO = 0.1;

/** A strict triangle of a matrix: `upper` where the column is above the row. */
export type Triangle = "upper" | "lower";

/** What the triangles of a matrix hold. */
export interface HalfReport {
  /** The triangle that held the data, when the matrix was half and the other one has been filled from it. */
  readonly stored: Triangle | undefined;
  /** Entries other than zero and NaN in the upper and the lower triangle, when they differ so much that the matrix is
   * neither half nor full; it is left as it is then. */
  readonly mismatch: { readonly upper: number; readonly lower: number } | undefined;
}

/**
 * Makes a full symmetric matrix of a half one, in place: the strict triangle that holds data is mirrored, the diagonal is
 * kept.
 *
 * A matrix is half when one strict triangle holds nothing but zeros or NaN and the other finite numbers other than zero. A
 * matrix without data in either triangle stays as it is.
 *
 * @param matrix row-major (n, n).
 */
export function fillFromHalf(matrix: Float64Array, n: number): HalfReport {
  const upper = countContent(matrix, n, "upper");
  const lower = countContent(matrix, n, "lower");
  if (upper > 0 && lower > 0) {
    const isOdd = Math.min(upper, lower) < LEAST_RATIO * Math.max(upper, lower);
    return { stored: undefined, mismatch: isOdd ? { upper, lower } : undefined };
  }
  if (upper === 0 && lower === 0) return { stored: undefined, mismatch: undefined };
  const stored = upper > 0 ? "upper" : "lower";
  mirror(matrix, n, stored);
  return { stored, mismatch: undefined };
}

function mirror(matrix: Float64Array, n: number, stored: Triangle): void {
  for (let rowTile = 0; rowTile < n; rowTile += TILE) {
    const rowEnd = Math.min(rowTile + TILE, n);
    for (let columnTile = rowTile; columnTile < n; columnTile += TILE) {
      const columnEnd = Math.min(columnTile + TILE, n);
      for (let i = rowTile; i < rowEnd; i++) {
        for (let j = Math.max(columnTile, i + 1); j < columnEnd; j++) {
          if (stored === "lower") matrix[i * n + j] = matrix[j * n + i]!;
          else matrix[j * n + i] = matrix[i * n + j]!;
        }
      }
    }
  }
}

/** Entries of a strict triangle that are neither zero nor NaN. */
function countContent(matrix: Float64Array, n: number, triangle: Triangle): number {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const first = i * n + (triangle === "upper" ? i + 1 : 0);
    const end = i * n + (triangle === "upper" ? n : i);
    for (let k = first; k < end; k++) {
      const value = matrix[k]!;
      if (value !== 0 && !Number.isNaN(value)) count++;
    }
  }
  return count;
}
