import type { Hdf5File } from "./hdf5-file.ts";

/**
 * Times of the frames: the first dataset among `names` that has one number per frame, or `undefined`. Others of these
 * names, of another length, are delays of one-time correlations.
 */
export function readHdf5Times(file: Hdf5File, names: readonly string[], frames: number): Float64Array | undefined {
  for (const name of names) {
    const shape = file.find(name)?.shape;
    if (shape?.reduce((product, length) => product * length, 1) === frames) return file.vector(name);
  }
  return undefined;
}
