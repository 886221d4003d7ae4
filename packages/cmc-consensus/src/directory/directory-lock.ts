import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { RunStoreError } from "../store/run-store-error.ts";
import { writeAtomically, writeFlushed } from "./atomic-file.ts";
import { isMissing } from "./directory-error.ts";
import type { FileSystem } from "./file-system.ts";
import { type ProcessIdentity, thisProcess, whereabouts } from "./process-identity.ts";

const NAME = /^lock-(\d{6,})\.json$/;

interface LockContent {
  readonly owner: ProcessIdentity | null;
}

/**
 * A folder that one process owns. The owner stands in the file `lock-N.json` of the highest N. Whoever finds it gone, or
 * that it has given up, makes N + 1, which only one can, and looks again whether that is the highest: so two processes
 * that find the same dead owner cannot both follow it.
 */
export class DirectoryLock {
  readonly #files: FileSystem;
  readonly #folder: string;
  #name: string | undefined;

  constructor(files: FileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** @throws {RunStoreError} "locked" when another process, or another run of this one, has the folder. */
  async take(): Promise<void> {
    for (;;) {
      const held = await this.#numbers();
      const last = held.at(-1);
      if (last !== undefined) await this.#refuseLiving(nameOf(last));
      const number = (last ?? 0) + 1;
      if (!(await this.#create(nameOf(number)))) continue;
      if ((await this.#numbers()).at(-1) !== number) {
        await this.#remove(nameOf(number));
        continue;
      }
      this.#name = nameOf(number);
      for (const old of held) await this.#remove(nameOf(old));
      return;
    }
  }

  /** Gives the folder up; the file stays, so that its number is not given again. */
  async release(): Promise<void> {
    if (this.#name === undefined) return;
    const name = this.#name;
    this.#name = undefined;
    const given = Buffer.from(JSON.stringify({ owner: null } satisfies LockContent));
    // On a full disk the lock is removed instead: a number given twice is a smaller evil than a lock that stays.
    await writeAtomically(this.#files, this.#folder, name, given).catch(() => this.#remove(name));
  }

  async #numbers(): Promise<number[]> {
    const names = await this.#files.readdir(this.#folder);
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  async #refuseLiving(name: string): Promise<void> {
    const text = await this.#files.readFile(join(this.#folder, name), "utf8").catch((error: unknown) => {
      if (isMissing(error)) return '{"owner":null}';
      throw error;
    });
    const owner = ownerOf(text);
    if (!owner) return;
    const where = whereabouts(owner);
    if (where === "gone") return;
    const advice = where === "here" ? "wait for it, or stop it" : `if it is dead, remove ${name}`;
    const who = `process ${owner.pid} on ${owner.host}`;
    throw new RunStoreError(this.#folder, "locked", `${who} works on the run in this folder; ${advice}`);
  }

  /** Makes the lock's file with its content at once; false when somebody else has made it. */
  async #create(name: string): Promise<boolean> {
    const content = Buffer.from(JSON.stringify({ owner: thisProcess() } satisfies LockContent));
    const draft = join(this.#folder, `.${name}.${randomUUID()}.tmp`);
    try {
      await writeFlushed(this.#files, draft, content);
      await this.#files.link(draft, join(this.#folder, name));
      return true;
    } catch (error) {
      // Somebody else was first; a new owner also removes drafts.
      if ((error as NodeJS.ErrnoException).code === "EEXIST" || isMissing(error)) return false;
      throw error;
    } finally {
      await this.#files.rm(draft, { force: true }).catch(() => undefined);
    }
  }

  #remove(name: string): Promise<void> {
    return this.#files.rm(join(this.#folder, name), { force: true });
  }
}

function nameOf(number: number): string {
  return `lock-${String(number).padStart(6, "0")}.json`;
}

/** Nobody, for what cannot be read: locks come into being complete, so only a damaged disk leaves such. */
function ownerOf(text: string): ProcessIdentity | null {
  try {
    return (JSON.parse(text) as LockContent).owner;
  } catch {
    return null;
  }
}
