import type { ByteSource } from "./byte-source.ts";
import { DataError } from "./data-error.ts";
import { type ElementType, elementType } from "./element-type.ts";

/** First bytes of every .npy file. */
export const NPY_MAGIC: Uint8Array = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** An array in NumPy's .npy format: its description and where its bytes begin. */
export interface NpyArray {
  readonly bytes: ByteSource;
  readonly shape: readonly number[];
  readonly element: ElementType;
  /** Whether the first index runs fastest (Fortran order). */
  readonly isFortran: boolean;
  /** Offset of the first element. */
  readonly start: number;
}

/**
 * Reads the header of an .npy array (format versions 1 to 3).
 *
 * @throws {DataError} for a damaged header, an element type that is not numeric, or fewer bytes than the shape needs.
 */
export async function readNpyHeader(path: string, bytes: ByteSource, dataset?: string): Promise<NpyArray> {
  const fail = (problem: string): DataError => new DataError(path, problem, { dataset });
  if (bytes.size < 10) throw fail("the file is truncated: an .npy header needs at least 10 bytes");
  const lead = new Uint8Array(Math.min(12, bytes.size));
  await bytes.read(0, lead);
  if (NPY_MAGIC.some((byte, i) => lead[i] !== byte)) throw fail("is not an .npy array");
  const major = lead[6]!;
  if (major < 1 || major > 3) throw fail(`has .npy format version ${major}; versions 1 to 3 can be read`);
  const view = new DataView(lead.buffer);
  const headerStart = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerStart + headerLength > bytes.size) throw fail("the file is truncated: its header is incomplete");
  const text = new Uint8Array(headerLength);
  await bytes.read(headerStart, text);
  const { descr, shape, isFortran } = parseDictionary(new TextDecoder().decode(text), fail);
  const element = elementType(descr);
  if (element === undefined)
    throw fail(`has elements of type ${descr}; real or complex numbers of 1 to 16 bytes are needed`);
  const start = headerStart + headerLength;
  const needed = shape.reduce((product, length) => product * length, element.size);
  if (bytes.size - start < needed) {
    throw fail(
      `the file is truncated: shape (${shape.join(", ")}) needs ${needed} bytes, ${bytes.size - start} are there`,
    );
  }
  return { bytes, shape, element, isFortran, start };
}

function parseDictionary(
  text: string,
  fail: (problem: string) => DataError,
): { descr: string; shape: number[]; isFortran: boolean } {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined) throw fail("has a damaged .npy header");
  if (descr === undefined) throw fail("holds records or objects; an array of numbers is needed");
  const lengths = shape
    .split(",")
    .map((length) => length.trim().replace("L", ""))
    .filter((length) => length !== "")
    .map(Number);
  return { descr, shape: lengths, isFortran: order === "True" };
}

/**
 * All elements of a small array (angles, times) as float64, in C order for one dimension.
 *
 * @throws {DataError} as {@link readNpyHeader} and for complex numbers with an imaginary part.
 */
export async function readNpyVector(path: string, array: NpyArray, dataset?: string): Promise<Float64Array> {
  const count = array.shape.reduce((product, length) => product * length, 1);
  const raw = new Uint8Array(count * array.element.size);
  await array.bytes.read(array.start, raw);
  const values = new Float64Array(count);
  if (!array.element.decode(raw, 0, count, 1, values, 0, 1)) {
    throw new DataError(path, "holds complex numbers; real ones are needed", { dataset });
  }
  return values;
}
