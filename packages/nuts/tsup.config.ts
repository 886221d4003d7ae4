import { readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";
import { library } from "../../tsup.base.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Sources name the module that workers run as it is called there; in dist it ends with .js. */
const taskFileName: Plugin = {
  name: "task-file-name",
  setup(build) {
    build.onLoad({ filter: /chain-task-address\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll('"./chain-task.ts"', '"./chain-task.js"'),
      loader: "ts",
    }));
  },
};

export default defineConfig(
  library({ index: "src/index.ts", "chain-task": "src/chain-task.ts" }, { esbuildPlugins: [taskFileName] }),
);
