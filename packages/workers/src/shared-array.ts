import { InvalidArgumentError } from "@siegert/errors";

/** Whether memory can be shared between threads: always in Node, in browsers on pages that are cross-origin isolated. */
export function canShare(): boolean {
  return typeof SharedArrayBuffer === "function";
}

/** The arrays that can lie in shared memory. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

/**
 * A copy of the array in shared memory, which tasks get without copying; where memory cannot be shared an ordinary
 * copy, which is copied again for every task that gets it. An array in shared memory is given back as it is.
 * Tasks see each other's writes to shared memory: for data that all only read.
 * @throws {InvalidArgumentError} unless the argument is a typed array.
 */
export function shareArray<A extends NumericArray>(array: A): A {
  if (!ArrayBuffer.isView(array) || array instanceof DataView) {
    throw new InvalidArgumentError("array", "be a typed array", array);
  }
  if (!canShare()) return array.slice() as A;
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Class = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const shared = new Class(new SharedArrayBuffer(array.byteLength));
  (shared as { set(values: unknown): void }).set(array);
  return shared;
}
