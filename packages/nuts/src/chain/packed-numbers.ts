/**
 * Arrays of doubles as text: the base64 of their little-endian bytes. Unlike decimal numbers in JSON it keeps every bit, of −0, infinities and NaN too, and is
 * half as long.
 */
import { InvalidArgumentError } from "@siegert/errors";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit.charCodeAt(0), value]));

const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const PADDING = 61;

/** The numbers as text. */
export function packNumbers(numbers: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (let k = 0; k < numbers.length; k++) view.setFloat64(8 * k, numbers[k]!, true);
  const bytes = new Uint8Array(view.buffer);
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let k = 0, at = 0; k < bytes.length; k += 3) {
    const group = (bytes[k]! << 16) | ((bytes[k + 1] ?? 0) << 8) | (bytes[k + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) codes[at++] = CODES[(group >> shift) & 63]!;
  }
  codes.fill(PADDING, codes.length - (codes.length * 0.75 - bytes.length));
  const pieces: string[] = [];
  for (let k = 0; k < codes.length; k += 8192) pieces.push(String.fromCharCode(...codes.subarray(k, k + 8192)));
  return pieces.join("");
}

/** The numbers of a text. @throws {InvalidArgumentError} when it is not one that `packNumbers` wrote. */
export function unpackNumbers(text: string, argument = "state"): Float64Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const size = (text.length / 4) * 3 - padding;
  if (text.length % 4 !== 0 || size % 8 !== 0) {
    throw new InvalidArgumentError(argument, "hold whole doubles as base64", text);
  }
  const bytes = new Uint8Array(size);
  for (let k = 0, at = 0; k < text.length; k += 4) {
    let group = 0;
    for (let j = 0; j < 4; j++) {
      const code = text.charCodeAt(k + j);
      const value = code === PADDING && k + j >= text.length - padding ? 0 : VALUES.get(code);
      if (value === undefined) throw new InvalidArgumentError(argument, "hold base64 digits only", text[k + j]);
      group = (group << 6) | value;
    }
    for (let shift = 16; shift >= 0 && at < size; shift -= 8) bytes[at++] = (group >> shift) & 255;
  }
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: size / 8 }, (_, k) => view.getFloat64(8 * k, true));
}
