import { readFileSync } from "node:fs";
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

/**
 * Modules that other threads load are addressed by their source's name, `"./NAME.ts"`; in dist it ends with .js. Each of them
 * is an entry of its own.
 *
 * @param files pattern of the sources that hold such addresses.
 * @param name of the module, without its extension.
 */
export function compiledAddress(files: RegExp, name: string): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: `compiled-address-${name}`,
    setup(build) {
      build.onLoad({ filter: files }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replaceAll(`"./${name}.ts"`, `"./${name}.js"`),
        loader: "ts",
      }));
    },
  };
}
