import type { VariableData } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";

/** An array of NumPy: elements in row-major order. */
export interface NpyArray {
  readonly data: VariableData;
  readonly shape: readonly number[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * An array in NumPy's .npy format, version 1.0 (NEP 1): float64, int32, int64, bool, or strings as UTF-32 of the longest
 * one's length.
 */
export function encodeNpy({ data, shape }: NpyArray): Uint8Array {
  const { descr, body } = ArrayBuffer.isView(data) ? numberBytes(data) : textBytes(data);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, length and text fill a multiple of 64 bytes, and the text ends with a line break.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + body.length);
  bytes.set([...MAGIC, 1, 0, length & 0xff, length >> 8]);
  const header = `${text.padEnd(length - 1)}\n`;
  for (let i = 0; i < length; i++) bytes[10 + i] = header.charCodeAt(i);
  bytes.set(body, 10 + length);
  return bytes;
}

function numberBytes(data: Exclude<VariableData, readonly string[]>): { descr: string; body: Uint8Array } {
  const body = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof Float64Array) return { descr: "<f8", body };
  if (data instanceof Int32Array) return { descr: "<i4", body };
  return { descr: data instanceof BigInt64Array ? "<i8" : "|b1", body };
}

function textBytes(data: readonly string[]): { descr: string; body: Uint8Array } {
  const points = data.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const width = points.reduce((longest, list) => Math.max(longest, list.length), 1);
  const body = new Uint32Array(width * data.length);
  for (const [i, list] of points.entries()) body.set(list, i * width);
  return { descr: `<U${width}`, body: new Uint8Array(body.buffer) };
}

/**
 * The array in the bytes of an .npy file: float32 and float64 as float64, integers as 32 bits where the type fits and as
 * 64 otherwise, bool, and strings; versions 1 to 3.
 *
 * @param place name for messages.
 * @throws {InferenceDataError} for a damaged header, too few bytes, or elements of another type or order.
 */
export function decodeNpy(bytes: Uint8Array, place: string): NpyArray {
  const fail = (problem: string): InferenceDataError => new InferenceDataError("NPZ", place, problem);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw fail("is not an .npy array");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = bytes[6] === 1;
  const start = (isFirst ? 10 : 12) + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw fail("is truncated");
  const header = String.fromCharCode(...bytes.subarray(isFirst ? 10 : 12, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || tuple === undefined) throw fail("has a header that is damaged or of records");
  const shape = (tuple.match(/\d+/g) ?? []).map(Number);
  if (/'fortran_order'\s*:\s*True/.test(header) && shape.length > 1)
    throw fail("is in Fortran order; C order is needed");
  const count = shape.reduce((product, length) => product * length, 1);
  const [, order = "", kind = "", width = "0"] = /^([<>|=])(\w)(\d+)$/.exec(descr) ?? [];
  const size = kind === "U" ? 4 * Number(width) : Number(width);
  if (!/^([fiuUb])$/.test(kind) || order === ">") throw fail(`has elements of type ${descr}, which is not supported`);
  const have = bytes.length - start;
  if (have < count * size) throw fail(`is truncated: its shape needs ${count * size} bytes, ${have} are there`);
  const body = bytes.slice(start, start + count * size).buffer;
  const data = kind === "U" ? texts(body, count, Number(width)) : numbers(body, kind, size);
  if (data === undefined) throw fail(`has elements of type ${descr}, which is not supported`);
  return { data, shape };
}

function numbers(body: ArrayBuffer, kind: string, size: number): VariableData | undefined {
  switch (`${kind}${size}`) {
    case "f8":
      return new Float64Array(body);
    case "f4":
      return Float64Array.from(new Float32Array(body));
    case "i8":
      return new BigInt64Array(body);
    case "i4":
      return new Int32Array(body);
    case "i2":
      return Int32Array.from(new Int16Array(body));
    case "i1":
      return Int32Array.from(new Int8Array(body));
    case "u4":
      return BigInt64Array.from(new Uint32Array(body) as unknown as ArrayLike<number>[], (value) =>
        BigInt(Number(value)),
      );
    case "u2":
      return Int32Array.from(new Uint16Array(body));
    case "u1":
      return Int32Array.from(new Uint8Array(body));
    case "b1":
      return new Uint8Array(body);
    default:
      return undefined;
  }
}

function texts(body: ArrayBuffer, count: number, width: number): string[] {
  const points = new Uint32Array(body);
  return Array.from({ length: count }, (_, i) => {
    const text = points.subarray(i * width, (i + 1) * width);
    const end = text.indexOf(0);
    return Array.from(end < 0 ? text : text.subarray(0, end), (point) => String.fromCodePoint(point)).join("");
  });
}
