/**
 * The part of the host's WebAssembly interface that this package uses, declared here because the language library
 * does not have it. Values of the host's own types fit these.
 */
/** A compiled module; only the host looks inside. */
export type WasmModule = object;

/** A linear memory. `buffer` is a new object after each growth, and the old one is detached unless it is shared. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB and gives the size before. @throws {RangeError} when the host refuses. */
  grow(pages: number): number;
}

/** What a module gets from its host, by module and name. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Host {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (module: WasmModule, imports?: WasmImports) => { readonly exports: unknown };
  readonly Memory: new (descriptor: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** The host's WebAssembly. @throws {TypeError} where there is none. */
export function webAssembly(): Host {
  const host = findWebAssembly();
  if (!host) throw new TypeError("this host has no WebAssembly");
  return host;
}

/** The host's WebAssembly, if it has one. */
export function findWebAssembly(): Host | undefined {
  return (globalThis as { readonly WebAssembly?: Host }).WebAssembly;
}
