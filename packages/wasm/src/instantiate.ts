import type { ModuleBuilder } from "./module-builder.ts";
import { type WasmImports, type WasmModule, webAssembly } from "./web-assembly.ts";

/**
 * Compiles (unless compiled) and instantiates, and gives the exports.
 * The type of the exports is the caller's word: nothing checks it.
 * @throws what the host throws when the module is invalid or imports are missing.
 */
export function instantiate<Exports>(source: ModuleBuilder | WasmModule, imports: WasmImports = {}): Exports {
  const { Instance } = webAssembly();
  const module =
    "compile" in source && typeof source.compile === "function" ? (source as ModuleBuilder).compile() : source;
  return new Instance(module, imports).exports as Exports;
}
