/**
 * Arrays of doubles as text: the base64 of their bytes, least significant first. Unlike decimal numbers in JSON it
 * keeps every bit, of −0, infinities and NaN too, and is half as long.
 */
import { must } from "../must.ts";

/** What every host has, though the language library does not declare it. */
const host = globalThis as unknown as { btoa(bytes: string): string; atob(text: string): string };
const PIECE = 8192;

/** The numbers as text. */
export function packNumbers(numbers: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (let k = 0; k < numbers.length; k++) view.setFloat64(8 * k, numbers[k]!, true);
  let text = "";
  for (let k = 0; k < view.byteLength; k += PIECE) {
    text += String.fromCharCode(...new Uint8Array(view.buffer, k, Math.min(PIECE, view.byteLength - k)));
  }
  return host.btoa(text);
}

/** The numbers of a text. @throws {InvalidArgumentError} when it is not one that `packNumbers` wrote. */
export function unpackNumbers(text: string): Float64Array {
  let bytes = "?";
  try {
    bytes = host.atob(text);
  } catch {
    // Refused below, for its length.
  }
  must(bytes.length % 8 === 0, "state", "hold doubles as base64", text);
  const view = new DataView(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)).buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, k) => view.getFloat64(8 * k, true));
}
