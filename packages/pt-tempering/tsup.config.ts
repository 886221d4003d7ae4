import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(
  library(
    { index: "src/index.ts", nuts: "src/nuts.ts", testing: "src/testing.ts", "segment-task": "src/segment-task.ts" },
    {
      esbuildPlugins: [
        compiledAddress(/segment-task-address\.ts$/, "segment-task"),
        compiledAddress(/index-address\.ts$/, "index"),
        compiledAddress(/nuts-address\.ts$/, "nuts"),
      ],
    },
  ),
);
