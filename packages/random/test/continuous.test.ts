import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { cubicRemainderOfLog, squeeze } from "../src/gamma.ts";
import { createRandom, Random } from "../src/index.ts";
import { upperNormalQuantile } from "../src/normal.ts";
import { betaCdf, gammaCdf, logGammaFunction, normalCdf, normalSurvival } from "./distribution-functions.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { chiSquareEqual, correlationZ, draws, kolmogorovSmirnov } from "./goodness-of-fit.ts";
import { stateBefore } from "./words-to-state.ts";

/** z-scores of sample mean and variance against the distribution's, from its first four central moments. */
function momentScores(samples: Float64Array, mean: number, variance: number, kurtosis: number): [number, number] {
  const n = samples.length;
  const sampleMean = samples.reduce((sum, x) => sum + x, 0) / n;
  const sampleVariance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  return [
    Math.abs(sampleMean - mean) / Math.sqrt(variance / n),
    Math.abs(sampleVariance - variance) / (variance * Math.sqrt((kurtosis - 1) / n)),
  ];
}

describe("a million normal variates", () => {
  const normals = createRandom(42, "normal test").fillNormal(new Float64Array(1_000_000));

  test("pass Kolmogorov-Smirnov, mean and variance", () => {
    expect(kolmogorovSmirnov(normals, normalCdf)).toBeGreaterThan(1e-3);
    for (const score of momentScores(normals, 0, 1, 3)) expect(score).toBeLessThan(4);
  });

  test("are serially uncorrelated, and so are their squares", () => {
    const uniforms = normals.map(normalCdf);
    const folded = normals.map((z) => 1 - 2 * normalSurvival(Math.abs(z)));
    for (let lag = 1; lag <= 10; lag++) {
      expect(Math.abs(correlationZ(uniforms, uniforms, lag))).toBeLessThan(4);
      expect(Math.abs(correlationZ(folded, folded, lag))).toBeLessThan(4);
    }
  });

  test("are the same one by one, shifted and scaled", () => {
    const random = createRandom(42, "normal test");
    expect(draws(1000, () => random.normal())).toEqual(normals.slice(0, 1000));
    expect(random.normal(10, 0.5)).toBe(10 + 0.5 * normals[1000]!);
    expect(random.normal(3, 0)).toBe(3);
  });
});

test("the normal tails beyond 3, 4 and 5 standard deviations have the right weight and shape on both sides", () => {
  const random = createRandom(42, "tails");
  const n = 2e7;
  const chunk = new Float64Array(10_000);
  const tails: number[] = [];
  for (let i = 0; i < n; i += chunk.length) {
    random.fillNormal(chunk);
    for (let k = 0; k < chunk.length; k++) if (Math.abs(chunk[k]!) > 3) tails.push(chunk[k]!);
  }
  for (const limit of [3, 4, 5]) {
    for (const side of [1, -1]) {
      const expected = n * normalSurvival(limit);
      const count = tails.filter((z) => z * side > limit).length;
      expect(Math.abs(count - expected) / Math.sqrt(expected)).toBeLessThan(4);
    }
  }
  // Given |Z| > 3, the tail probability over that of 3 is uniform.
  const relative = Float64Array.from(tails, (z) => normalSurvival(Math.abs(z)) / normalSurvival(3));
  expect(kolmogorovSmirnov(relative, (x) => x)).toBeGreaterThan(1e-3);
}, 120_000);

test("the normal quantile agrees with mpmath to 1e-15 from the centre to 12.4 standard deviations", () => {
  for (const [p, z] of reference.normalQuantile as [number, number][]) {
    expect(Math.abs(upperNormalQuantile(p) / z - 1)).toBeLessThan(1e-15);
  }
});

