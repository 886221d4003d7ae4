import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(
  library(
    { index: "src/index.ts", worker: "src/worker.ts" },
    { esbuildPlugins: [compiledAddress(/-thread\.ts$/, "worker")] },
  ),
);
