import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltPackages, buildPackages } from "./fixtures/built-packages.ts";
import { findChromium, posting, resultOfPage } from "./fixtures/chromium.ts";
import { promisedReport } from "./fixtures/promised-report.ts";
import { sumProgramBytes } from "./fixtures/sum-program.ts";

const chromium = findChromium();
const kernel = `new Uint8Array([${sumProgramBytes().join(",")}])`;
const fixtures = join(import.meta.dirname, "fixtures");

describe.skipIf(!chromium)(chromium ? "in headless Chromium" : "no Chromium is installed", () => {
  let built: BuiltPackages;
  beforeAll(() => {
    built = buildPackages();
    cpSync(join(fixtures, "promises.mjs"), join(built.folder, "promises.mjs"));
  });
  afterAll(() => built.remove());

  describe("the built files, served as they are", () => {
    beforeAll(() => {
      const imports = Object.fromEntries(
        ["errors", "workers"].map((name) => [`@siegert/${name}`, `/node_modules/@siegert/${name}/dist/index.js`]),
      );
      const program = `
        import { checkPromises } from "/promises.mjs";
        ${posting(`checkPromises(new URL("/tasks.mjs", location.href), ${kernel})`)}`;
      writeFileSync(
        join(built.folder, "index.html"),
        `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${program}</script>`,
      );
    });

    test("keep their promises on a page that may share memory", async () => {
      expect(await resultOfPage(chromium!, built.folder, true)).toEqual(promisedReport);
    });

    test("keep their promises on a page that may not", async () => {
      expect(await resultOfPage(chromium!, built.folder, false)).toEqual(promisedReport);
    });
  });

  test("the built files keep their promises when they come from another origin", async () => {
    const page = `<!doctype html><script>
      const other = "http://127.0.0.1:" + location.port; // the page itself is of localhost
      const imports = {
        "@siegert/errors": other + "/node_modules/@siegert/errors/dist/index.js",
        "@siegert/workers": other + "/node_modules/@siegert/workers/dist/index.js",
      };
      const map = Object.assign(document.createElement("script"), { type: "importmap" });
      map.textContent = JSON.stringify({ imports });
      document.head.append(map);
      </script><script type="module">
      import { checkPromises } from "/promises.mjs";
      ${posting(`checkPromises(new URL("/tasks.mjs", location.href), ${kernel})`)}
      </script>`;
    writeFileSync(join(built.folder, "other.html"), page);
    expect(await resultOfPage(chromium!, built.folder, false, "other.html")).toEqual(promisedReport);
  });

  describe("bundled by Vite", () => {
    /** A bundle of a page with this main module, served from a folder of its own. */
    async function bundle(name: string, main: string): Promise<string> {
      const app = join(built.folder, name);
      mkdirSync(app);
      for (const file of ["promises.mjs", "tasks.mjs"]) cpSync(join(fixtures, file), join(app, file));
      writeFileSync(join(app, "index.html"), `<!doctype html><script type="module" src="./main.js"></script>`);
      writeFileSync(join(app, "main.js"), main);
      writeFileSync(
        join(app, "own-worker.js"),
        `import { serveTasks } from "@siegert/workers"; serveTasks({ tasks: () => import("./tasks.mjs") });`,
      );
      // Not minified: the promises include the names of functions in stacks.
      await build({
        root: app,
        configFile: false,
        logLevel: "error",
        build: { minify: false },
        worker: { format: "es" },
      });
      return join(app, "dist");
    }

    test("the worker's file is bundled along, and loads modules by URL", async () => {
      const code = "data:text/javascript,export const run = (x) => x * 2";
      const main = `
        import { createPool } from "@siegert/workers";
        ${posting(`createPool({ size: 1 }).run({ module: ${JSON.stringify(code)}, argument: 21 })`)}`;
      expect(await resultOfPage(chromium!, await bundle("plain", main), false)).toBe(42);
    });

    test("a worker of one's own with modules that the bundler knows keeps the promises", async () => {
      const main = `
        import { checkPromises } from "./promises.mjs";
        const createWorker = () => new Worker(new URL("./own-worker.js", import.meta.url), { type: "module" });
        ${posting(`checkPromises("tasks", ${kernel}, createWorker)`)}`;
      expect(await resultOfPage(chromium!, await bundle("own", main), true)).toEqual(promisedReport);
    });
  });
});
