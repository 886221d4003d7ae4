/** The largest difference between a map and its transpose. */
export interface Asymmetry {
  /** max |c[i, j] − c[j, i]|; 0 for a symmetric map. */
  readonly largest: number;
  /** Where it is: row < column, counted from 0; both 0 for a symmetric map. */
  readonly row: number;
  readonly column: number;
}

const TILE = 64;

/**
 * Compares the two triangles of a map.
 *
 * @param map row-major (n, n); the diagonal plays no part.
 */
export function measureAsymmetry(map: Float64Array, n: number): Asymmetry {
  let largest = 0;
  let position = 0;
  for (let rowTile = 0; rowTile < n; rowTile += TILE) {
    for (let columnTile = rowTile; columnTile < n; columnTile += TILE) {
      for (let i = rowTile; i < Math.min(rowTile + TILE, n); i++) {
        for (let j = Math.max(columnTile, i + 1); j < Math.min(columnTile + TILE, n); j++) {
          const difference = Math.abs(map[i * n + j]! - map[j * n + i]!);
          if (difference > largest) {
            largest = difference;
            position = i * n + j;
          }
        }
      }
    }
  }
  return { largest, row: Math.floor(position / n), column: position % n };
}
