import { must } from "../must.ts";

/** What every host has, though the language library does not declare it. */
const host = globalThis as unknown as { btoa(bytes: string): string; atob(text: string): string };
const PIECE = 8192;

/** Bytes as base64. */
export function packBytes(bytes: Uint8Array): string {
  let text = "";
  for (let k = 0; k < bytes.length; k += PIECE) text += String.fromCharCode(...bytes.subarray(k, k + PIECE));
  return host.btoa(text);
}

/** The bytes of a text. @throws {InvalidArgumentError} when it is no base64. */
export function unpackBytes(argument: string, text: string): Uint8Array {
  let bytes: string | undefined;
  try {
    bytes = typeof text === "string" ? host.atob(text) : undefined;
  } catch {
    // Refused below.
  }
  must(bytes !== undefined, argument, "hold bytes as base64", text);
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** Doubles as base64 of their bytes, least significant first: every bit is kept, infinities too. */
export function packNumbers(numbers: Float64Array): string {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (let k = 0; k < numbers.length; k++) view.setFloat64(8 * k, numbers[k]!, true);
  return packBytes(new Uint8Array(view.buffer));
}

/** The doubles of a text. @throws {InvalidArgumentError} when it is not one that `packNumbers` wrote. */
export function unpackNumbers(argument: string, text: string): Float64Array {
  const bytes = unpackBytes(argument, text);
  must(bytes.length % 8 === 0, argument, "hold doubles as base64", text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / 8 }, (_, k) => view.getFloat64(8 * k, true));
}
