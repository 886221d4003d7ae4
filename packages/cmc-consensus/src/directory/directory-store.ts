import { randomFillSync } from "node:crypto";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { RunStore } from "../store/run-store.ts";
import { UNFINISHED, writeAtomically, writeFlushed } from "./atomic-file.ts";
import { directoryError, isMissing } from "./directory-error.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { EventLog } from "./event-log.ts";
import { type FileSystem, systemFiles } from "./file-system.ts";

const LOG = "events.jsonl";
const RESERVE = "reserve";
const PIECE = 2 ** 20;
const WRITABLE = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** How a directory store works. */
export interface DirectoryStoreOptions {
  /** Default: the system's. */
  readonly files?: FileSystem;
}

/**
 * Keeps a run in a folder, which is made when it is not there: every result in a file of its own that is there
 * completely or not at all, a log of events (`events.jsonl`), the description of the run (`manifest.json`), and a lock that
 * a process leaves free when it dies, however it dies.
 * @throws {InvalidArgumentError} unless the folder is a nonempty text.
 */
export function directoryStore(folder: string, options: DirectoryStoreOptions = {}): RunStore {
  if (typeof folder !== "string" || folder === "") {
    throw new InvalidArgumentError("folder", "be the path of a folder", folder);
  }
  return new DirectoryStore(resolve(folder), options.files ?? systemFiles);
}

class DirectoryStore implements RunStore {
  readonly name: string;
  readonly #files: FileSystem;
  readonly #lock: DirectoryLock;
  readonly #log: EventLog;

  constructor(folder: string, files: FileSystem) {
    this.name = folder;
    this.#files = files;
    this.#lock = new DirectoryLock(files, folder);
    this.#log = new EventLog(files, folder, LOG);
  }

  open(): Promise<void> {
    return this.#attempt(async () => {
      await this.#files.mkdir(this.name, { recursive: true });
      await this.#lock.take();
      await this.#tidy().catch(async (error: unknown) => {
        await this.#lock.release();
        throw error;
      });
    });
  }

  close(): Promise<void> {
    return this.#attempt(async () => {
      await this.#log.close();
      await this.#lock.release();
    });
  }

  list(): Promise<readonly string[]> {
    return this.#attempt(async () => {
      const names = await this.#files.readdir(this.name);
      return names.filter(
        (name) => WRITABLE.test(name) && name !== LOG && name !== RESERVE && !name.startsWith("lock-"),
      );
    });
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#attempt(() =>
      this.#files.readFile(this.#path(name)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    );
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#attempt(() => {
      this.#path(name);
      return writeAtomically(this.#files, this.name, name, bytes);
    });
  }

  append(line: string): Promise<void> {
    return this.#attempt(() => this.#log.append(line));
  }

  log(): Promise<readonly string[]> {
    return this.#attempt(() => this.#log.lines());
  }

  reserve(bytes: number): Promise<void> {
    return this.#attempt(async () => {
      const path = join(this.name, RESERVE);
      if (!(bytes > 0)) return this.#files.rm(path, { force: true });
      // Random, because zeros may take no room on disks that compress.
      const filling = new Uint8Array(Math.ceil(bytes));
      for (let at = 0; at < filling.length; at += PIECE) randomFillSync(filling.subarray(at, at + PIECE));
      await writeFlushed(this.#files, path, filling).catch(async (error: unknown) => {
        await this.#files.rm(path, { force: true });
        throw error;
      });
    });
  }

  /** Removes what processes have left that died while they wrote. */
  async #tidy(): Promise<void> {
    const names = await this.#files.readdir(this.name);
    const left = names.filter((name) => name === RESERVE || (name.startsWith(".") && name.endsWith(UNFINISHED)));
    for (const name of left) await this.#files.rm(join(this.name, name), { force: true });
  }

  #path(name: string): string {
    if (WRITABLE.test(name)) return join(this.name, name);
    throw new InvalidArgumentError("name", "have letters, digits, dots and hyphens only", name);
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw error;
      throw directoryError(this.name, error);
    }
  }
}
