import { Dataset, File, Group, ready } from "h5wasm/node";
import { DataError } from "./data-error.ts";

/** Filters that every HDF5 library has: deflate, shuffle, checksum, szip, n-bit, scale-offset. */
const LAST_STANDARD_FILTER = 6;

/** Elements of a dataset read at a time. */
const BLOCK_ELEMENTS = 1 << 19;

/**
 * Brings the HDF5 library up, with errors that throw: without that it reports a missing or damaged file only through an
 * invalid handle.
 */
export async function hdf5Library(): Promise<void> {
  const library = (await ready) as unknown as { activate_throwing_error_handler?: () => void };
  library.activate_throwing_error_handler?.();
}

/** An HDF5 file open for reading. It is read in place: the library seeks in the file on disk. */
export class Hdf5File {
  readonly path: string;
  readonly #file: File;

  private constructor(path: string, file: File) {
    this.path = path;
    this.#file = file;
  }

  /** @throws {DataError} when the library cannot open it: truncated or damaged. */
  static async open(path: string): Promise<Hdf5File> {
    await hdf5Library();
    try {
      return new Hdf5File(path, new File(path, "r"));
    } catch (cause) {
      throw new DataError(path, `the HDF5 file is truncated or damaged (${reason(cause)})`, { cause });
    }
  }

  /** Whether the path is a dataset or group of the file. */
  has(path: string): boolean {
    return this.#entity(path) !== null;
  }

  /** Names in a group, in the order of the file (by name, or of creation where the file keeps that), or `undefined`. */
  names(path: string): string[] | undefined {
    const group = path === "/" ? this.#file : this.#entity(path);
    return group instanceof Group ? group.keys() : undefined;
  }

  /** The dataset, or `undefined` when there is none at the path. */
  find(path: string): Dataset | undefined {
    const entity = this.#entity(path);
    return entity instanceof Dataset ? entity : undefined;
  }

  /** @throws {DataError} when there is no dataset at the path; the message tells what is there instead. */
  dataset(path: string): Dataset {
    const found = this.find(path);
    if (found !== undefined) return found;
    if (this.has(path)) throw new DataError(this.path, "is a group, not a dataset", { dataset: path });
    throw new DataError(this.path, `the dataset is missing; ${this.neighbours(path)}`, { dataset: path });
  }

  /** What the deepest existing group above a path holds, for messages. */
  neighbours(path: string): string {
    let parent = path;
    do {
      parent = parent.includes("/") ? parent.slice(0, parent.lastIndexOf("/")) : "";
    } while (parent !== "" && this.names(parent) === undefined);
    const names = this.names(parent === "" ? "/" : parent) ?? [];
    const shown = names.slice(0, 12).join(", ") + (names.length > 12 ? `, … (${names.length})` : "");
    return `${parent === "" ? "the file" : parent} has ${shown || "nothing"}`;
  }

  /** All numbers of a small dataset (bins, angles, times), flattened. @throws {DataError} */
  vector(path: string): Float64Array {
    const dataset = this.dataset(path);
    const count = (dataset.shape ?? []).reduce((product, length) => product * length, 1);
    this.#checkReadable(path, dataset);
    const out = new Float64Array(count);
    if (count > 0) this.#copy(path, () => dataset.value, out, 0);
    return out;
  }

  /**
   * Reads rows and columns [first, first + count) of the last two dimensions, in blocks of rows; shape (count, count).
   *
   * @param map index into the first of three dimensions; ignored for two.
   * @throws {DataError} for data that cannot be read or are not real numbers.
   */
  block(path: string, map: number, first: number, count: number): Float64Array {
    const dataset = this.dataset(path);
    this.#checkReadable(path, dataset);
    const out = new Float64Array(count * count);
    const lead = dataset.shape?.length === 3 ? [[map, map + 1]] : [];
    const rows = this.#rowsAtOnce(dataset, count);
    for (let row = 0; row < count; row += rows) {
      const end = Math.min(row + rows, count);
      const ranges = [...lead, [first + row, first + end], [first, first + count]];
      this.#copy(path, () => dataset.slice(ranges as [number, number][]), out, row * count);
    }
    return out;
  }

  close(): void {
    this.#file.close();
  }

  /** Rows per read: whole chunks, so that none is decompressed twice. */
  #rowsAtOnce(dataset: Dataset, count: number): number {
    const rows = Math.max(1, Math.floor(BLOCK_ELEMENTS / count));
    const chunkRows = dataset.metadata.chunks?.at(-2) ?? 1;
    return Math.max(chunkRows, Math.floor(rows / chunkRows) * chunkRows);
  }

  /** What the library cannot read, before it says so in its own words. */
  #checkReadable(path: string, dataset: Dataset): void {
    const filter = dataset.filters.find(({ id }) => id > LAST_STANDARD_FILTER);
    if (filter !== undefined) {
      throw new DataError(
        this.path,
        `is compressed with the filter ${filter.name || "number"} (${filter.id}), which cannot be read here; repack the file with gzip`,
        { dataset: path },
      );
    }
    const { dtype } = dataset;
    if (typeof dtype === "string" && /^[<>]e$/.test(dtype)) {
      throw new DataError(
        this.path,
        "holds 16-bit floating-point numbers, which cannot be read here; store 32 or 64 bits",
        {
          dataset: path,
        },
      );
    }
  }

  #entity(path: string): unknown {
    try {
      return this.#file.get(path);
    } catch (cause) {
      throw new DataError(this.path, `the HDF5 file is damaged (${reason(cause)})`, { dataset: path, cause });
    }
  }

  #copy(path: string, read: () => unknown, out: Float64Array, offset: number): void {
    let values: unknown;
    try {
      values = read();
    } catch (cause) {
      throw new DataError(this.path, `the data cannot be read: the file is truncated or damaged (${reason(cause)})`, {
        dataset: path,
        cause,
      });
    }
    if (typeof values === "number" || typeof values === "bigint") out[offset] = Number(values);
    else if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
      for (let k = 0; k < values.length; k++) out[offset + k] = Number(values[k]);
    } else if (ArrayBuffer.isView(values)) out.set(values as Float64Array, offset);
    else if (Array.isArray(values)) this.#copyComplex(path, values, out, offset);
    else throw new DataError(this.path, "does not hold numbers", { dataset: path });
  }

  /** Complex numbers are stored as pairs of a real and an imaginary part. */
  #copyComplex(path: string, values: readonly unknown[], out: Float64Array, offset: number): void {
    for (let k = 0; k < values.length; k++) {
      const pair = values[k];
      if (!(Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "number")) {
        throw new DataError(this.path, "does not hold numbers", { dataset: path });
      }
      if (pair[1] !== 0) {
        throw new DataError(this.path, "holds complex numbers with an imaginary part; a real correlation is needed", {
          dataset: path,
        });
      }
      out[offset + k] = pair[0];
    }
  }
}

/** The last cause in the library's stack of messages, on one line. */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const lines = text.split("\n").filter((line) => /^\s*#\d+/.test(line));
  const last = lines.at(-1) ?? text.split("\n")[0]!;
  return last.replace(/^.*?\bin \w+\(\): /, "").trim();
}
