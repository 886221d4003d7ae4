import { defineConfig } from "tsup";
import { compiledAddress, library } from "../../tsup.base.ts";

export default defineConfig(
  library(
    {
      index: "src/index.ts",
      "xpcs-posterior": "src/posterior/xpcs-posterior.ts",
      "shard-posterior": "src/consensus/shard-posterior.ts",
    },
    {
      platform: "node",
      esbuildPlugins: [
        compiledAddress(/posterior-address\.ts$/, "xpcs-posterior"),
        compiledAddress(/shard-address\.ts$/, "shard-posterior"),
      ],
    },
  ),
);
