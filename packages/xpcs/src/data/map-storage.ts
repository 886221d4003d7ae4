/** Layout of a data file. */
export type DataFormat = "aps-u" | "aps-legacy" | "exchange" | "flat" | "npy" | "npz";

/** One correlation map of a file. */
export interface DataEntry {
  /** Position among the file's entries. */
  readonly index: number;
  /** Scattering wavevector, 1/Å; `undefined` when the file does not tell. */
  readonly q: number | undefined;
  /** Angle, degrees in (−180, 180]; `undefined` when the file does not tell. */
  readonly phi: number | undefined;
  /** Where the map is in the file: dataset path or array index. */
  readonly label: string;
}

/** Frames first … last, both included, counted from 1 (from the file's own first frame where it tells one). */
export interface FrameRange {
  /** First frame. Default: the first of the file. */
  readonly startFrame?: number | undefined;
  /** Last frame; −1 (or any negative number) means the last one of the file. Default −1. */
  readonly endFrame?: number | undefined;
}

/** Settled frame range. */
export interface FrameWindow {
  /** Index of the first frame within the maps of the file, from 0. */
  readonly first: number;
  /** Number of frames. */
  readonly count: number;
  /** Number of the first frame, as the file counts. */
  readonly startFrame: number;
}

/** How one layout stores its maps; what a {@link DataSource} is made of. */
export interface MapStorage {
  readonly format: DataFormat;
  readonly entries: readonly DataEntry[];
  /** N, frames per map. */
  readonly frames: number;
  /** Number of the first frame where the file tells it: a cut-out of a longer series. */
  readonly firstFrame?: number | undefined;
  /** Times of the frames as the file tells them, s; shape (frames). */
  readonly times: Float64Array | undefined;
  /** Why times that are in the file are not used. */
  readonly timesProblem?: string | undefined;
  /** Whether the layout stores half matrices. */
  readonly storesHalf: boolean;
  /** Reads frames × frames of one map, without touching its symmetry; shape (count, count). */
  readBlock(entry: DataEntry, window: FrameWindow): Promise<Float64Array>;
  close(): Promise<void>;
}
