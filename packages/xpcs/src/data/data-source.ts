import { InvalidArgumentError } from "@siegert/errors";
import { DataError } from "./data-error.ts";
import { checkFinite, whichMap } from "./finite-check.ts";
import { judgeTimes } from "./frame-times.ts";
import { fillFromHalf, type HalfReport } from "./half-matrix.ts";
import type { DataEntry, DataFormat, FrameRange, FrameWindow, MapStorage } from "./map-storage.ts";

/** Of a layout that stores full matrices. */
const FULL: HalfReport = { stored: undefined, mismatch: undefined };

/**
 * An open data file. Nothing but its description is in memory until a map is asked for, and a map is read straight into
 * its final array: one float64 copy of N × N and a few rows.
 */
export class DataSource {
  readonly format: DataFormat;
  /** The file, as it was given. */
  readonly path: string;
  /** Distinct wavevectors, increasing, 1/Å; empty when the file does not tell. */
  readonly qValues: readonly number[];
  /** The maps. */
  readonly entries: readonly DataEntry[];
  /** N, frames per map. */
  readonly frames: number;
  /** Number of the first frame: 1, unless the file says that it is cut out of a longer series. */
  readonly firstFrame: number;
  /** Whether the file says so itself. */
  readonly tellsFirstFrame: boolean;
  /** Times of the frames as the file tells them, s; shape (frames). */
  readonly times: Float64Array | undefined;
  /** Time between frames as the file tells it, s; `undefined` when it does not or its times are not uniform. */
  readonly dt: number | undefined;
  /** Why times that are in the file tell no time between frames; `undefined` when they do, or when there are none. */
  readonly timesProblem: string | undefined;
  readonly #storage: MapStorage;

  constructor(path: string, storage: MapStorage) {
    this.path = path;
    this.format = storage.format;
    this.entries = storage.entries;
    this.frames = storage.frames;
    this.firstFrame = storage.firstFrame ?? 1;
    this.tellsFirstFrame = storage.firstFrame !== undefined;
    this.times = storage.times;
    const judged = storage.times === undefined ? undefined : judgeTimes(storage.times);
    this.dt = judged?.dt;
    this.timesProblem = storage.timesProblem ?? judged?.problem;
    const known = storage.entries.map((entry) => entry.q).filter((q) => q !== undefined);
    this.qValues = [...new Set(known)].sort((a, b) => a - b);
    this.#storage = storage;
  }

  /**
   * One map, complete (both triangles), float64; shape (count, count) row-major with count the frames of `range`.
   *
   * Half matrices become full ones: the triangle with the data is mirrored, the diagonal stays. A map in a half-matrix
   * layout whose two triangles are both filled is taken as full already. Entries off the diagonal must be finite; the
   * diagonal may hold NaN, which the diagonal correction replaces.
   *
   * @throws {InvalidArgumentError} for an entry that is not of this file.
   * @throws {DataError} for frames outside the file, truncated data, a half matrix with a few strays in its empty half, or
   * NaN or infinite entries off the diagonal: the message tells their number and the first position.
   */
  async loadMap(entry: DataEntry, range: FrameRange = {}): Promise<Float64Array> {
    if (this.entries[entry.index] !== entry)
      throw new InvalidArgumentError("entry", "be one of the source's own entries", entry);
    const window = frameWindow(this, range);
    const map = await this.#storage.readBlock(entry, window);
    const { stored, mismatch } = this.#storage.storesHalf ? fillFromHalf(map, window.count) : FULL;
    if (mismatch !== undefined) {
      throw new DataError(
        this.path,
        `${whichMap(entry)} is neither a half nor a full matrix: ${mismatch.upper} entries above the diagonal and ${mismatch.lower} below it are not zero`,
        { dataset: entry.label },
      );
    }
    checkFinite(this.path, entry, map, window, stored);
    return map;
  }

  /** Closes the file. Maps that were read stay valid. */
  async close(): Promise<void> {
    await this.#storage.close();
  }
}

/**
 * Settles a frame range on a file.
 *
 * @throws {DataError} unless the frames are in the file and at least two.
 */
export function frameWindow(
  { path, frames, firstFrame }: Pick<DataSource, "path" | "frames" | "firstFrame">,
  { startFrame = firstFrame, endFrame = -1 }: FrameRange,
): FrameWindow {
  const lastFrame = firstFrame + frames - 1;
  const last = endFrame < 0 ? lastFrame : endFrame;
  if (!(Number.isInteger(startFrame) && Number.isInteger(last) && startFrame >= 1)) {
    throw new DataError(
      path,
      `start_frame ${startFrame} and end_frame ${endFrame} must be whole numbers, start_frame at least 1`,
    );
  }
  if (startFrame < firstFrame) {
    throw new DataError(path, `start_frame ${startFrame} is before the file's first frame ${firstFrame}`);
  }
  if (last > lastFrame) {
    throw new DataError(
      path,
      `end_frame ${endFrame} is beyond the file's last frame ${lastFrame}; use -1 for all frames`,
    );
  }
  if (startFrame >= last) {
    throw new DataError(
      path,
      `frames ${startFrame} to ${last} are fewer than two; the file has ${firstFrame} to ${lastFrame}`,
    );
  }
  return { first: startFrame - firstFrame, count: last - startFrame + 1, startFrame };
}
