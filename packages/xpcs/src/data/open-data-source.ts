import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "./data-error.ts";
import { DataSource } from "./data-source.ts";
import { HDF5_MAGIC, openHdf5 } from "./hdf5-storage.ts";
import type { MapStorage } from "./map-storage.ts";
import { NPY_MAGIC } from "./npy-header.ts";
import { openNpy } from "./npy-storage.ts";
import { openNpz } from "./npz-storage.ts";
import { ZIP_MAGIC } from "./zip-directory.ts";

/** Kind of file, told by its first bytes. */
export type FileKind = "hdf5" | "npy" | "npz";

/** Options of {@link openDataSource}. */
export interface OpenOptions {
  /** Insist on a kind of file; by default whatever the first bytes tell. The file's name plays no part. */
  readonly kind?: FileKind | undefined;
}

/**
 * Opens a file of two-time correlation maps: HDF5 (APS-U, APS legacy, `exchange/…`, datasets at the root), .npy (one map
 * or a stack) or .npz. Close the source when done.
 *
 * @throws {DataError} when the file is missing, not readable, of no known kind, truncated, or lacks a dataset.
 */
export async function openDataSource(path: string, { kind }: OpenOptions = {}): Promise<DataSource> {
  const { handle, size } = await openFile(path);
  let storage: MapStorage;
  try {
    const found = await detect(path, handle, size);
    if (kind !== undefined && kind !== found) {
      throw new DataError(path, `is an ${found} file, not ${kind} as the configuration says`);
    }
    if (found === "npy") storage = await openNpy(path, handle, size);
    else if (found === "npz") storage = await openNpz(path, handle, size);
    else {
      await handle.close();
      return new DataSource(path, await openHdf5(path));
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  return new DataSource(path, storage);
}

async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === "ENOENT" || code === "ENOTDIR"
        ? "the data file does not exist"
        : code === "EACCES" || code === "EPERM"
          ? "the data file may not be read: permission denied"
          : `the data file cannot be opened (${code ?? String(cause)})`;
    throw new DataError(path, problem, { cause });
  }
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, size: stat.size };
  await handle.close();
  throw new DataError(path, stat.isDirectory() ? "is a directory; a data file is needed" : "is not a regular file");
}

async function detect(path: string, handle: FileHandle, size: number): Promise<FileKind> {
  if (size === 0) throw new DataError(path, "the file is empty");
  if (await startsWith(handle, 0, NPY_MAGIC)) return "npy";
  if (await startsWith(handle, 0, ZIP_MAGIC)) return "npz";
  // A block of the user's own, of 512 bytes or a power of two times that, may precede HDF5.
  for (let offset = 0; offset < size; offset = offset === 0 ? 512 : 2 * offset) {
    if (await startsWith(handle, offset, HDF5_MAGIC)) return "hdf5";
  }
  const hint = /\.(h5|hdf5?|nxs)$/i.test(path) ? "is not an HDF5 file" : "is not an HDF5, .npy or .npz file";
  throw new DataError(path, `${hint}: its first bytes are of another kind`);
}

async function startsWith(handle: FileHandle, offset: number, magic: Uint8Array): Promise<boolean> {
  const bytes = new Uint8Array(magic.length);
  const { bytesRead } = await handle.read(bytes, 0, magic.length, offset);
  return bytesRead === magic.length && magic.every((byte, k) => bytes[k] === byte);
}
