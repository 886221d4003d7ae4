import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { outputErrorFrom } from "./output-error.ts";

/**
 * Writes a file so that it is there completely or not at all: a temporary file in the same folder, flushed to disk, then
 * renamed over `path`. The folder is made when it is missing.
 *
 * @param write writes the content to the open file.
 * @throws {OutputError} when the folder or file cannot be written; errors of `write` itself pass unchanged, and the
 * temporary file is removed in every case.
 */
export async function writeAtomically(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  await replaceAtomically(path, async (temporary) => {
    const handle = await open(temporary, "wx");
    try {
      await write(handle);
    } finally {
      await handle.close();
    }
  });
}

/** As {@link writeAtomically}, for writers that open the temporary file by its path themselves. */
export async function replaceAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await write(temporary);
    await flush(temporary);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw isSystemError(cause) ? outputErrorFrom(path, cause) : cause;
  }
}

/**
 * Makes a folder, with those above it.
 *
 * @throws {OutputError} when it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw outputErrorFrom(path, cause);
  }
}

/**
 * Makes sure that files can be written to a folder, before hours are spent on what shall go there.
 *
 * @throws {OutputError} when they cannot.
 */
export async function checkWritable(folder: string): Promise<void> {
  await makeFolder(folder);
  const probe = join(folder, `.siegert-${randomUUID().slice(0, 8)}.tmp`);
  try {
    const handle = await open(probe, "wx");
    await handle.close();
  } catch (cause) {
    throw outputErrorFrom(folder, cause);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable; some systems do not let folders be opened, which costs only that durability. */
async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => {});
  await handle.close();
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && typeof (cause as NodeJS.ErrnoException).code === "string" && "syscall" in cause;
}