test("normal and exponential have full resolution however far out: words of zeros, and few bits above them", () => {
  const after = (a: number, b: number, c: number, d: number): Random => Random.fromState(stateBefore([a, b, c, d]));
  // First word 0 or 1: upper or lower tail. The fraction of the next two words extends 63 zeros to p = 2⁻¹¹⁷.
  expect(after(0, 0, 0, 0).normal()).toBeCloseTo(12.46196308121888, 12);
  expect(after(1, 0, 0, 0).normal()).toBe(-after(0, 0, 0, 0).normal());
  expect(after(0, 0, 0, 0).exponential()).toBeCloseTo(117 * Math.LN2, 12);
  expect(after(1, 0, 0, 0).exponential()).toBe(2 ** -117);
  // p = 2⁻⁵⁴·(1 + f): beyond 8 standard deviations neighbouring fractions still differ.
  const beyond8 = after(0, 2 ** 10, 0, 0).normal();
  expect(beyond8).toBeGreaterThan(8);
  expect(after(0, 2 ** 10, 2 ** 12, 0).normal()).toBeLessThan(beyond8);
  expect(after(0, 2 ** 10, 2 ** 12, 0).normal()).toBeCloseTo(beyond8, 6);
  // The largest words lead to the centre.
  expect(Math.abs(after(0xffffffff, 0xffffffff, 0, 0).normal())).toBeLessThan(1e-15);
  expect(after(0xffffffff, 0xffffffff, 0, 0).exponential()).toBeCloseTo(Math.LN2, 14);
});

test("exponential variates pass Kolmogorov-Smirnov, moments, and a test of the smallest of many", () => {
  const random = createRandom(42, "exponential");
  const samples = draws(200_000, () => random.exponential(2.5));
  expect(kolmogorovSmirnov(samples, (x) => -Math.expm1(-x / 2.5))).toBeGreaterThan(1e-3);
  for (const score of momentScores(samples, 2.5, 6.25, 9)) expect(score).toBeLessThan(4);
  const minima = draws(2000, () => draws(500, () => random.exponential()).reduce((a, b) => Math.min(a, b)));
  expect(kolmogorovSmirnov(minima, (x) => -Math.expm1(-500 * x))).toBeGreaterThan(1e-3);
});

test.each([0.02, 0.3, 0.999, 1, 1.7, 10, 300, 1e5])(
  "gamma of shape %d passes Kolmogorov-Smirnov and moments",
  (shape) => {
    const random = createRandom(42, "gamma", String(shape));
    const samples = draws(100_000, () => random.gamma(shape, 3));
    expect(kolmogorovSmirnov(samples, (x) => gammaCdf(shape, x / 3))).toBeGreaterThan(1e-3);
    for (const score of momentScores(samples, 3 * shape, 9 * shape, 3 + 6 / shape)) expect(score).toBeLessThan(4);
  },
);

test("the gamma acceptance bound agrees with mpmath, and lies above its squeeze for every shape", () => {
  for (const [y, value] of reference.cubicRemainderOfLog as [number, number][]) {
    // Where it enters, the bound is multiplied by at most 3/y² · (largest x²/9).
    expect(Math.abs(cubicRemainderOfLog(y) - value)).toBeLessThan(Math.abs(y) > 0.05 ? 2e-15 : 1e-9 * Math.abs(value));
  }
  for (const shape of [1, 1.1, 1.5, 3, 30, 1e4, 1e9]) {
    const d = shape - 1 / 3;
    for (let x = -3 * Math.sqrt(d) + 0.001; x < 9; x += 0.001 + Math.max(0, -9 - x)) {
      const acceptance = Math.exp(3 * d * cubicRemainderOfLog(x / (3 * Math.sqrt(d))));
      expect(squeeze(x)).toBeLessThanOrEqual(acceptance + 1e-15);
    }
  }
});

test("gamma of shape 1e18 is normal to rounding: the acceptance test loses no digits", () => {
  const random = createRandom(42, "huge shape");
  const samples = draws(100_000, () => (random.gamma(1e18) - 1e18) / 1e9);
  expect(kolmogorovSmirnov(samples, normalCdf)).toBeGreaterThan(1e-3);
});

test("logGamma keeps shapes whose variates underflow", () => {
  for (const shape of [1e-3, 1e-6, 1e-200]) {
    const random = createRandom(42, "small shape", String(shape));
    const samples = draws(50_000, () => random.logGamma(shape));
    // P(log X ≤ t) = exp(shape·t) / Γ(1 + shape) for t far below 0, and there lies all but a part `shape·50`.
    const cdf = (t: number): number =>
      t > -40 ? gammaCdf(shape, Math.exp(t)) : Math.exp(shape * t - logGammaFunction(1 + shape));
    expect(kolmogorovSmirnov(samples, cdf)).toBeGreaterThan(1e-3);
    expect(samples.every(Number.isFinite)).toBe(true);
  }
});

