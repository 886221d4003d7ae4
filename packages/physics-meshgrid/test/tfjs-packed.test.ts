import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const packages = fileURLToPath(new URL("../..", import.meta.url));
const own = join(packages, "physics-meshgrid");
const tsup = createRequire(import.meta.url).resolve("tsup/dist/cli-default.js");
const environment = { ...process.env, NODE_OPTIONS: "", NODE_PATH: "" };
let root = "";

/** A project that has installed the built packages: no sources, no conditions, no bundler. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "siegert-packed-"));
  for (const name of ["errors", "wasm", "physics-core", "physics-meshgrid"]) {
    const target = join(root, "node_modules/@siegert", name);
    mkdirSync(target, { recursive: true });
    copyFileSync(join(packages, name, "package.json"), join(target, "package.json"));
    const options = { cwd: join(packages, name), env: environment };
    execFileSync(process.execPath, [tsup, "--out-dir", join(target, "dist")], options);
  }
  mkdirSync(join(root, "node_modules/@tensorflow"));
  for (const name of ["tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"]) {
    const installed = realpathSync(join(own, "node_modules/@tensorflow", name));
    symlinkSync(installed, join(root, "node_modules/@tensorflow", name), "dir");
  }
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(name: string, program: string): unknown {
  const file = join(root, name);
  writeFileSync(file, program);
  const output = execFileSync(process.execPath, [file], { cwd: dirname(file), env: environment, encoding: "utf8" });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

test("plain Node registers no gradients by itself", () => {
  const program = `
    import * as tf from "@tensorflow/tfjs-core";
    console.log(JSON.stringify(tf.getGradient("Sum") === undefined));
  `;
  expect(run("control.mjs", program)).toBe(true);
});

test("the built package differentiates in plain Node, its maps and what is made of them, on wasm and cpu", () => {
  const program = `
    import { createModel, timeAxis } from "@siegert/physics-core";
    import { createTensorModel } from "@siegert/physics-meshgrid/tfjs";
    import "@tensorflow/tfjs-backend-cpu";
    import "@tensorflow/tfjs-backend-wasm";
    import * as tf from "@tensorflow/tfjs-core";

    const results = {};
    for (const backend of ["wasm", "cpu"]) {
      await tf.setBackend(backend);
      const model = createModel({ mode: "laminar_flow" });
      const experiment = { q: 0.0054, gap: 2e6, phi: [0, 60], times: timeAxis({ frames: 30, dt: 0.1 }) };
      const maps = createTensorModel({ model, experiment });
      const p = tf.tensor1d([1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3]);
      const s = tf.tensor2d([[0.3, 1], [0.25, 1.02]]);
      const data = tf.ones([2, 30, 30]);
      const { value, grad } = tf.valueAndGrad((x) => maps.chi2(x, s, data))(p);
      const entropy = tf.grad((x) => tf.sum(tf.mul(x, tf.log(x))))(maps.c2(p, s));
      const composed = tf.grad((x) => tf.sum(tf.log(maps.c2(x, s))))(p);
      results[tf.getBackend()] = {
        value: value.dataSync()[0],
        gradient: [...grad.dataSync()],
        composed: [...composed.dataSync()],
        entropy: entropy.dataSync()[0],
      };
    }
    console.log(JSON.stringify(results));
  `;
  interface Result {
    value: number;
    gradient: number[];
    composed: number[];
    entropy: number;
  }
  const { wasm, cpu } = run("gradients.mjs", program) as { wasm: Result; cpu: Result };
  expect(wasm.value).toBeGreaterThan(0);
  expect(wasm.value / cpu.value).toBeCloseTo(1, 5);
  // d(x log x)/dx at the diagonal of the first map, 1.3.
  expect(wasm.entropy).toBeCloseTo(Math.log(1.3) + 1, 5);
  for (const list of ["gradient", "composed"] as const) {
    expect(wasm[list]).toHaveLength(7);
    wasm[list].forEach((entry, k) => {
      expect(entry).not.toBe(0);
      expect(Math.abs(entry / cpu[list][k]! - 1)).toBeLessThan(1e-3);
    });
  }
});
