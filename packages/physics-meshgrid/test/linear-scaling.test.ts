import { createModel } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { createMeshgrid } from "../src/index.ts";
import { CASES, experimentOf, modelOf, nameOf, noise, simulate, vectorOf } from "./cases.ts";

describe("contrast and offset given the physics", () => {
  test.each(CASES.map((c) => [nameOf(c), c] as const))("are exact without noise, %s", (_, c) => {
    const model = modelOf(c);
    const experiment = experimentOf(70, [20, 65]);
    const truth = vectorOf(c.centre, 2);
    const mesh = createMeshgrid({ model, experiment, c2: simulate(model, experiment, truth, 0, 1) });
    // The scaling in x is not read.
    const x = truth.map((value, k) => (k < c.centre.length ? value : Number.NaN));
    for (const angle of [0, 1]) {
      const found = mesh.linearScaling(x, angle);
      expect(Math.abs(found.contrast - truth[c.centre.length + 2 * angle]!)).toBeLessThan(1e-12);
      expect(Math.abs(found.offset - truth[c.centre.length + 2 * angle + 1]!)).toBeLessThan(1e-12);
      expect(found.sumOfSquares).toBeLessThan(1e-22);
    }
  });

  test("are the least squares solution with noise and weights, with its standard errors", () => {
    const model = createModel({ mode: "static_isotropic" });
    const experiment = experimentOf(60, [0]);
    const truth = vectorOf([3e4, 0, 0], 1);
    const c2 = simulate(model, experiment, truth, 0.05, 4);
    const random = noise(2);
    const weights = c2.map(() => Math.max(0, random() + 0.4));
    const mesh = createMeshgrid({ model, experiment, c2, weights });
    const found = mesh.linearScaling(truth, 0);
    const x = truth.slice();
    x.set([found.contrast, found.offset], 3);
    const gradient = new Float64Array(5);
    expect(mesh.chi2AndGradient(x, gradient)).toBeCloseTo(found.sumOfSquares, 12);
    const jtj = new Float64Array(25);
    mesh.normalEquations(x, { name: "linear", scale: 1 }, jtj, new Float64Array(5));
    // At the minimum the gradient vanishes, to rounding in units of Σ w.
    expect(Math.abs(gradient[3]!) / jtj[24]!).toBeLessThan(1e-13);
    expect(Math.abs(gradient[4]!) / jtj[24]!).toBeLessThan(1e-13);
    const variance = found.sumOfSquares / (mesh.pairCount - 2);
    const [a, b, d] = [jtj[18]!, jtj[19]!, jtj[24]!];
    const determinant = a * d - b * b;
    expect(found.contrastError / Math.sqrt((variance * d) / determinant)).toBeCloseTo(1, 10);
    expect(found.offsetError / Math.sqrt((variance * a) / determinant)).toBeCloseTo(1, 10);
  });

  test.each(["soft_l1", "huber", "cauchy"] as const)(
    "with %s are a minimum of the cost, and resist outliers",
    (name) => {
      const model = createModel({ mode: "static_isotropic" });
      const experiment = experimentOf(60, [0]);
      const truth = vectorOf([3e4, 0, 0], 1);
      const c2 = simulate(model, experiment, truth, 0.01, 4);
      for (let k = 0; k < c2.length; k += 13) c2[k]! += 0.5;
      const mesh = createMeshgrid({ model, experiment, c2 });
      const loss = { name, scale: 0.01 };
      const found = mesh.linearScaling(truth, 0, loss);
      const plain = mesh.linearScaling(truth, 0);
      expect(Math.abs(found.offset - 1)).toBeLessThan(0.25 * Math.abs(plain.offset - 1));
      const x = truth.slice();
      x.set([found.contrast, found.offset], 3);
      const jtr = new Float64Array(5);
      const jtj = new Float64Array(25);
      mesh.normalEquations(x, loss, jtj, jtr);
      expect(Math.abs(jtr[3]!) / mesh.pairCount).toBeLessThan(1e-9);
      expect(Math.abs(jtr[4]!) / mesh.pairCount).toBeLessThan(1e-9);
    },
  );

  test("a correlation that does not vary leaves the contrast unknown", () => {
    const model = createModel({ mode: "static_isotropic" });
    const experiment = experimentOf(10, [0]);
    const c2 = new Float64Array(100).fill(1.1);
    const mesh = createMeshgrid({ model, experiment, c2 });
    // Decayed everywhere.
    const found = mesh.linearScaling(Float64Array.from([1e12, 0, 0, 0.3, 1]), 0);
    expect(found.contrast).toBe(0);
    expect(found.offset).toBeCloseTo(1.1, 14);
    expect(found.contrastError).toBeNaN();
  });
});
