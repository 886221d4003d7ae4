import { createModel } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { correlationMap, createMeshgrid, type EngineName, type Loss } from "../src/index.ts";
import { CASES, experimentOf, modelOf, nameOf, noise, simulate, TWO_COMPONENT, vectorOf } from "./cases.ts";
import { denseEquations, diagonal, reference, scaledDistance } from "./reference.ts";

const LOSSES: readonly Loss[] = [
  { name: "linear", scale: 0.3 },
  { name: "soft_l1", scale: 0.01 },
  { name: "huber", scale: 0.012 },
  { name: "cauchy", scale: 0.02 },
  { name: "arctan", scale: 0.03 },
];

/** A problem with outliers, and weights of which some are 0 where the data are NaN. */
function problem(c: (typeof CASES)[number], frames: number) {
  const model = modelOf(c);
  const experiment = experimentOf(frames, [10, 70], 0);
  const truth = vectorOf(c.centre, 2);
  const c2 = simulate(model, experiment, truth, 0.02, 3);
  const random = noise(12);
  for (let k = 0; k < c2.length; k += 37) c2[k]! += 0.2;
  const weights = c2.map(() => Math.max(0, 1 + 2 * random() - 0.3));
  const holed = c2.map((value, k) => (weights[k] === 0 ? Number.NaN : value));
  const x = truth.map((value, k) => value * (1 + 0.05 * Math.cos(2 * k)));
  return { model, experiment, c2, weights, holed, x };
}

describe("normal equations, cost and scores follow from the residuals and the Jacobian", () => {
  const all = CASES.filter((_, k) => k !== 1).flatMap((c) =>
    (["plain", "wasm"] as EngineName[]).map((engine) => [nameOf(c), engine, c] as const),
  );
  test.each(all)("%s, %s engine, every loss, with and without weights", (_, engine, c) => {
    const { model, experiment, c2, weights, holed, x } = problem(c, 39);
    for (const weighted of [false, true]) {
      const data = weighted ? holed : c2;
      const w = weighted ? { weights } : {};
      const mesh = createMeshgrid({ model, experiment, c2: data, engine, tileSize: 16, ...w });
      const truth = reference(model, experiment, data, x, weighted ? weights : undefined);
      expect(mesh.pairCount).toBe(
        truth.pairs.filter(([a, i, j]) => !weighted || weights[(a * 39 + i) * 39 + j]! > 0).length,
      );
      const linear = denseEquations(truth, LOSSES[0]!);
      for (const loss of LOSSES) {
        const n = x.length;
        const dense = denseEquations(truth, loss);
        const [jtj, jtr, meat] = [new Float64Array(n * n), new Float64Array(n), new Float64Array(n * n)];
        const cost = mesh.normalEquations(x, loss, jtj, jtr);
        expect(Math.abs(cost / dense.cost - 1)).toBeLessThan(1e-11);
        expect(Math.abs(mesh.cost(x, loss) / dense.cost - 1)).toBeLessThan(1e-11);
        const scales = diagonal(dense.jtj);
        expect(scaledDistance(jtj, dense.jtj, scales)).toBeLessThan(1e-10);
        for (let p = 0; p < n; p++) {
          // ρ′ ≤ 1, so this bounds |Jᵀr̃| for every loss.
          const unit = Math.sqrt(linear.jtj[p * n + p]! * 2 * linear.cost);
          expect(Math.abs(jtr[p]! - dense.jtr[p]!)).toBeLessThanOrEqual(1e-11 * unit);
        }
        mesh.scoreOuterProducts(x, loss, meat);
        expect(scaledDistance(meat, dense.meat, diagonal(dense.meat).map(Math.abs))).toBeLessThan(1e-9);
      }
    }
  });
});

