import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMeshgrid, type EngineName, type Loss } from "../src/index.ts";
import { CASES, type Case, distance, experimentOf, modelOf, nameOf, noise, simulate, vectorOf } from "./cases.ts";
import { denseEquations, diagonal, reference, scaledDistance } from "./reference.ts";

const LINEAR: Loss = { name: "linear", scale: 1 };
const ENGINES: readonly EngineName[] = ["plain", "wasm"];

/** Column by column, the Jacobian against complex steps: 1e-10 of the largest entry, or the rounding of terms of size 1 that cancel. */
function expectJacobian(actual: Float64Array, expected: Float64Array, columns: number): void {
  for (let p = 0; p < columns; p++) {
    const column = (m: Float64Array) => m.filter((_, k) => k % columns === p);
    const size = Math.max(...column(expected).map(Math.abs));
    expect(distance(column(actual), column(expected)) * (size || 1)).toBeLessThan(Math.max(1e-10 * size, 1e-15));
  }
}

interface Problem {
  readonly frames: number;
  readonly start: number;
  readonly tileSize: number;
  readonly factors: readonly number[];
}

function compare(c: Case, engine: EngineName, { frames, start, tileSize, factors }: Problem): void {
  const model = modelOf(c);
  const experiment = experimentOf(frames, [30, -75], start);
  const truth = vectorOf(c.centre, 2);
  const c2 = simulate(model, experiment, truth, 0.02, 5);
  const mesh = createMeshgrid({ model, experiment, c2, tileSize, engine });
  const x = truth.map((value, k) => value * factors[k % factors.length]!);
  const n = x.length;
  const expected = reference(model, experiment, c2, x);
  const residuals = new Float64Array(mesh.residualCount);
  const jacobian = new Float64Array(mesh.residualCount * n);
  mesh.residuals(x, residuals);
  mesh.jacobian(x, jacobian);
  expect(mesh.residualCount).toBe(expected.residuals.length);
  expect(mesh.pairCount).toBe(mesh.residualCount);
  for (let k = 0; k < residuals.length; k++) {
    expect(Math.abs(residuals[k]! - expected.residuals[k]!)).toBeLessThan(1e-12);
  }
  expectJacobian(jacobian, expected.jacobian, n);

  const dense = denseEquations(expected, LINEAR);
  const gradient = new Float64Array(n);
  const chi2 = mesh.chi2AndGradient(x, gradient);
  expect(Math.abs(chi2 / (2 * dense.cost) - 1)).toBeLessThan(1e-12);
  expect(Math.abs(mesh.chi2(x) / chi2 - 1)).toBeLessThan(1e-13);
  const jtj = new Float64Array(n * n);
  const jtr = new Float64Array(n);
  expect(Math.abs(mesh.normalEquations(x, LINEAR, jtj, jtr) / dense.cost - 1)).toBeLessThan(1e-12);
  // A derivative that is 0 is known to the rounding of its terms only: counted as 1e-5, of which 1e-11 is allowed.
  const count = residuals.length;
  const scales = diagonal(dense.jtj).map((square) => (square < 1e-26 * count ? 1e-10 * count : square));
  // |Jᵀr|_p ≤ √(JᵀJ)_pp √(2 cost): the unit in which its rounding is counted.
  for (let p = 0; p < n; p++) {
    const unit = Math.sqrt(scales[p]! * 2 * dense.cost);
    expect(Math.abs(gradient[p]! / 2 - dense.jtr[p]!)).toBeLessThanOrEqual(1e-11 * unit);
    expect(Math.abs(jtr[p]! - dense.jtr[p]!)).toBeLessThanOrEqual(1e-11 * unit);
  }
  expect(scaledDistance(jtj, dense.jtj, scales)).toBeLessThan(1e-11);
}

describe("residuals, Jacobian, gradient and normal equations against complex steps", () => {
  const all = CASES.flatMap((c) => ENGINES.map((engine) => [nameOf(c), engine, c] as const));
  test.each(all)("%s on the %s engine", (_, engine, c) => {
    const anyProblem = fc.record({
      frames: fc.constantFrom(3, 4, 21, 48, 50, 77),
      start: fc.constantFrom(0, 1, 25),
      tileSize: fc.constantFrom(4, 16, 64),
      factors: fc.array(fc.double({ min: 0.7, max: 1.4, noNaN: true }), { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(anyProblem, (problem) => compare(c, engine, problem)),
      { numRuns: 10, seed: 31 },
    );
  });

  test.each(ENGINES)("where tiles decay by more than e^300, %s engine", (engine) => {
    const steep = { start: 1, tileSize: 32, frames: 90, factors: [1] };
    compare({ ...CASES[0]!, centre: [3e6, 0.3, 10] }, engine, steep);
    compare({ ...CASES[2]!, centre: [3e6, 0.3, 10, 1e-3, 0.1, 1e-5, 3] }, engine, steep);
    const two = [3e6, 0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
    compare({ ...CASES[4]!, centre: two }, engine, steep);
    compare({ ...CASES[4]!, centre: [2e4, 0.1, 10, 3e6, 0.3, 50, ...two.slice(6)] }, engine, steep);
  });

  test.each(ENGINES)("at fractions 0 and 1, floors and turning velocities, %s engine", (engine) => {
    const shape = { start: 0, tileSize: 16, frames: 50, factors: [1] };
    const two = CASES[4]!;
    const with_ = (at: number, values: readonly number[]) => two.centre.map((v, k) => values[k - at] ?? v);
    compare({ ...two, centre: with_(9, [0, 0.1, 0, 0]) }, engine, shape);
    compare({ ...two, centre: with_(9, [0, 0.1, 0, 1]) }, engine, shape);
    compare({ ...two, centre: with_(9, [0.9, 0.5, 1, -0.3]) }, engine, shape);
    compare({ ...two, centre: with_(0, [1e4, 1, -2e4]) }, engine, shape);
    compare({ ...two, centre: with_(6, [1e3, 1, -2e3]) }, engine, shape);
  });
});

describe("the engines agree: values to 1e-12, gradients to 1e-10", () => {
  test.each(CASES.map((c) => [nameOf(c), c] as const))("%s", (_, c) => {
    const model = modelOf(c);
    const experiment = experimentOf(301, [0, 45, 90]);
    const truth = vectorOf(c.centre, 3);
    const c2 = simulate(model, experiment, truth, 0.02, 9);
    const random = noise(4);
    const weights = c2.map(() => Math.max(0, random() + 0.4));
    for (const w of [undefined, weights]) {
      const [plain, wasm] = ENGINES.map((engine) =>
        createMeshgrid({ model, experiment, c2, engine, ...(w && { weights: w }) }),
      );
      const x = truth.map((value, k) => value * (1 + 0.1 * Math.sin(k)));
      const [g, h] = [new Float64Array(x.length), new Float64Array(x.length)];
      const chi2 = plain!.chi2AndGradient(x, g);
      expect(Math.abs(wasm!.chi2AndGradient(x, h) / chi2 - 1)).toBeLessThan(1e-12);
      expect(Math.abs(wasm!.chi2(x) / chi2 - 1)).toBeLessThan(1e-12);
      for (let p = 0; p < x.length; p++) expect(Math.abs(g[p]! - h[p]!)).toBeLessThan(1e-10 * Math.abs(g[p]!) + 1e-300);
      expect([plain!.engine, wasm!.engine]).toEqual(["plain", "wasm"]);
    }
  });
});
