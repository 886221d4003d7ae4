import { expect, test } from "vitest";
import { betaDistribution, betaQuantile } from "../src/special/beta-quantile.ts";
import { normalQuantile } from "../src/special/normal-quantile.ts";
import reference from "./fixtures/reference.json" with { type: "json" };

test("normalQuantile agrees with mpmath to 2e-15 of max(1, |z|)", () => {
  for (const [prob, z] of reference.special.normal as [number, number][]) {
    expect(Math.abs(normalQuantile(prob) - z) / Math.max(1, Math.abs(z)), `p = ${prob}`).toBeLessThan(2e-15);
  }
});

test("normalQuantile at and beyond the ends", () => {
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  for (const prob of [-0.1, 1.1, Number.NaN]) expect(normalQuantile(prob)).toBeNaN();
});

test("betaQuantile agrees with mpmath to 1e-12 of x", () => {
  for (const [a, b, prob, x] of reference.special.beta as [number, number, number, number][]) {
    const found = betaQuantile(prob, a, b);
    expect(Math.abs(found / x - 1), `p = ${prob}, a = ${a}, b = ${b}`).toBeLessThan(1e-12);
  }
});

test("the beta distribution function: closed forms, symmetry and its ends", () => {
  expect(betaDistribution(0.3, 1, 1)).toBeCloseTo(0.3, 15);
  expect(betaDistribution(0.2, 1, 4)).toBeCloseTo(1 - 0.8 ** 4, 15);
  expect(betaDistribution(0.7, 3, 1)).toBeCloseTo(0.7 ** 3, 15);
  expect(betaDistribution(0.25, 0.5, 0.5)).toBeCloseTo(1 / 3, 14); // arcsine law: (2/π) asin √x
  expect(betaDistribution(0.37, 12.5, 40)).toBeCloseTo(1 - betaDistribution(0.63, 40, 12.5), 14);
  expect([betaDistribution(0, 2, 3), betaDistribution(1, 2, 3)]).toEqual([0, 1]);
});
