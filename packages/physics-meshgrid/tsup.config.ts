import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

const entry = {
  index: "src/index.ts",
  "tfjs/index": "src/tfjs/index.ts",
  "tfjs/register-gradients": "src/tfjs/register-gradients.ts",
};

export default defineConfig(
  library(entry, {
    // The gradients alone are bundled; tfjs-core stays the user's. `register-gradients.ts` says why.
    external: ["#register-gradients"],
    noExternal: ["@tensorflow/tfjs-core/dist/register_all_gradients.js"],
    minify: false,
  }),
);
