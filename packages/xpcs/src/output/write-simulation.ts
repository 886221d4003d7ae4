import { extname } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { SimulatedData } from "../simulate.ts";
import { writeApsUHdf5 } from "./aps-u-writer.ts";
import { writeNpz } from "./npz-writer.ts";

/**
 * Writes simulated data by the ending of the file's name: `.npz` with `c2` (angles, N, N), `t`, `phi`, `q` and
 * `start_frame`; `.h5`, `.hdf5` or `.hdf` in the APS-U layout.
 *
 * @throws {InvalidArgumentError} for another ending.
 * @throws {OutputError} when the file cannot be written.
 */
export async function writeSimulation(path: string, data: SimulatedData): Promise<void> {
  const ending = extname(path).toLowerCase();
  if ([".h5", ".hdf5", ".hdf"].includes(ending)) return writeApsUHdf5(path, data);
  if (ending !== ".npz") throw new InvalidArgumentError("output", "end in .npz, .h5, .hdf5 or .hdf", path);
  const frames = data.times.length;
  await writeNpz(path, {
    c2: { data: data.c2, shape: [data.phi.length, frames, frames] },
    t: { data: data.times },
    phi: { data: data.phi },
    q: { data: [data.q], shape: [] },
    start_frame: { data: Int32Array.of(data.startFrame), shape: [] },
  });
}
