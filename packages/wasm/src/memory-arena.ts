import { type WasmMemory, webAssembly } from "./web-assembly.ts";

const PAGE = 65536;
const LIMIT: number = 2 ** 32;
const ALIGNMENT = 16;

interface ArrayKinds {
  readonly f64: Float64Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly u8: Uint8Array<ArrayBuffer>;
}

/** Kinds of elements that an arena lays out. */
export type ElementKind = keyof ArrayKinds;

const ARRAYS = { f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const;

/** A piece of memory, 16-byte aligned. */
export interface MemoryRegion<K extends ElementKind = "f64"> {
  /** Address in bytes, in [0, 2³²): pass it to a function with an i32 parameter as it is, and compare unsigned there. */
  readonly ptr: number;
  /** Elements. */
  readonly length: number;
  /** The elements. Call it anew after anything that may grow the memory: growth empties older views. */
  view(): ArrayKinds[K];
}

/** Sizes are in pages of 64 KiB. */
export interface MemoryArenaOptions {
  /** Memory to lay out; otherwise a new one is made. */
  readonly memory?: WasmMemory;
  /** Size of a new memory at first. Default 1. */
  readonly initialPages?: number;
  /** Largest size of a new memory. Default and limit 65536: 4 GiB. */
  readonly maximumPages?: number;
  /** New memory for several threads: its views have a SharedArrayBuffer. Default false. */
  readonly shared?: boolean;
  /** First byte that the arena may use; below lies what the module itself keeps. Default 0. */
  readonly start?: number;
}

/** Lays out arrays one after the other in one WebAssembly memory, which grows as needed. */
export class MemoryArena {
  readonly memory: WasmMemory;
  readonly #start: number;
  #end: number;

  /** @throws {RangeError} when a size is out of range; @throws {TypeError} where there is no WebAssembly. */
  constructor({
    memory,
    initialPages = 1,
    maximumPages = LIMIT / PAGE,
    shared = false,
    start = 0,
  }: MemoryArenaOptions = {}) {
    if (!(Number.isInteger(maximumPages) && maximumPages >= 0 && maximumPages <= LIMIT / PAGE)) {
      throw new RangeError(`maximumPages must be an integer from 0 to 65536; received ${maximumPages}`);
    }
    if (!(Number.isInteger(initialPages) && initialPages >= 0 && initialPages <= maximumPages)) {
      throw new RangeError(`initialPages must be an integer from 0 to maximumPages; received ${initialPages}`);
    }
    if (!(Number.isInteger(start) && start >= 0 && start < LIMIT)) {
      throw new RangeError(`start must be an integer from 0 to 4294967295; received ${start}`);
    }
    this.memory = memory ?? newMemory(initialPages, maximumPages, shared);
    this.#start = start;
    this.#end = start;
  }

  /** First byte behind what is allocated. */
  get end(): number {
    return this.#end;
  }

  /**
   * Room for `length` elements, zero unless used before a `reset`.
   * @throws {RangeError} when the memory cannot grow that far: at most 4 GiB, less where the host says so.
   */
  allocate<K extends ElementKind = "f64">(length: number, kind: K = "f64" as K): MemoryRegion<K> {
    if (!(Number.isInteger(length) && length >= 0)) {
      throw new RangeError(`length must be an integer ≥ 0; received ${length}`);
    }
    const ArrayOf = ARRAYS[kind];
    const ptr = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    const end = ptr + length * ArrayOf.BYTES_PER_ELEMENT;
    this.#growTo(end);
    this.#end = end;
    const { memory } = this;
    let latest: ArrayKinds[K] | undefined;
    const view = (): ArrayKinds[K] => {
      const { buffer } = memory;
      if (latest?.buffer !== buffer) latest = new ArrayOf(buffer, ptr, length) as ArrayKinds[K];
      return latest;
    };
    return { ptr, length, view };
  }

  /** Forgets all regions: later ones take their place. What memory holds stays. */
  reset(): void {
    this.#end = this.#start;
  }

  #growTo(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    const size = `${this.memory.buffer.byteLength} to ${end} bytes`;
    if (end > LIMIT) throw new RangeError(`the memory of a module ends at 4 GiB (4294967296 bytes); asked for ${size}`);
    try {
      this.memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw new RangeError(`the host does not let the memory grow from ${size}`, { cause });
    }
  }
}

function newMemory(initial: number, maximum: number, shared: boolean): WasmMemory {
  const { Memory } = webAssembly();
  return new Memory({ initial, maximum, shared });
}
