import { normalizeAngle } from "./angle.ts";
import { DataError } from "./data-error.ts";
import type { Hdf5File } from "./hdf5-file.ts";
import { readHdf5Times } from "./hdf5-times.ts";
import type { DataEntry, FrameWindow, MapStorage } from "./map-storage.ts";
import { mapShape } from "./npy-maps.ts";

/** Names of the correlation below `exchange/`; the first that is there is taken. */
export const EXCHANGE_NAMES: readonly string[] = ["twotime_corr", "twotime", "c2", "corr"];

const TIME_NAMES = ["tau", "t", "times", "delay_time"];
const Q_NAMES = ["q_val", "q_values", "q", "qval"];
const PHI_NAMES = ["phi", "phi_angles", "azimuth"];

/**
 * A dataset (N, N) or (maps, N, N) below `exchange/` or at the root, with optional times, q and angles beside it. The
 * maps are full matrices. A list as long as the stack gives one value per map, a single value stands for all.
 *
 * @throws {DataError} for wrong shapes or lists that do not fit the stack.
 */
export function openGeneric(file: Hdf5File, format: "exchange" | "flat", dataset: string): MapStorage {
  const prefix = format === "exchange" ? "exchange/" : "";
  const dimensions = file.dataset(dataset).shape ?? [];
  const { maps, frames } = mapShape(file.path, dimensions, dataset);
  const q = perMap(file, prefix, Q_NAMES, maps);
  const phi = perMap(file, prefix, PHI_NAMES, maps);
  const timeNames = TIME_NAMES.map((name) => prefix + name);
  const { times, problem } = readHdf5Times(file, timeNames, frames);
  const entries: DataEntry[] = Array.from({ length: maps }, (_, index) => ({
    index,
    q: q?.[index],
    phi: phi === undefined ? undefined : normalizeAngle(phi[index]!),
    label: dimensions.length === 2 ? dataset : `${dataset}[${index}]`,
  }));
  return {
    format,
    entries,
    frames,
    times,
    timesProblem: problem,
    storesHalf: false,
    async readBlock({ index }: DataEntry, window: FrameWindow) {
      return file.block(dataset, index, window.first, window.count);
    },
    async close() {
      file.close();
    },
  };
}

function perMap(file: Hdf5File, prefix: string, names: readonly string[], maps: number): Float64Array | undefined {
  const name = names.map((candidate) => prefix + candidate).find((candidate) => file.find(candidate) !== undefined);
  if (name === undefined) return undefined;
  const values = file.vector(name);
  if (values.length !== maps && values.length !== 1) {
    throw new DataError(file.path, `has ${values.length} values for ${maps} maps`, { dataset: name });
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(file.path, `value ${bad + 1} is not finite`, { dataset: name });
  return values.length === maps ? values : new Float64Array(maps).fill(values[0]!);
}
