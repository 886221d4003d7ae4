import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import { DataError } from "./data-error.ts";

/** Random access to a run of bytes: a file, or a member of an archive. */
export interface ByteSource {
  /** Number of bytes. */
  readonly size: number;
  /** Fills `target` with the bytes from `offset`. @throws {DataError} when they are not there. */
  read(offset: number, target: Uint8Array): Promise<void>;
  /** Releases what the source holds; the file handle it was given stays open. */
  close(): Promise<void>;
}

/** Bytes of a file from `start`, as they are. */
export class PlainBytes implements ByteSource {
  readonly size: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #start: number;

  constructor(path: string, handle: FileHandle, start: number, size: number) {
    this.#path = path;
    this.#handle = handle;
    this.#start = start;
    this.size = size;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.byteLength) {
      const { bytesRead } = await this.#handle.read(
        target,
        filled,
        target.byteLength - filled,
        this.#start + offset + filled,
      );
      if (bytesRead === 0) throw new DataError(this.#path, "the file is truncated: it ends before its data do");
      filled += bytesRead;
    }
  }

  async close(): Promise<void> {}
}

/**
 * Bytes of a deflated archive member. They are inflated on the way, never held as a whole: reading forward is one pass,
 * reading backward starts again.
 */
export class InflatedBytes implements ByteSource {
  readonly size: number;
  readonly #path: string;
  readonly #start: number;
  readonly #compressedSize: number;
  #chunks: AsyncIterator<Buffer> | undefined;
  #chunk: Buffer = Buffer.alloc(0);
  /** Offset of the first byte of the current chunk. */
  #position = 0;

  constructor(path: string, start: number, compressedSize: number, size: number) {
    this.#path = path;
    this.#start = start;
    this.#compressedSize = compressedSize;
    this.size = size;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    if (this.#chunks === undefined || offset < this.#position) await this.#restart();
    let filled = 0;
    while (filled < target.byteLength) {
      const wanted = offset + filled - this.#position;
      if (wanted >= this.#chunk.length) {
        await this.#next();
        continue;
      }
      const part = this.#chunk.subarray(wanted, wanted + target.byteLength - filled);
      target.set(part, filled);
      filled += part.length;
    }
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
    this.#chunks = undefined;
  }

  async #restart(): Promise<void> {
    await this.close();
    const inflate = createInflateRaw();
    const file = createReadStream(this.#path, { start: this.#start, end: this.#start + this.#compressedSize - 1 });
    file.on("error", (error) => inflate.destroy(error));
    inflate.on("close", () => file.destroy());
    this.#chunks = file.pipe(inflate)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#chunk = Buffer.alloc(0);
    this.#position = 0;
  }

  async #next(): Promise<void> {
    this.#position += this.#chunk.length;
    this.#chunk = Buffer.alloc(0);
    let next: IteratorResult<Buffer>;
    try {
      next = await this.#chunks!.next();
    } catch (cause) {
      throw new DataError(this.#path, `the compressed data are damaged (${(cause as Error).message})`, { cause });
    }
    if (next.done === true) throw new DataError(this.#path, "the file is truncated: it ends before its data do");
    this.#chunk = next.value;
  }
}
