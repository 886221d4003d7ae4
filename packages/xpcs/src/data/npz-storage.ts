import type { FileHandle } from "node:fs/promises";
import { normalizeAngle } from "./angle.ts";
import type { ByteSource } from "./byte-source.ts";
import { DataError } from "./data-error.ts";
import type { DataEntry, FrameWindow, MapStorage } from "./map-storage.ts";
import { readNpyHeader, readNpyVector } from "./npy-header.ts";
import { type MapShape, mapShape, readNpyBlock } from "./npy-maps.ts";
import { readZipDirectory } from "./zip-directory.ts";

/** Names of the arrays, the first that is there is taken: ours, then those of caches of the Python packages. */
const MAP_NAMES = ["c2", "c2_exp"];
const PHI_NAMES = ["phi", "phi_angles", "phi_angles_list"];
const Q_NAMES = ["q", "wavevector_q", "wavevector_q_list"];
const TIME_NAMES = ["t", "t1"];

/**
 * Opens an .npz archive: maps `c2` (angles, N, N) with `t`, `phi`, `q`, or a cache `c2_exp` with `t1`, `phi_angles_list`,
 * `wavevector_q_list`. A number `start_frame` says that the maps begin with that frame. Members may be stored or deflated.
 *
 * @throws {DataError} for a damaged archive, a missing map array, wrong shapes, or lengths that do not fit.
 */
export async function openNpz(path: string, handle: FileHandle, size: number): Promise<MapStorage> {
  const members = await readZipDirectory(path, handle, size);
  const mapName = MAP_NAMES.find((name) => members.has(`${name}.npy`));
  if (mapName === undefined) {
    const present = [...members.keys()].map((name) => name.replace(/\.npy$/, "")).join(", ") || "nothing";
    throw new DataError(path, `the array c2 (angles, N, N) is missing; the archive has ${present}`, { dataset: "c2" });
  }
  const array = await readNpyHeader(path, members.get(`${mapName}.npy`)!, mapName);
  const shape = mapShape(path, array.shape, mapName);
  const phi = await readPerMap(path, members, PHI_NAMES, shape);
  const q = await readPerMap(path, members, Q_NAMES, shape);
  const times = await readTimes(path, members, shape.frames);
  const firstFrame = (await readVector(path, members, ["start_frame"]))?.vector[0];
  const entries: DataEntry[] = Array.from({ length: shape.maps }, (_, index) => ({
    index,
    q: q?.[index],
    phi: phi === undefined ? undefined : normalizeAngle(phi[index]!),
    label: `${mapName}[${index}]`,
  }));
  return {
    format: "npz",
    entries,
    frames: shape.frames,
    firstFrame,
    times,
    storesHalf: false,
    readBlock: (entry: DataEntry, window: FrameWindow) =>
      readNpyBlock(path, array, shape, entry.index, window, mapName),
    async close() {
      for (const member of members.values()) await member.close();
      await handle.close();
    },
  };
}

/** One value per map; a single value stands for all maps. */
async function readPerMap(
  path: string,
  members: Map<string, ByteSource>,
  names: readonly string[],
  { maps }: MapShape,
): Promise<Float64Array | undefined> {
  const values = await readVector(path, members, names);
  if (values === undefined) return undefined;
  const { name, vector } = values;
  if (vector.length !== 1 && vector.length !== maps) {
    throw new DataError(path, `has ${vector.length} values for ${maps} maps`, { dataset: name });
  }
  const bad = vector.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(path, `value ${bad + 1} is ${vector[bad]}; it must be finite`, { dataset: name });
  return vector.length === maps ? vector : new Float64Array(maps).fill(vector[0]!);
}

async function readTimes(
  path: string,
  members: Map<string, ByteSource>,
  frames: number,
): Promise<Float64Array | undefined> {
  const values = await readVector(path, members, TIME_NAMES);
  if (values === undefined) return undefined;
  const { name, vector } = values;
  if (vector.length !== frames) {
    throw new DataError(path, `has ${vector.length} times for ${frames} frames`, { dataset: name });
  }
  return vector;
}

async function readVector(
  path: string,
  members: Map<string, ByteSource>,
  names: readonly string[],
): Promise<{ name: string; vector: Float64Array } | undefined> {
  const name = names.find((candidate) => members.has(`${candidate}.npy`));
  if (name === undefined) return undefined;
  const array = await readNpyHeader(path, members.get(`${name}.npy`)!, name);
  if (array.shape.length > 1) {
    throw new DataError(path, `has shape (${array.shape.join(", ")}); one dimension is needed`, { dataset: name });
  }
  return { name, vector: await readNpyVector(path, array, name) };
}
