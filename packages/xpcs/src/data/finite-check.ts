import { DataError } from "./data-error.ts";
import type { Triangle } from "./half-matrix.ts";
import type { DataEntry, FrameWindow } from "./map-storage.ts";

/**
 * Checks that a map is finite off its diagonal.
 *
 * @param stored the triangle that the file holds, when it holds only one: entries count once, where they are stored.
 * @throws {DataError} that tells how many entries are not, and the row, column (frames of the file, from 1) and angle of
 * the first.
 */
export function checkFinite(
  path: string,
  entry: DataEntry,
  map: Float64Array,
  window: FrameWindow,
  stored?: Triangle,
): void {
  const n = window.count;
  let bad = 0;
  let first = -1;
  for (let i = 0; i < n; i++) {
    const begin = stored === "upper" ? i + 1 : 0;
    const end = stored === "lower" ? i : n;
    for (let j = begin; j < end; j++) {
      const value = map[i * n + j]!;
      // x − x is 0 for every finite x and NaN otherwise.
      if (value - value !== 0 && i !== j) {
        bad++;
        if (first < 0) first = i * n + j;
      }
    }
  }
  if (bad === 0) return;
  const row = window.startFrame + Math.floor(first / n);
  const column = window.startFrame + (first % n);
  throw new DataError(
    path,
    `${bad} ${bad === 1 ? "entry is" : "entries are"} NaN or infinite off the diagonal, the first (${map[first]}) at frames (${row}, ${column}) of ${whichMap(entry)}`,
    { dataset: entry.label },
  );
}

/** The map by its angle, or by its number from 1 where the file tells no angle. */
export function whichMap({ phi, index }: DataEntry): string {
  return phi === undefined ? `map ${index + 1}` : `angle ${phi}°`;
}
