import { DataError } from "./data-error.ts";
import type { DataSource } from "./data-source.ts";
import { correctDiagonal, type DiagonalOptions } from "./diagonal-correction.ts";
import { settleFrames } from "./frame-selection.ts";
import type { FrameRange, FrameWindow } from "./map-storage.ts";
import { type AngleMatch, type AngleSelection, selectAngles } from "./select-angles.ts";
import { type QSelection, selectQ } from "./select-q.ts";
import { measureAsymmetry } from "./symmetry.ts";

/** What to take from a file. */
export interface CorrelationSelection extends QSelection, AngleSelection, FrameRange {
  readonly diagonal?: DiagonalOptions | undefined;
  /** Differences between the two triangles beyond this are reported. Default 1e-6. */
  readonly asymmetryTolerance?: number | undefined;
}

/** The chosen maps of a file; each is read when asked for. */
export interface SelectedCorrelations {
  /** 1/Å. */
  readonly q: number;
  /** Degrees in (−180, 180]; shape (angles). */
  readonly phi: Float64Array;
  /** Frames per map after the choice of frames. */
  readonly frames: number;
  /** First frame, counted from 1. */
  readonly startFrame: number;
  /** Last frame, counted from 1, included. */
  readonly endFrame: number;
  /** Time between frames as the file tells it, s. */
  readonly fileDt: number | undefined;
  /** What the user should know, one sentence each; maps add theirs as they are loaded. */
  readonly warnings: string[];
  /**
   * Map of one angle: symmetric, diagonal corrected; shape (frames, frames).
   *
   * @throws {DataError} as {@link DataSource.loadMap}, and for a diagonal that holds NaN and is not to be corrected.
   */
  load(angle: number): Promise<Float64Array>;
}

/**
 * Chooses maps by wavevector and angle. Nothing but the file's description is read yet.
 *
 * @throws {DataError} when q, angles or frames do not match the file.
 */
export function selectCorrelations(source: DataSource, selection: CorrelationSelection): SelectedCorrelations {
  const byQ = selectQ(source, selection);
  const { matches, warnings: angleWarnings } = selectAngles(source.path, byQ.entries, selection);
  const { range, window, warning } = settleFrames(source, selection);
  const warnings = [...byQ.warnings, ...angleWarnings, ...(warning === undefined ? [] : [warning])];
  return {
    q: byQ.q,
    phi: Float64Array.from(matches, (match) => match.phi),
    frames: window.count,
    startFrame: window.startFrame,
    endFrame: window.startFrame + window.count - 1,
    fileDt: source.dt,
    warnings,
    async load(angle) {
      const match = matches[angle];
      if (match === undefined) throw new DataError(source.path, `angle number ${angle} is not among the chosen ones`);
      const map = await source.loadMap(match.entry, range);
      const found = prepare(source.path, map, window, match, selection);
      for (const warning of found) if (!warnings.includes(warning)) warnings.push(warning);
      return map;
    },
  };
}

/** Makes a map symmetric and its diagonal good; returns what there is to say about it. */
function prepare(
  path: string,
  map: Float64Array,
  { count: n, startFrame }: FrameWindow,
  { phi, entry }: AngleMatch,
  { diagonal = {}, asymmetryTolerance = 1e-6 }: CorrelationSelection,
): string[] {
  const warnings: string[] = [];
  const { largest, row, column } = measureAsymmetry(map, n);
  if (largest > asymmetryTolerance) {
    warnings.push(
      `the map at ${phi}° is not symmetric: frames (${startFrame + row}, ${startFrame + column}) and its mirror differ by ${largest.toPrecision(3)}; the mean of both is used`,
    );
    symmetrise(map, n);
  }
  const bad = correctDiagonal(map, n, diagonal);
  if (bad > 0 && diagonal.method === "none") {
    throw new DataError(path, `${bad} diagonal entries are NaN or infinite; choose a diagonal correction`, {
      dataset: entry.label,
    });
  }
  if (bad > 0) warnings.push(`${bad} NaN or infinite diagonal entries of the map at ${phi}° were replaced`);
  return warnings;
}

function symmetrise(map: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const mean = (map[i * n + j]! + map[j * n + i]!) / 2;
      map[i * n + j] = mean;
      map[j * n + i] = mean;
    }
  }
}
