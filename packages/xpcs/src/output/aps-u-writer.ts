import { InvalidArgumentError } from "@siegert/errors";
import { File } from "h5wasm/node";
import { hdf5Library } from "../data/hdf5-file.ts";
import { replaceAtomically } from "./atomic-write.ts";
import { OutputError } from "./output-error.ts";

/** Maps of one wavevector at several angles. */
export interface ApsUData {
  /** 1/Å. */
  readonly q: number;
  /** Degrees; shape (angles). */
  readonly phi: Float64Array | readonly number[];
  /** Times of the frames, s; shape (N). */
  readonly times: Float64Array;
  /** Correlation maps; shape (angles, N, N) row-major, symmetric. */
  readonly c2: Float64Array;
  /** Number of the first frame when the maps are cut out of a longer series. Default 1. */
  readonly startFrame?: number | undefined;
}

/**
 * Writes maps in the APS-U layout, atomically: `xpcs/qmap/dynamic_v_list_dim0` (q) and `_dim1` (angles),
 * `xpcs/twotime/processed_bins` (from 1), `xpcs/twotime/t` and `start_frame`, and the upper half of each map, float64, as
 * `xpcs/twotime/correlation_map/c2_00001` …
 *
 * @throws {InvalidArgumentError} when the shapes do not fit.
 * @throws {OutputError} when it cannot be written.
 */
export async function writeApsUHdf5(path: string, data: ApsUData): Promise<void> {
  const { q, phi, times, c2 } = data;
  const n = times.length;
  if (!(q > 0 && q < Infinity)) throw new InvalidArgumentError("q", "be positive and finite, in 1/Å", q);
  if (n < 2) throw new InvalidArgumentError("times", "hold at least two frames", times);
  if (phi.length === 0 || c2.length !== phi.length * n * n) {
    throw new InvalidArgumentError("c2", `have shape (${phi.length}, ${n}, ${n})`, c2);
  }
  await hdf5Library();
  await replaceAtomically(path, async (temporary) => {
    try {
      writeFile(temporary, data);
    } catch (cause) {
      throw new OutputError(path, "cannot be written: the HDF5 library failed", cause);
    }
  });
}

function writeFile(path: string, { q, phi, times, c2, startFrame = 1 }: ApsUData): void {
  const file = new File(path, "w");
  try {
    const xpcs = file.create_group("xpcs");
    const qmap = xpcs.create_group("qmap");
    qmap.create_dataset({ name: "dynamic_v_list_dim0", data: Float64Array.of(q) });
    qmap.create_dataset({ name: "dynamic_v_list_dim1", data: Float64Array.from(phi) });
    const twotime = xpcs.create_group("twotime");
    twotime.create_dataset({ name: "processed_bins", data: Int32Array.from(phi, (_, k) => k + 1) });
    twotime.create_dataset({ name: "t", data: times });
    twotime.create_dataset({ name: "start_frame", data: Int32Array.of(startFrame) });
    const maps = twotime.create_group("correlation_map");
    const n = times.length;
    const half = new Float64Array(n * n);
    for (let k = 0; k < phi.length; k++) {
      for (let i = 0; i < n; i++) {
        half.set(c2.subarray((k * n + i) * n + i, (k * n + i + 1) * n), i * n + i);
      }
      maps.create_dataset({ name: `c2_${String(k + 1).padStart(5, "0")}`, data: half, shape: [n, n] });
    }
    file.flush();
  } finally {
    file.close();
  }
}
