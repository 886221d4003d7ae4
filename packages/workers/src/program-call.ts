import type { RunProgram } from "./protocol.ts";
import type { WasmTaskResult } from "./task.ts";

/**
 * Writes the blocks, calls the function, copies the bytes asked for.
 * @throws {RangeError} when a block or the part to read is outside of the memory; what the function traps with.
 */
export function callProgram(
  instance: WebAssembly.Instance,
  run: RunProgram,
): WasmTaskResult & { readonly bytes: Uint8Array<ArrayBuffer> } {
  const call = instance.exports[run.export] as (...parameters: (number | bigint)[]) => number | bigint | undefined;
  for (const { offset, bytes } of run.write) {
    const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    part(instance, "write", offset, source.length).set(source);
  }
  const value = call(...run.arguments);
  const bytes = new Uint8Array(run.read?.length ?? 0);
  if (run.read) bytes.set(part(instance, "read", run.read.offset, run.read.length));
  return { value, bytes };
}

/** Memory may have grown, and its buffer been replaced, since it was last asked for. */
function part(instance: WebAssembly.Instance, verb: string, offset: number, length: number): Uint8Array {
  const memory = instance.exports["memory"];
  if (!(memory instanceof WebAssembly.Memory)) {
    throw new RangeError(`cannot ${verb} memory: the program exports no memory "memory"`);
  }
  const size = memory.buffer.byteLength;
  if (offset + length > size) {
    throw new RangeError(`cannot ${verb} ${length} bytes at ${offset}: the program's memory has ${size}`);
  }
  return new Uint8Array(memory.buffer, offset, length);
}
