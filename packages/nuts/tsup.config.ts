import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(
  library(
    {
      index: "src/index.ts",
      "plan/index": "src/plan/index.ts",
      "transition/index": "src/transition/index.ts",
      "chain-task": "src/chain-task.ts",
    },
    { esbuildPlugins: [compiledAddress(/chain-task-address\.ts$/, "chain-task")] },
  ),
);
