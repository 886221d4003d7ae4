import { DataError } from "./data-error.ts";
import type { Hdf5File } from "./hdf5-file.ts";

/**
 * Times of the frames from the first of `names` that is there, or `undefined` when none is.
 *
 * @throws {DataError} when their number is not the number of frames.
 */
export function readHdf5Times(file: Hdf5File, names: readonly string[], frames: number): Float64Array | undefined {
  const name = names.find((candidate) => file.find(candidate) !== undefined);
  if (name === undefined) return undefined;
  const times = file.vector(name);
  if (times.length !== frames) {
    throw new DataError(file.path, `has ${times.length} times for ${frames} frames`, { dataset: name });
  }
  return times;
}