describe("the answer does not depend on the way", () => {
  test.each(CASES.map((c) => [nameOf(c), c] as const))("tile sizes and routes, %s", (_, c) => {
    const { model, experiment, c2, x } = problem(c, 203);
    const ones = new Float64Array(c2.length).fill(1);
    const n = x.length;
    const evaluate = (options: { tileSize?: number; weights?: Float64Array }) => {
      const mesh = createMeshgrid({ model, experiment, c2, ...options });
      const [jtj, jtr, gradient] = [new Float64Array(n * n), new Float64Array(n), new Float64Array(n)];
      const chi2 = mesh.chi2AndGradient(x, gradient);
      const cost = mesh.normalEquations(x, { name: "linear", scale: 1 }, jtj, jtr);
      return { chi2, cost, jtj, jtr, gradient, route: mesh.route };
    };
    const expected = evaluate({});
    expect(expected.route).toBe("uniform");
    const scales = diagonal(expected.jtj);
    for (const tileSize of [8, 16, 30, 64, 100, 256]) {
      for (const weights of [undefined, ones]) {
        const found = evaluate({ tileSize, ...(weights && { weights }) });
        expect(found.route).toBe(weights ? "weighted" : "uniform");
        expect(Math.abs(found.chi2 / expected.chi2 - 1)).toBeLessThan(1e-12);
        expect(Math.abs(found.cost / expected.cost - 1)).toBeLessThan(1e-12);
        expect(scaledDistance(found.jtj, expected.jtj, scales)).toBeLessThan(1e-10);
        for (let p = 0; p < n; p++) {
          const unit = 1e-10 * Math.sqrt(scales[p]! * expected.chi2);
          expect(Math.abs(found.jtr[p]! - expected.jtr[p]!)).toBeLessThan(unit);
          expect(Math.abs(found.gradient[p]! - expected.gradient[p]!)).toBeLessThan(2 * unit);
        }
      }
    }
  });

  test.each([
    ["static, fast", "static_isotropic", [1e6, 0.1, 0]],
    ["static, slow", "static_isotropic", [10, 0.1, 0]],
    ["two components", "two_component", TWO_COMPONENT],
    ["two components, fast", "two_component", [2e6, 0, 0, 1e6, 0.2, 10, ...TWO_COMPONENT.slice(6)]],
    ["two components, slow", "two_component", [100, 0, 0, 10, 0.2, 1, ...TWO_COMPONENT.slice(6)]],
  ] as const)("running sums over many blocks agree with the pairs one by one, %s", (_, mode, physical) => {
    const model = createModel({ mode });
    const experiment = experimentOf(1100, [40], 0);
    const x = vectorOf(physical, 1);
    const c2 = correlationMap(model, experiment, x.subarray(0, physical.length), 0, { contrast: 0.2, offset: 1.1 });
    const weights = new Float64Array(c2.length).fill(1);
    const n = x.length;
    const [uniform, weighted] = [undefined, { weights }].map((w) => {
      const jtj = new Float64Array(n * n);
      createMeshgrid({ model, experiment, c2, ...w }).normalEquations(x, LOSSES[0]!, jtj, new Float64Array(n));
      return jtj;
    });
    expect(scaledDistance(uniform!, weighted!, diagonal(weighted!))).toBeLessThan(1e-10);
  });

  test("the same call gives the same bits, whatever was evaluated in between", () => {
    const { model, experiment, c2, x } = problem(CASES[4]!, 120);
    const mesh = createMeshgrid({ model, experiment, c2 });
    const [g, h] = [new Float64Array(x.length), new Float64Array(x.length)];
    const chi2 = mesh.chi2AndGradient(x, g);
    mesh.chi2(x.map((value) => 1.3 * value));
    mesh.normalEquations(
      x.map((value) => 0.9 * value),
      { name: "cauchy", scale: 0.1 },
      new Float64Array(x.length ** 2),
      h,
    );
    mesh.map(x, 1);
    mesh.linearScaling(x, 0);
    expect(mesh.chi2AndGradient(x, h)).toBe(chi2);
    expect(h).toEqual(g);
  });
});
