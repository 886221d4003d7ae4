import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { OutputError, outputErrorFrom } from "./output-error.ts";

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
 * Makes a folder, with those above it, one by one from the nearest that is there: a system's own way to make them all at
 * once may never return, as Node's below /proc.
 *
 * @throws {OutputError} when it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  const { ancestor, missing } = await nearestFolder(path);
  let folder = ancestor;
  for (const name of missing) {
    folder = join(folder, name);
    try {
      await mkdir(folder);
    } catch (cause) {
      // Another program may have made it meanwhile.
      if (!(await isFolder(folder))) throw outputErrorFrom(path, cause);
    }
  }
}

/**
 * Makes sure that files can be written to a folder, before hours are spent on what shall go there. Nothing is left behind:
 * the folder itself is made only by what writes to it.
 *
 * @param files paths of the files that will be written; the folders that they are in are checked too.
 * @throws {OutputError} when they cannot.
 */
export async function checkWritable(folder: string, files: readonly string[] = []): Promise<void> {
  const folders = new Set<string>();
  for (const path of [folder, ...files.map((file) => dirname(file))]) folders.add((await nearestFolder(path)).ancestor);
  for (const ancestor of folders) await probe(ancestor, folder);
  for (const file of files) {
    if (await isFolder(file)) throw new OutputError(file, "cannot be written: it is a folder");
  }
}

/** Makes a folder in a folder, the most that writing will do to it, and removes it again. */
async function probe(ancestor: string, folder: string): Promise<void> {
  const trial = join(ancestor, `.siegert-${randomUUID().slice(0, 8)}.tmp`);
  try {
    await mkdir(trial);
    await rmdir(trial);
  } catch (cause) {
    throw outputErrorFrom(folder, cause);
  }
}

/**
 * The nearest folder above a path (or the path itself) that is there, and the names below it that are not.
 *
 * @throws {OutputError} when a part of the path is a file, or may not be looked at.
 */
async function nearestFolder(path: string): Promise<{ ancestor: string; missing: readonly string[] }> {
  const missing: string[] = [];
  let ancestor = resolve(path);
  for (;;) {
    try {
      if ((await stat(ancestor)).isDirectory()) return { ancestor, missing };
    } catch (cause) {
      const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT" && dirname(ancestor) !== ancestor;
      if (!isMissing) throw outputErrorFrom(path, cause);
      missing.unshift(basename(ancestor));
      ancestor = dirname(ancestor);
      continue;
    }
    throw new OutputError(path, "cannot be written: a part of the path is a file, not a folder");
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
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
