import type { Options } from "tsup";

/** One ESM file per entry; declarations come from `tsc --emitDeclarationOnly`. */
export function library(entry: Record<string, string> = { index: "src/index.ts" }, extra: Options = {}): Options {
  return {
    entry,
    format: ["esm"],
    target: "es2023",
    platform: "neutral",
    dts: false,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    silent: true,
    ...extra,
  };
}
