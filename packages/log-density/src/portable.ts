import type { NamedParameter } from "./named-log-density.ts";

/** A target that is made by a module: what `import(module)` exports under a name is called with the argument. */
export interface ModuleTarget {
  readonly kind: "module";
  /** Package name or absolute URL; a relative path would mean another file in each place that reads it. */
  readonly module: string;
  /** Name of the function that makes the target. Default "default". */
  readonly export?: string;
  /**
   * What it is called with: anything that structured cloning can copy (numbers, arrays, typed arrays, plain objects …).
   */
  readonly argument?: unknown;
}

/** Bytes to be written into a module's memory before use. */
export interface MemorySegment {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * A target that is a WebAssembly module and its data. The module exports a function (position, gradient: addresses i32)
 * → f64 that reads dim doubles at the first address, writes dim doubles at the second and gives the log density; and
 * its memory, unless it imports one.
 */
export interface WasmTarget {
  readonly kind: "wasm";
  readonly dim: number;
  /** The module's bytes. */
  readonly bytes: Uint8Array;
  /** Name of the function. Default "logDensityAndGradient". */
  readonly function?: string;
  /** A memory to be made and imported; without it the module exports one named "memory". */
  readonly memoryImport?: { readonly module: string; readonly name: string; readonly pages: number };
  /** Address of the position, a multiple of 8. */
  readonly positionAt: number;
  /** Address of the gradient, a multiple of 8. */
  readonly gradientAt: number;
  /** Written into the memory once, at instantiation. */
  readonly data?: readonly MemorySegment[];
  /** Names of the dim coordinates, when they are the parameters themselves. */
  readonly parameters?: readonly NamedParameter[];
}

/**
 * A target as plain data, which can travel to another thread or machine, or into a file. A closure cannot travel: put
 * the model into a module, and what it depends on into the argument.
 */
export type PortableTarget = ModuleTarget | WasmTarget;

/** Whether a value is a portable target rather than one that can be evaluated at once. */
export function isPortable(target: unknown): target is PortableTarget {
  const { kind } = (target ?? {}) as { readonly kind?: unknown };
  return kind === "module" || kind === "wasm";
}
