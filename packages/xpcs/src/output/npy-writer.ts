import { InvalidArgumentError } from "@siegert/errors";
import { writeAtomically } from "./atomic-write.ts";

/** An array to be written: its elements in row-major order, and its shape. */
export interface NpyArray {
  readonly data: Float64Array | Int32Array | readonly number[];
  /** Default: one dimension. [] is a single number. */
  readonly shape?: readonly number[] | undefined;
}

/** A float64 array that is made piece by piece while it is written, so that it is never whole in memory. */
export interface NpyStream {
  readonly shape: readonly number[];
  /** The elements in row-major order; a piece may be reused once the next is asked for. */
  readonly chunks: () => Iterable<Float64Array> | AsyncIterable<Float64Array>;
}

export type NpyData = NpyArray | NpyStream;

/** Header and bytes of an array in NumPy's format, version 1.0: float64, or int32 for Int32Array. */
export interface NpyParts {
  readonly header: Uint8Array;
  /** Bytes of header and body together. */
  readonly size: number;
  /** The body, piece by piece; pieces share memory with typed arrays. */
  body(): AsyncIterable<Uint8Array>;
}

/**
 * Encodes an array.
 *
 * @throws {InvalidArgumentError} when the shape does not fit the number of elements; for a stream, when its pieces turn
 * out to be more or fewer than its shape says.
 */
export function npyParts(array: NpyData, name = "data"): NpyParts {
  const stream = "chunks" in array ? array : undefined;
  const data = "chunks" in array ? undefined : typed(array.data);
  const shape = array.shape ?? [data!.length];
  const count = shape.reduce((product, length) => product * length, 1);
  if (data !== undefined && count !== data.length) {
    throw new InvalidArgumentError(`${name}.shape`, `fit the ${data.length} elements`, shape);
  }
  const header = npyHeader(data instanceof Int32Array ? "<i4" : "<f8", shape);
  return {
    header,
    size: header.length + count * (data?.BYTES_PER_ELEMENT ?? 8),
    async *body() {
      let written = 0;
      for await (const piece of stream ? stream.chunks() : [data!]) {
        written += piece.length;
        yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
      }
      if (written !== count) throw new InvalidArgumentError(`${name}.chunks`, `hold ${count} elements in all`, written);
    },
  };
}

function typed(data: Float64Array | Int32Array | readonly number[]): Float64Array | Int32Array {
  return data instanceof Int32Array || data instanceof Float64Array ? data : Float64Array.from(data);
}

function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, length and text fill a multiple of 64 bytes, and the text ends with a line break.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  header.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  return header;
}

/**
 * Writes an .npy file atomically.
 *
 * @throws {InvalidArgumentError} when the shape does not fit.
 * @throws {OutputError} when it cannot be written.
 */
export async function writeNpy(path: string, array: NpyData): Promise<void> {
  const parts = npyParts(array);
  await writeAtomically(path, async (handle) => {
    await handle.writeFile(parts.header);
    for await (const piece of parts.body()) await handle.writeFile(piece);
  });
}
