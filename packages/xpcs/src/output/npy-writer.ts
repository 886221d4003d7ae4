import { InvalidArgumentError } from "@siegert/errors";
import { writeAtomically } from "./atomic-write.ts";

/** An array to be written: its elements in row-major order, and its shape. */
export interface NpyData {
  readonly data: Float64Array | Int32Array | readonly number[];
  /** Default: one dimension. [] is a single number. */
  readonly shape?: readonly number[] | undefined;
}

/** Header and bytes of an array in NumPy's format, version 1.0: float64, or int32 for Int32Array. */
export interface NpyParts {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * Encodes an array. The body shares memory with a typed array.
 *
 * @throws {InvalidArgumentError} when the shape does not fit the number of elements.
 */
export function npyParts(array: NpyData, name = "data"): NpyParts {
  const data = Array.isArray(array.data) ? Float64Array.from(array.data) : (array.data as Float64Array | Int32Array);
  const shape = array.shape ?? [data.length];
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) {
    throw new InvalidArgumentError(`${name}.shape`, `fit the ${data.length} elements`, shape);
  }
  const descr = data instanceof Int32Array ? "<i4" : "<f8";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, length and text fill a multiple of 64 bytes, and the text ends with a line break.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  header.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  return { header, body: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/**
 * Writes an .npy file atomically.
 *
 * @throws {InvalidArgumentError} when the shape does not fit.
 * @throws {OutputError} when it cannot be written.
 */
export async function writeNpy(path: string, array: NpyData): Promise<void> {
  const { header, body } = npyParts(array);
  await writeAtomically(path, async (handle) => {
    await handle.writeFile(header);
    await handle.writeFile(body);
  });
}
