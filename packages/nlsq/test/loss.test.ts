import fc from "fast-check";
import { expect, test } from "vitest";
import { lossNames, rho, robustCost, robustFactors } from "../src/index.ts";

const out = new Float64Array(3);
const at = (name: (typeof lossNames)[number], z: number, order: number): number => {
  rho(name, z, out);
  return out[order]!;
};

test.each(lossNames)("%s: ρ′ and ρ″ are the derivatives of ρ, ρ ≈ z for small z and never above it", (name) => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 50, noNaN: true }), (z) => {
      fc.pre(Math.abs(z - 1) > 1e-3);
      const h = 1e-5 * z;
      for (const order of [0, 1]) {
        const slope = (at(name, z + h, order) - at(name, z - h, order)) / (2 * h);
        expect(Math.abs(slope - at(name, z, order + 1))).toBeLessThan(1e-7 / z);
      }
      expect(at(name, z, 0)).toBeLessThanOrEqual(z);
    }),
    { seed: 2, numRuns: 200 },
  );
  expect(at(name, 1e-9, 0) / 1e-9).toBeCloseTo(1, 8);
});

test.each(lossNames)("%s: the robust factors give cost, gradient and curvature of one residual", (name) => {
  const loss = { name, scale: 0.7 };
  for (const residual of [-3, -0.2, 0, 0.5, 0.69, 2]) {
    robustFactors(loss, residual, out);
    const [cost, residualFactor, rowFactor] = [out[0]!, out[1]!, out[2]!];
    const h = 1e-6;
    const value = (r: number): number => robustCost(loss, Float64Array.of(r));
    expect(cost).toBeCloseTo(value(residual), 14);
    const gradient = (value(residual + h) - value(residual - h)) / (2 * h);
    expect(residual * residualFactor * rowFactor).toBeCloseTo(gradient, 8);
    const curvature = (value(residual + 1e-4) - 2 * value(residual) + value(residual - 1e-4)) / 1e-8;
    expect(rowFactor ** 2).toBeCloseTo(Math.max(curvature, 0), 5);
  }
});

test("the cost of a million residuals keeps its digits, and one that is not finite is not hidden by any loss", () => {
  const many = new Float64Array(1_000_000).fill(0.1);
  const error = (cost: number): number => Math.abs(cost / 5000 - 1);
  const plain = many.reduce((sum, r) => sum + 0.5 * r * r, 0);
  expect(error(robustCost({ name: "linear", scale: 1 }, many))).toBeLessThan(error(plain) / 100);
  for (const name of lossNames) {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      expect(Number.isFinite(robustCost({ name, scale: 1 }, Float64Array.of(0, bad, 1)))).toBe(false);
    }
  }
});
