import { createModel } from "@siegert/physics-core";
import { features } from "@siegert/wasm";
import { describe, expect, test } from "vitest";
import { createMeshgrid } from "../src/index.ts";
import { experimentOf, simulate, TWO_COMPONENT, vectorOf } from "./cases.ts";

const model = createModel({ mode: "two_component" });

test("auto is WebAssembly where there is SIMD", () => {
  const experiment = experimentOf(5, [0]);
  const x = vectorOf(TWO_COMPONENT, 1);
  const mesh = createMeshgrid({ model, experiment, c2: simulate(model, experiment, x, 0, 1) });
  expect(mesh.engine).toBe(features().simd ? "wasm" : "plain");
});

describe("sizes at which rows, columns and tiles end in every way", () => {
  test.each([2, 3, 4, 5, 7, 8, 9, 12, 13, 127, 128, 129, 130, 255, 256, 257])("%d frames", (frames) => {
    for (const start of [0, 1]) {
      const experiment = experimentOf(frames, [12], start);
      const x = vectorOf(TWO_COMPONENT, 1);
      const c2 = simulate(model, experiment, x, 0.05, frames);
      const y = x.map((value, k) => value * (1 + 0.02 * Math.sin(3 * k)));
      const [plain, wasm] = (["plain", "wasm"] as const).map((engine) =>
        createMeshgrid({ model, experiment, c2, engine }),
      );
      if (plain!.pairCount === 0) {
        expect(wasm!.chi2(y)).toBe(0);
        continue;
      }
      const [g, h] = [new Float64Array(x.length), new Float64Array(x.length)];
      const chi2 = plain!.chi2AndGradient(y, g);
      expect(Math.abs(wasm!.chi2AndGradient(y, h) / chi2 - 1)).toBeLessThan(1e-12);
      expect(Math.abs(wasm!.chi2(y) / chi2 - 1)).toBeLessThan(1e-12);
      // A gradient may cancel; its terms are bounded by √(χ² JᵀJ).
      const jtj = new Float64Array(x.length ** 2);
      plain!.normalEquations(y, { name: "linear", scale: 1 }, jtj, new Float64Array(x.length));
      for (let p = 0; p < x.length; p++) {
        const unit = Math.sqrt(chi2 * jtj[p * (x.length + 1)]!);
        expect(Math.abs(g[p]! - h[p]!)).toBeLessThanOrEqual(1e-11 * unit + 1e-300);
      }
    }
  });
});

test("a map of 4000 frames at three angles stays below 1.5 GB", () => {
  const frames = 4000;
  const experiment = experimentOf(frames, [0, 30, 60]);
  const x = vectorOf(TWO_COMPONENT, 3);
  const map = new Float64Array(frames * frames).fill(1.1);
  const mesh = createMeshgrid({ model, experiment, c2: () => map });
  const gradient = new Float64Array(x.length);
  expect(mesh.chi2AndGradient(x, gradient)).toBeGreaterThan(0);
  const { rss } = process.memoryUsage();
  expect(rss).toBeLessThan(1.5e9);
});
