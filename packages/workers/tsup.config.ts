import { readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";
import { library } from "../../tsup.base.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Sources name the worker's file as it is called there; in dist it ends with .js. */
const workerFileName: Plugin = {
  name: "worker-file-name",
  setup(build) {
    build.onLoad({ filter: /-thread\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll('"./worker.ts"', '"./worker.js"'),
      loader: "ts",
    }));
  },
};

export default defineConfig(
  library({ index: "src/index.ts", worker: "src/worker.ts" }, { esbuildPlugins: [workerFileName] }),
);
