import type { FileHandle } from "node:fs/promises";
import { PlainBytes } from "./byte-source.ts";
import type { DataEntry, FrameWindow, MapStorage } from "./map-storage.ts";
import { readNpyHeader } from "./npy-header.ts";
import { mapShape, readNpyBlock } from "./npy-maps.ts";

/**
 * Opens an .npy file of one map (N, N) or a stack (angles, N, N). It tells neither q nor angles nor times.
 *
 * @throws {DataError} for a damaged file or a wrong shape.
 */
export async function openNpy(path: string, handle: FileHandle, size: number): Promise<MapStorage> {
  const array = await readNpyHeader(path, new PlainBytes(path, handle, 0, size));
  const shape = mapShape(path, array.shape);
  const entries: DataEntry[] = Array.from({ length: shape.maps }, (_, index) => ({
    index,
    q: undefined,
    phi: undefined,
    label: array.shape.length === 2 ? "map" : `[${index}]`,
  }));
  return {
    format: "npy",
    entries,
    frames: shape.frames,
    times: undefined,
    storesHalf: false,
    readBlock: (entry: DataEntry, window: FrameWindow) => readNpyBlock(path, array, shape, entry.index, window),
    close: () => handle.close(),
  };
}
