import { normalizeAngle } from "./angle.ts";
import { DataError } from "./data-error.ts";
import type { Hdf5File } from "./hdf5-file.ts";
import { readHdf5Times } from "./hdf5-times.ts";
import type { DataEntry, FrameWindow, MapStorage } from "./map-storage.ts";
import { mapShape } from "./npy-maps.ts";

const MAPS = "xpcs/twotime/correlation_map";
const BINS = "xpcs/twotime/processed_bins";
const Q_LIST = "xpcs/qmap/dynamic_v_list_dim0";
const PHI_LIST = "xpcs/qmap/dynamic_v_list_dim1";
/** Number of the first frame, in files that are cut out of a longer series; other programs do not write it. */
const FIRST_FRAME = "xpcs/twotime/start_frame";
const LEGACY_MAPS = "exchange/C2T_all";
const LEGACY_Q = "xpcs/dqlist";
const LEGACY_PHI = "xpcs/dphilist";

/**
 * APS-U: the k-th map of `xpcs/twotime/correlation_map` (names sorted) belongs to the k-th of `processed_bins`; bin b,
 * counted from 1, has wavevector (b − 1) div n_phi and angle (b − 1) mod n_phi.
 *
 * @throws {DataError} for missing datasets, bins outside the map of q and phi, or counts that do not fit.
 */
export function openApsU(file: Hdf5File): MapStorage {
  const names = mapNames(file, MAPS).sort();
  const bins = file.vector(BINS);
  const q = file.vector(Q_LIST);
  const phi = file.vector(PHI_LIST);
  if (bins.length !== names.length) {
    throw new DataError(file.path, `has ${bins.length} bins for the ${names.length} maps of ${MAPS}`, {
      dataset: BINS,
    });
  }
  const entries = names.map((name, index) => {
    const bin = bins[index]! - 1;
    const qIndex = Math.floor(bin / phi.length);
    if (!(Number.isInteger(bin) && bin >= 0 && qIndex < q.length)) {
      throw new DataError(
        file.path,
        `bin ${bins[index]} is outside 1 … ${q.length * phi.length} (${q.length} q × ${phi.length} angles)`,
        { dataset: BINS },
      );
    }
    return entry(file, index, q[qIndex]!, phi[bin % phi.length]!, `${MAPS}/${name}`);
  });
  return storage(file, "aps-u", entries, ["xpcs/twotime/t", "xpcs/t", "exchange/t"]);
}

/**
 * APS legacy: the k-th map of `exchange/C2T_all`, in the order of the file, belongs to the k-th q of `xpcs/dqlist` and
 * the k-th angle of `xpcs/dphilist`.
 *
 * @throws {DataError} for missing datasets or counts that do not fit.
 */
export function openApsLegacy(file: Hdf5File): MapStorage {
  const names = mapNames(file, LEGACY_MAPS);
  const q = file.vector(LEGACY_Q);
  const phi = file.vector(LEGACY_PHI);
  for (const [dataset, values] of [
    [LEGACY_Q, q],
    [LEGACY_PHI, phi],
  ] as const) {
    if (values.length !== names.length) {
      throw new DataError(file.path, `has ${values.length} values for the ${names.length} maps of ${LEGACY_MAPS}`, {
        dataset,
      });
    }
  }
  const entries = names.map((name, index) => entry(file, index, q[index]!, phi[index]!, `${LEGACY_MAPS}/${name}`));
  return storage(file, "aps-legacy", entries, ["exchange/t", "exchange/tau", "xpcs/t"]);
}

function mapNames(file: Hdf5File, group: string): string[] {
  const names = file.names(group);
  if (names === undefined) {
    throw new DataError(file.path, `the group is missing; ${file.neighbours(group)}`, { dataset: group });
  }
  if (names.length === 0) throw new DataError(file.path, "the group holds no map", { dataset: group });
  return names;
}

function entry(file: Hdf5File, index: number, q: number, phi: number, label: string): DataEntry {
  if (!(q > 0 && q < Infinity && Number.isFinite(phi))) {
    throw new DataError(file.path, `has q = ${q} and angle ${phi}; both must be finite, q positive`, {
      dataset: label,
    });
  }
  return { index, q, phi: normalizeAngle(phi), label };
}

function storage(
  file: Hdf5File,
  format: "aps-u" | "aps-legacy",
  entries: readonly DataEntry[],
  timeNames: readonly string[],
): MapStorage {
  const first = entries[0]!.label;
  const { frames } = mapShape(file.path, mapDimensions(file, first), first);
  const { times, problem } = readHdf5Times(file, timeNames, frames);
  return {
    format,
    entries,
    frames,
    firstFrame: file.find(FIRST_FRAME) === undefined ? undefined : file.vector(FIRST_FRAME)[0],
    times,
    timesProblem: problem,
    storesHalf: true,
    async readBlock({ label }: DataEntry, window: FrameWindow) {
      const shape = mapShape(file.path, mapDimensions(file, label), label);
      if (shape.frames !== frames) {
        throw new DataError(file.path, `has ${shape.frames} frames where ${first} has ${frames}`, { dataset: label });
      }
      return file.block(label, 0, window.first, window.count);
    },
    async close() {
      file.close();
    },
  };
}

function mapDimensions(file: Hdf5File, path: string): number[] {
  const shape = file.dataset(path).shape ?? [];
  if (shape.length === 3) {
    throw new DataError(file.path, `has shape (${shape.join(", ")}); one map (N, N) is needed`, { dataset: path });
  }
  return shape;
}
