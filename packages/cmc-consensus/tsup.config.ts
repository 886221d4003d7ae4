import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(
  library(
    { index: "src/index.ts", "directory/index": "src/directory/index.ts", "shard-task": "src/shard-task.ts" },
    { esbuildPlugins: [compiledAddress(/shard-task-address\.ts$/, "shard-task")] },
  ),
);
