import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltPackages, buildPackages } from "./fixtures/built-packages.ts";
import { promisedReport } from "./fixtures/promised-report.ts";
import { sumProgramBytes } from "./fixtures/sum-program.ts";

let built: BuiltPackages;
beforeAll(() => {
  built = buildPackages();
  cpSync(join(import.meta.dirname, "fixtures/promises.mjs"), join(built.folder, "promises.mjs"));
  const program = `
    import { checkPromises } from "./promises.mjs";
    const kernel = new Uint8Array([${sumProgramBytes().join(",")}]);
    console.log(JSON.stringify(await checkPromises(new URL("./tasks.mjs", import.meta.url), kernel)));`;
  writeFileSync(join(built.folder, "main.mjs"), program);
});
afterAll(() => built.remove());

/** This Node and every other one on the path that the package supports, by version. */
function nodes(): [version: string, path: string][] {
  const found = new Map([[process.version, process.execPath]]);
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "node");
    if (!existsSync(path)) continue;
    const version = execFileSync(realpathSync(path), ["--version"], { encoding: "utf8" }).trim();
    const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
    const isSupported = major > 20 || (major === 20 && minor >= 16);
    if (isSupported && !found.has(version)) found.set(version, path);
  }
  return [...found];
}

test.each(nodes())("the built package keeps its promises in plain Node %s", (_version, node) => {
  const output = execFileSync(node, [join(built.folder, "main.mjs")], { encoding: "utf8", timeout: 50_000 });
  expect(JSON.parse(output)).toEqual(promisedReport);
});

test("the worker's file is built and needs nothing but files beside it", () => {
  const dist = join(built.folder, "node_modules/@siegert/workers/dist");
  const files = readdirSync(dist).filter((name) => name.endsWith(".js"));
  expect(files).toContain("worker.js");
  const imported = /^(?:import|export)\s[^;]*?from\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm;
  const imports = (file: string): string[] =>
    [...readFileSync(join(dist, file), "utf8").matchAll(imported)].map((match) => match[1] ?? match[2]!);
  const reached = new Set(["worker.js"]);
  for (const file of reached) for (const specifier of imports(file)) reached.add(specifier.replace("./", ""));
  expect(reached.size).toBeGreaterThan(1);
  for (const file of reached) expect(files).toContain(file);
});

test("nothing in dist names the sources, or imports a module of Node", () => {
  const dist = join(built.folder, "node_modules/@siegert/workers/dist");
  for (const file of readdirSync(dist).filter((name) => name.endsWith(".js"))) {
    const code = readFileSync(join(dist, file), "utf8");
    expect(code).not.toMatch(/["']\.\/worker\.ts/);
    expect(code).not.toMatch(/(from|import)\s*\(?\s*["']node:/);
  }
});
