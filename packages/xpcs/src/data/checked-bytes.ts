import { crc32 } from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { DataError } from "./data-error.ts";

/**
 * A member of an archive that is held to its checksum (CRC-32) as it is read from its begin to its end. What is skipped
 * is not read for the checksum's sake: after a gap there is no check.
 */
export class CheckedBytes implements ByteSource {
  readonly size: number;
  readonly #path: string;
  readonly #name: string;
  readonly #bytes: ByteSource;
  readonly #expected: number;
  /** Bytes from the begin that are in the checksum so far. */
  #done = 0;
  #crc = 0;

  constructor(path: string, name: string, bytes: ByteSource, expected: number) {
    this.#path = path;
    this.#name = name;
    this.#bytes = bytes;
    this.#expected = expected;
    this.size = bytes.size;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    await this.#bytes.read(offset, target);
    const end = offset + target.byteLength;
    if (offset > this.#done || end <= this.#done) return;
    this.#crc = crc32(target.subarray(this.#done - offset), this.#crc);
    this.#done = end;
    if (end === this.size && this.#crc !== this.#expected) {
      throw new DataError(this.#path, "is damaged: its content does not match its checksum", {
        dataset: this.#name.replace(/\.npy$/, ""),
      });
    }
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }
}
