import type { WasmMemory } from "@siegert/wasm";

/** Where the arrays of an engine come from: one WebAssembly memory, which kernels read by address, or the host. */
export interface Arena {
  /** An array of zeros. */
  allocate(length: number): Float64Array;
}

/** Separate arrays of the host. */
export const hostArena: Arena = { allocate: (length) => new Float64Array(length) };

/** Numbers per cache line; arrays begin on one. */
const LINE = 8;
/** Bytes at the beginning of a memory that hold constants of kernels. */
const RESERVED = 256;

/** Counts what would be allocated, and gives empty arrays. */
export class MeasuringArena implements Arena {
  bytes: number = RESERVED;

  allocate(length: number): Float64Array {
    this.bytes += 8 * aligned(length);
    return new Float64Array(0);
  }
}

function aligned(length: number): number {
  return Math.ceil(length / LINE) * LINE;
}

/** Arrays one after another in a WebAssembly memory that is large enough and does not grow any more. */
export class MemoryArena implements Arena {
  readonly #memory: WasmMemory;
  #next: number = RESERVED;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  allocate(length: number): Float64Array {
    const view = new Float64Array(this.#memory.buffer, this.#next, length);
    this.#next += 8 * aligned(length);
    return view;
  }
}
