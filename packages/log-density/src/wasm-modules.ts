/** A memory of WebAssembly. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** What is used of the host's WebAssembly, which the language library does not declare. */
export interface WasmHost {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Record<string, Record<string, WasmMemory>>,
  ): Promise<{ readonly exports: Record<string, unknown> }>;
  readonly Memory: new (descriptor: { initial: number }) => WasmMemory;
}

interface CompiledModule {
  readonly bytes: Uint8Array;
  readonly module: Promise<object>;
}

/** Modules that are kept compiled in this thread; the least recently used one goes first. */
const KEPT = 8;
let kept: readonly CompiledModule[] = [];
let compilations = 0;

/** How many WebAssembly modules this thread has compiled for portable targets so far. */
export function compileCount(): number {
  return compilations;
}

/**
 * The module of some bytes, compiled once per thread however many targets share it, as the shards of one model do, which
 * differ in their data only.
 */
export function compiledModule(host: Pick<WasmHost, "compile">, bytes: Uint8Array): Promise<object> {
  const known = kept.find((one) => areEqual(one.bytes, bytes));
  const found = known ?? compile(host, bytes);
  kept = [found, ...kept.filter((one) => one !== found)].slice(0, KEPT);
  return found.module;
}

function compile(host: Pick<WasmHost, "compile">, bytes: Uint8Array): CompiledModule {
  compilations++;
  const own = new Uint8Array(bytes);
  const module = host.compile(own);
  module.catch(() => {
    // What cannot be compiled is not kept; whoever asked for it gets the error.
    kept = kept.filter((one) => one.module !== module);
  });
  return { bytes: own, module };
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}
