import { InvalidArgumentError } from "@siegert/errors";

/** How the diagonal of a measured map is replaced. */
export type DiagonalMethod = "basic" | "statistical" | "interpolation" | "none";

/** All methods of {@link correctDiagonal}. */
export const DIAGONAL_METHODS: readonly DiagonalMethod[] = ["basic", "statistical", "interpolation", "none"];

/** Options of {@link correctDiagonal}. */
export interface DiagonalOptions {
  /** Default `basic`. */
  readonly method?: DiagonalMethod | undefined;
  /** Frames of the window of `statistical`, odd and ≥ 3. Default 3. */
  readonly windowSize?: number | undefined;
}

/**
 * Replaces the diagonal of a map in place: it holds each pixel's correlation with itself, shot noise included, and says
 * nothing about the dynamics. With s_k = (c[k, k+1] + c[k+1, k]) / 2 the side band:
 * - `basic`: the mean of the two neighbours s_(k−1) and s_k, at the ends the one neighbour;
 * - `statistical`: the median of the side band within a window of `windowSize` frames around k;
 * - `interpolation`: linear in age along lag 0 ← 1 ← 2: 2·s̄₁(k) − s̄₂(k), where s̄₁ is the mean of the neighbours at lag 1
 *   and s̄₂ the value at lag 2 centred on k; at the ends as `basic`;
 * - `none`: left as it is.
 *
 * NaN on the diagonal is replaced like everything else on it (but with `none`).
 *
 * @param map row-major (n, n), finite off the diagonal.
 * @returns how many entries of the diagonal were NaN or infinite before.
 * @throws {InvalidArgumentError} for a map that is not (n, n), an unknown method or an even window.
 */
export function correctDiagonal(
  map: Float64Array,
  n: number,
  { method = "basic", windowSize = 3 }: DiagonalOptions = {},
): number {
  if (!(Number.isInteger(n) && n >= 2 && map.length === n * n)) {
    throw new InvalidArgumentError("n", `fit the map of ${map.length} entries, n² of them with n ≥ 2`, n);
  }
  if (!DIAGONAL_METHODS.includes(method)) {
    throw new InvalidArgumentError("method", `be one of ${DIAGONAL_METHODS.join(", ")}`, method);
  }
  if (!(Number.isInteger(windowSize) && windowSize >= 3 && windowSize % 2 === 1)) {
    throw new InvalidArgumentError("windowSize", "be an odd integer of at least 3", windowSize);
  }
  let bad = 0;
  for (let k = 0; k < n; k++) if (!Number.isFinite(map[k * n + k])) bad++;
  if (method === "none") return bad;
  const side = Float64Array.from({ length: n - 1 }, (_, k) => (map[k * n + k + 1]! + map[(k + 1) * n + k]!) / 2);
  for (let k = 0; k < n; k++) {
    const neighbours = (side[Math.max(k - 1, 0)]! + side[Math.min(k, n - 2)]!) / 2;
    if (method === "statistical") map[k * n + k] = windowMedian(side, k, windowSize);
    else if (method === "interpolation" && k > 0 && k < n - 1) {
      const lagTwo = (map[(k - 1) * n + k + 1]! + map[(k + 1) * n + k - 1]!) / 2;
      map[k * n + k] = 2 * neighbours - lagTwo;
    } else map[k * n + k] = neighbours;
  }
  return bad;
}

/** Median of the side band entries that touch the frames k − w … k + w, w half the window. */
function windowMedian(side: Float64Array, k: number, windowSize: number): number {
  const half = (windowSize - 1) / 2;
  const window = side.slice(Math.max(k - half, 0), Math.min(k + half, side.length)).sort();
  const middle = window.length >> 1;
  return window.length % 2 === 1 ? window[middle]! : (window[middle - 1]! + window[middle]!) / 2;
}
