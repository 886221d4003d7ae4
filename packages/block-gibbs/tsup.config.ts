import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(library(undefined, { esbuildPlugins: [compiledAddress(/index-address\.ts$/, "index")] }));
