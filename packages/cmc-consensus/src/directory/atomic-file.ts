import { join } from "node:path";
import type { FileSystem } from "./file-system.ts";

/** Ends the names of files that are being written. */
export const UNFINISHED = ".tmp";

/**
 * Writes a file that is there completely and for good, or not at all: under another name, flushed to the disk, renamed,
 * and the folder flushed. What is left of a failure is removed.
 */
export async function writeAtomically(
  files: FileSystem,
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const unfinished = join(folder, `.${name}.${process.pid}${UNFINISHED}`);
  try {
    await writeFlushed(files, unfinished, bytes);
    await files.rename(unfinished, join(folder, name));
  } catch (error) {
    await files.rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(files, folder);
}

/** Writes a file and flushes it to the disk. */
export async function writeFlushed(files: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await files.open(path, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes renames durable; some systems do not let folders be opened, which costs only that. */
export async function flushFolder(files: FileSystem, folder: string): Promise<void> {
  const handle = await files.open(folder, "r").catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