test("logGamma is the logarithm of what gamma gives from the same words, small values and all", () => {
  for (const [shape, scale] of [
    [0.005, 1e300],
    [0.005, 1],
    [0.3, 1e-10],
    [2, 1e10],
    [50, 1],
  ] as const) {
    const gammas = createRandom(9, "same");
    const logs = createRandom(9, "same");
    for (let i = 0; i < 2000; i++) {
      const log = logs.logGamma(shape) + Math.log(scale);
      const gamma = gammas.gamma(shape, scale);
      if (log < -700) expect(gamma).toBeLessThan(1e-303);
      else expect(Math.abs(Math.log(gamma) - log)).toBeLessThan(1e-13 * Math.max(1, Math.abs(log)));
    }
  }
});

test.each([
  [0.05, 3],
  [0.5, 0.5],
  [0.3, 4],
  [1, 1],
  [2, 3],
  [40, 60],
  [5, 0.2],
  [3000, 1],
])("beta(%d, %d) passes Kolmogorov-Smirnov", (a, b) => {
  const random = createRandom(42, "beta", String(a), String(b));
  const samples = draws(50_000, () => random.beta(a, b));
  expect(samples.every((x) => x >= 0 && x <= 1)).toBe(true);
  expect(kolmogorovSmirnov(samples, (x) => betaCdf(a, b, x))).toBeGreaterThan(1e-3);
});

test.each([
  [1e-3, 2e-3],
  [1e-200, 3e-200],
  [5e-324, 5e-324],
  [1e-10, 1e-8],
])("beta(%d, %d) falls near 0 or 1 with chances b : a, never NaN", (a, b) => {
  const random = createRandom(42, "tiny beta", String(a), String(b));
  const n = 50_000;
  const samples = draws(n, () => random.beta(a, b));
  expect(samples.every((x) => x >= 0 && x <= 1)).toBe(true);
  const share = a / (a + b);
  // P(X > ½) differs from the share of a by less than a·b, here at most 2e-6.
  const count = samples.filter((x) => x > 0.5).length;
  expect(Math.abs(count - n * share) / Math.sqrt(n * share * (1 - share))).toBeLessThan(4);
});

test("the smaller part of tiny beta variates has the power law x^a, over hundreds of decades", () => {
  const random = createRandom(42, "beta power law");
  const samples = draws(100_000, () => random.beta(0.01, 2)).filter((x) => x > 0);
  // Given log₁₀ X in [−300, −2), X^a is uniform.
  const [low, high] = [1e-300 ** 0.01, 1e-4 ** 0.01];
  const inside = samples.filter((x) => x >= 1e-300 && x < 1e-4).map((x) => (x ** 0.01 - low) / (high - low));
  const counts = new Float64Array(20);
  for (const x of inside) counts[Math.min(19, Math.floor(x * 20))]!++;
  expect(inside.length).toBeGreaterThan(10_000);
  expect(chiSquareEqual(counts)).toBeGreaterThan(1e-3);
});

const bad = [0, -1, Number.NaN, Infinity];
test.each(bad)("exponential, gamma, logGamma and beta refuse the parameter %d", (x) => {
  const random = createRandom(1);
  const attempts: [() => number, string][] = [
    [() => random.exponential(x), "scale"],
    [() => random.gamma(x), "shape"],
    [() => random.gamma(1, x), "scale"],
    [() => random.logGamma(x), "shape"],
    [() => random.beta(x, 1), "a"],
    [() => random.beta(1, x), "b"],
  ];
  for (const [attempt, argument] of attempts) expect(attempt).toThrow(expect.objectContaining({ argument }));
  expect(random.state()).toEqual(createRandom(1).state());
});

test.each([
  [Number.NaN, 1],
  [Infinity, 1],
  [0, -1],
  [0, Infinity],
  [0, Number.NaN],
])("normal refuses mean %d with standard deviation %d", (mean, sd) => {
  expect(() => createRandom(1).normal(mean, sd)).toThrow(InvalidArgumentError);
});
