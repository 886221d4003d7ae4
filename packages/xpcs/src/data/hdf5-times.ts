import type { Hdf5File } from "./hdf5-file.ts";

/** Names of delays of one-time correlations, which have a length of their own. */
const DELAYS = /(^|\/)(tau|delay_time)$/;

/** Times as a file tells them. */
export interface FileTimes {
  /** s; shape (frames). */
  readonly times: Float64Array | undefined;
  /** Why a dataset that should be the times is not used. */
  readonly problem: string | undefined;
}

/**
 * Times of the frames: the first dataset among `names` that has one number per frame. One of another length is said,
 * unless its name is that of delays of one-time correlations.
 */
export function readHdf5Times(file: Hdf5File, names: readonly string[], frames: number): FileTimes {
  let problem: string | undefined;
  for (const name of names) {
    const length = file.find(name)?.shape?.reduce((product, size) => product * size, 1);
    if (length === undefined) continue;
    if (length === frames) return { times: file.vector(name), problem: undefined };
    if (!DELAYS.test(name)) problem ??= `${name} has ${length} times for ${frames} frames`;
  }
  return { times: undefined, problem };
}
