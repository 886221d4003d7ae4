import { expect, test } from "vitest";
import { createRandom } from "../src/index.ts";
import { betaCdf, gammaCdf, gammaSurvival, normalCdf } from "./distribution-functions.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { chiSquare, chiSquareSurvival, draws, kolmogorovSmirnov, kolmogorovSurvival } from "./goodness-of-fit.ts";

const relativeError = (value: number, expected: number): number => Math.abs(value / expected - 1);

test("the distribution functions of the tests agree with mpmath", () => {
  for (const [shape, x, value] of reference.gammaCdf as [number, number, number][]) {
    expect(relativeError(gammaCdf(shape, x), value)).toBeLessThan(1e-12);
    expect(Math.abs(gammaSurvival(shape, x) - (1 - value))).toBeLessThan(1e-12);
  }
  for (const [a, b, x, value] of reference.betaCdf as [number, number, number, number][]) {
    expect(relativeError(betaCdf(a, b, x), value)).toBeLessThan(1e-12);
  }
  expect(normalCdf(-1)).toBeCloseTo(0.15865525393145705, 14);
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
});

test("the p-values of the tests agree with SciPy", () => {
  for (const [x, value] of reference.kolmogorov as [number, number][]) {
    expect(relativeError(kolmogorovSurvival(x), value)).toBeLessThan(1e-12);
  }
  for (const [x, degrees, value] of reference.chiSquare as [number, number, number][]) {
    expect(relativeError(chiSquareSurvival(x, degrees), value)).toBeLessThan(1e-11);
  }
});

test("negative control: Kolmogorov-Smirnov rejects normals whose scale is wrong by 5 %", () => {
  const random = createRandom(1, "negative control");
  const normals = draws(100_000, () => random.normal());
  expect(kolmogorovSmirnov(normals, normalCdf)).toBeGreaterThan(1e-3);
  expect(kolmogorovSmirnov(normals, (z) => normalCdf(z / 1.05))).toBeLessThan(1e-3);
});

test("negative control: Kolmogorov-Smirnov rejects a uniform variate of 8 bits", () => {
  const random = createRandom(2, "negative control");
  const coarse = draws(1_000_000, () => Math.floor(random.uniform() * 256) / 256);
  expect(kolmogorovSmirnov(coarse, (x) => x)).toBeLessThan(1e-3);
});

test("negative control: χ² rejects a die with one face at 17.5 %", () => {
  const random = createRandom(3, "negative control");
  const counts = new Float64Array(6);
  for (let i = 0; i < 100_000; i++) counts[random.uniform() < 0.01 ? 0 : random.integer(6)]!++;
  expect(chiSquare(counts, [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])).toBeLessThan(1e-3);
});
