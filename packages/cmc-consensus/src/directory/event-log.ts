import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./directory-error.ts";
import type { FileSystem } from "./file-system.ts";

const NEWLINE = 10;

/** A file of lines that only grows. A line that a crash or a full disk has cut short is cut off before the next. */
export class EventLog {
  readonly #files: FileSystem;
  readonly #path: string;
  #handle: FileHandle | undefined;
  /** Bytes of whole lines. */
  #length = 0;

  constructor(files: FileSystem, folder: string, name: string) {
    this.#files = files;
    this.#path = join(folder, name);
  }

  async append(line: string): Promise<void> {
    const handle = await this.#open();
    const bytes = Buffer.from(`${line}\n`);
    for (let at = 0; at < bytes.length; ) {
      at += (await handle.write(bytes, at, bytes.length - at, this.#length + at)).bytesWritten;
    }
    await handle.datasync();
    this.#length += bytes.length;
  }

  /** Whole lines. */
  async lines(): Promise<string[]> {
    const bytes = await this.#read();
    return bytes.subarray(0, wholeLength(bytes)).toString("utf8").split("\n").slice(0, -1);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle) return this.#handle;
    const bytes = await this.#read();
    this.#length = wholeLength(bytes);
    this.#handle = await this.#files.open(this.#path, bytes.length > 0 ? "r+" : "w");
    await this.#handle.truncate(this.#length);
    return this.#handle;
  }

  async #read(): Promise<Buffer> {
    return this.#files.readFile(this.#path).catch((error: unknown) => {
      if (isMissing(error)) return Buffer.alloc(0);
      throw error;
    });
  }
}

function wholeLength(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}
