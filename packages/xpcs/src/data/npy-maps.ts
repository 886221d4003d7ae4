import { DataError } from "./data-error.ts";
import type { FrameWindow } from "./map-storage.ts";
import type { NpyArray } from "./npy-header.ts";

/** Bytes read at a time. */
const BLOCK_BYTES = 4 << 20;

/** Number of maps and frames of an array of maps. */
export interface MapShape {
  readonly maps: number;
  readonly frames: number;
}

/**
 * Reads the shape (N, N) or (maps, N, N).
 *
 * @throws {DataError} for another number of dimensions, maps that are not square, or fewer than two frames.
 */
export function mapShape(path: string, shape: readonly number[], dataset?: string): MapShape {
  const text = `shape (${shape.join(", ")})`;
  const wanted = "a correlation map (N, N) or a stack of maps (angles, N, N) is needed";
  if (shape.length !== 2 && shape.length !== 3) {
    throw new DataError(path, `has ${text}; ${wanted}`, { dataset });
  }
  const [rows, columns] = shape.slice(-2) as [number, number];
  if (rows !== columns) throw new DataError(path, `is not square: it has ${text}; ${wanted}`, { dataset });
  const maps = shape.length === 3 ? shape[0]! : 1;
  if (rows < 2 || maps < 1) {
    throw new DataError(path, `has ${text}: at least one map of two frames is needed`, { dataset });
  }
  return { maps, frames: rows };
}

/**
 * Reads a square block of one map of an .npy array, a few rows at a time; shape (count, count).
 *
 * @throws {DataError} for truncated data or complex entries with an imaginary part.
 */
export async function readNpyBlock(
  path: string,
  array: NpyArray,
  { maps, frames }: MapShape,
  map: number,
  { first, count }: FrameWindow,
  dataset?: string,
): Promise<Float64Array> {
  const out = new Float64Array(count * count);
  const { element, bytes, start, isFortran } = array;
  // In Fortran order the elements of all maps lie interleaved, and what is contiguous is a column.
  const width = isFortran ? maps : 1;
  const step = isFortran ? maps : 1;
  const mapStart = start + (isFortran ? 0 : map * frames * frames * element.size);
  const lineBytes = frames * width * element.size;
  const linesAtOnce = Math.max(1, Math.min(count, Math.floor(BLOCK_BYTES / lineBytes)));
  const raw = new Uint8Array(linesAtOnce * lineBytes);
  for (let line = 0; line < count; line += linesAtOnce) {
    const lines = Math.min(linesAtOnce, count - line);
    const part = raw.subarray(0, lines * lineBytes);
    await bytes.read(mapStart + (first + line) * lineBytes, part);
    for (let k = 0; k < lines; k++) {
      const from = k * frames * width + first * step + (isFortran ? map : 0);
      const target = isFortran ? line + k : (line + k) * count;
      if (!element.decode(part, from, count, step, out, target, isFortran ? count : 1)) {
        throw new DataError(path, "holds complex numbers with an imaginary part; a real correlation is needed", {
          dataset,
        });
      }
    }
  }
  return out;
}
