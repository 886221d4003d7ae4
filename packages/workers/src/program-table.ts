import { InvalidArgumentError } from "@siegert/errors";
import type { PoolCounts } from "./pool-counts.ts";
import type { WasmSource } from "./task.ts";

/** A compiled program with the number by which workers know it. */
export interface KeyedProgram {
  readonly key: number;
  readonly module: WebAssembly.Module;
}

/** The programs that a pool has seen: the same object is compiled and numbered once. */
export class ProgramTable {
  private readonly known = new WeakMap<object, KeyedProgram>();
  private readonly counts: PoolCounts;
  private nextKey = 0;

  constructor(counts: PoolCounts) {
    this.counts = counts;
  }

  /** @throws {InvalidArgumentError} for something else than a module or bytes; CompileError for bytes that are none. */
  find(source: WasmSource, argument: string): KeyedProgram {
    const known = typeof source === "object" && source !== null ? this.known.get(source) : undefined;
    if (known) return known;
    const program = { key: this.nextKey++, module: this.compile(source, argument) };
    this.known.set(source, program);
    return program;
  }

  private compile(source: WasmSource, argument: string): WebAssembly.Module {
    if (source instanceof WebAssembly.Module) return source;
    if (!(source instanceof ArrayBuffer || ArrayBuffer.isView(source))) {
      throw new InvalidArgumentError(argument, "be a WebAssembly.Module or the bytes of one", source);
    }
    const module = new WebAssembly.Module(source);
    this.counts.wasmCompilations++;
    return module;
  }
}
