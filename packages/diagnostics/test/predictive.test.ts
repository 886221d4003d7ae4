import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { Draws, ess, loo, paretoK, paretoKThreshold, paretoMinimumSize, psis, waic } from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { autoregressive, INPUTS, lcg } from "./golden-inputs.ts";
import { difference } from "./reading.ts";

/** The model of reference.py: 12 observations, the last an outlier, under draws of a mean and a scale. */
const mu = autoregressive(31, 4, 300, 0.4).map((row) => row.map((x) => x * 0.15 + 0.2));
const sigma = autoregressive(32, 4, 300, 0.2).map((row) => row.map((x) => Math.exp(x * 0.08)));
const observed = [...Array.from({ length: 11 }, (_, i) => 0.3 * ((7 * i) % 11) - 1.5), 4.5];
const values = Float64Array.from(
  mu.flatMap((row, c) =>
    row.flatMap((centre, t) => {
      const scale = sigma[c]![t]!;
      return observed.map((y) => -0.5 * ((y - centre) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI));
    }),
  ),
);
const logLikelihood = { values, chains: 4, draws: 300 };
const flat = (rows: number[][]): Float64Array => Float64Array.from(rows.flat());
const posterior = new Draws({ chains: 4, draws: 300, variables: { mu: flat(mu), sigma: flat(sigma) } });

describe.each([
  ["one", { relativeEfficiency: 1 }],
  ["posterior", { posterior }],
] as const)("loo agrees with ArviZ, efficiency from %s", (name, options) => {
  const expected = reference.predictive[`loo_${name}`];
  const found = loo(logLikelihood, options);
  test.each(["elpd", "se", "p"] as const)("%s", (key) => {
    expect(difference(found[key], expected[key])).toBeLessThan(1e-10);
  });
  test("every observation", () => {
    expect(found.observations).toBe(12);
    expect(found.samples).toBe(1200);
    expect(found.goodK).toBeCloseTo(expected.good_k, 14);
    for (let i = 0; i < 12; i++) {
      expect(difference(found.pointwise[i]!, expected.pointwise[i]!)).toBeLessThan(1e-10);
      expect(difference(found.paretoK[i]!, expected.pareto_k[i]!)).toBeLessThan(1e-8);
    }
  });
});

test("the outlier is what loo warns about", () => {
  const { warnings, paretoK, goodK } = loo(logLikelihood);
  expect(paretoK[11]).toBeGreaterThan(goodK);
  expect(warnings.map((warning) => warning.code)).toEqual(["pareto-k"]);
  expect(warnings[0]!.count).toBe(paretoK.filter((k) => k > goodK).length);
});

test("one efficiency per observation is used for that observation", () => {
  const mixed = Float64Array.from({ length: 12 }, (_, i) => (i < 6 ? 1 : 0.3));
  const found = loo(logLikelihood, { relativeEfficiency: mixed });
  const [ones, low] = [1, 0.3].map((relativeEfficiency) => loo(logLikelihood, { relativeEfficiency }));
  expect(found.pointwise[5]).toBe(ones!.pointwise[5]);
  expect(found.pointwise[6]).toBe(low!.pointwise[6]);
  expect(low!.pointwise[6]).not.toBe(ones!.pointwise[6]);
});

test("the efficiency is by default that of the mean likelihood of each observation, 1 for a single chain", () => {
  const sizes = Float64Array.from({ length: 12 }, (_, i) => {
    const likelihood = Float64Array.from({ length: 1200 }, (_, s) => Math.exp(values[12 * s + i]!));
    return ess({ values: likelihood, chains: 4, draws: 300 }, { method: "mean", relative: true });
  });
  expect(Math.min(...sizes)).toBeLessThan(0.8);
  const given = loo(logLikelihood, { relativeEfficiency: sizes });
  loo(logLikelihood).pointwise.forEach((elpd, i) => {
    expect(Math.abs(elpd - given.pointwise[i]!)).toBeLessThan(1e-12);
  });
  const single = { values, chains: 1, draws: 1200 };
  expect(loo(single).pointwise).toEqual(loo(single, { relativeEfficiency: 1 }).pointwise);
  expect(loo(single).pointwise).not.toEqual(loo(logLikelihood).pointwise);
});

test("waic agrees with its formula in NumPy and warns about large variances", () => {
  const found = waic(logLikelihood);
  for (const key of ["elpd", "se", "p"] as const) {
    expect(difference(found[key], reference.predictive.waic[key])).toBeLessThan(1e-12);
  }
  expect(found.warnings[0]!.code).toBe("waic-variance");
  expect(found.warnings[0]!.count).toBe(found.pointwiseP.filter((p) => p > 0.4).length);
});

test("loo and waic agree with exact leave-one-out of a normal mean", () => {
  // y ~ N(μ, 1), flat prior: the posterior without observation i is N(mean of the others, 1/(n − 1)), and
  // the predictive density of y_i normal with variance 1 + 1/(n − 1).
  const n = 20;
  const y = Array.from({ length: n }, (_, i) => Math.sin(3 * i));
  const centre = y.reduce((a, b) => a + b) / n;
  const uniforms = lcg(5);
  const draws = 4000;
  const table = new Float64Array(draws * n);
  for (let s = 0; s < draws; s++) {
    const radius = Math.sqrt(-2 * Math.log(uniforms.next().value));
    const m = centre + (radius * Math.cos(2 * Math.PI * uniforms.next().value)) / Math.sqrt(n);
    for (let i = 0; i < n; i++) table[s * n + i] = -0.5 * (y[i]! - m) ** 2 - 0.5 * Math.log(2 * Math.PI);
  }
  const spread = 1 + 1 / (n - 1);
  const exact = y.map((value) => {
    const others = (centre * n - value) / (n - 1);
    return -0.5 * ((value - others) ** 2 / spread + Math.log(2 * Math.PI * spread));
  });
  const found = loo({ values: table, chains: 1, draws });
  const elpd = exact.reduce((a, b) => a + b);
  // The Monte Carlo error of 4000 independent draws is below 0.01 on a sum near −25.
  expect(Math.abs(found.elpd - elpd)).toBeLessThan(0.03);
  expect(Math.abs(waic({ values: table, chains: 1, draws }).elpd - elpd)).toBeLessThan(0.05);
  expect(found.warnings).toEqual([]);
});

test("observations whose likelihood never changes are reported and weighted equally", () => {
  const constant = loo({ values: new Float64Array(200).fill(-1.5), chains: 2, draws: 50 });
  expect(constant.elpd).toBeCloseTo(-3, 12);
  expect(constant.p).toBeCloseTo(0, 12);
  expect(constant.warnings.map((warning) => [warning.code, warning.count])).toEqual([["identical-tail", 2]]);
});

test("log likelihoods that cannot be used are refused", () => {
  const bad = (value: number): Float64Array => values.map((x, i) => (i === 7 ? value : x));
  for (const estimate of [loo, waic]) {
    expect(() => estimate({ values: bad(Number.NaN), chains: 4, draws: 300 })).toThrow("values[7] must be a number");
    expect(() => estimate({ values: new Float64Array(7), chains: 2, draws: 2 })).toThrow(InvalidArgumentError);
    expect(() => estimate({ values: new Float64Array(0), chains: 2, draws: 2 })).toThrow(InvalidArgumentError);
    expect(() => estimate({ values, chains: 0, draws: 300 })).toThrow("logLikelihood.chains must be a positive");
  }
  expect(() => loo({ values: bad(-Infinity), chains: 4, draws: 300 })).toThrow("observation 7 must be finite");
  expect(() => loo(logLikelihood, { relativeEfficiency: 0 })).toThrow("relativeEfficiency must be positive");
  expect(() => loo(logLikelihood, { relativeEfficiency: Float64Array.of(1) })).toThrow("have length 12");
});

test("smoothed weights sum to one, keep the order of the ratios, and never exceed the largest raw one", () => {
  const uniforms = lcg(3);
  const ratios = Float64Array.from({ length: 500 }, () => -0.7 * Math.log(uniforms.next().value));
  const { logWeights, effectiveSize } = psis(ratios);
  expect(logWeights.reduce((sum, weight) => sum + Math.exp(weight), 0)).toBeCloseTo(1, 12);
  const order = Array.from(ratios.keys()).sort((i, j) => ratios[i]! - ratios[j]!);
  for (let k = 1; k < order.length; k++) {
    expect(logWeights[order[k]!]!).toBeGreaterThanOrEqual(logWeights[order[k - 1]!]! - 1e-12);
  }
  const shifted = psis(ratios.map((ratio) => ratio + 1000));
  expect(shifted.effectiveSize).toBeCloseTo(effectiveSize, 8);
});

test("equal ratios give equal weights and no Pareto k", () => {
  const { logWeights, paretoK: k, effectiveSize } = psis(new Float64Array(30).fill(3));
  expect(k).toBeNaN();
  expect(effectiveSize).toBeCloseTo(30, 12);
  expect(logWeights[0]).toBeCloseTo(-Math.log(30), 14);
});

test("psis refuses too few ratios and values that are no ratio", () => {
  expect(() => psis(new Float64Array(24))).toThrow("hold at least 25 draws");
  expect(() => psis(new Float64Array(30).fill(Number.NaN))).toThrow("logRatios[0] must be finite");
  expect(() => psis(new Float64Array(30).fill(-Infinity))).toThrow("hold a finite value");
  expect(() => psis(new Float64Array(30), Number.NaN)).toThrow("relativeEfficiency");
});

test.each(["left", "right", "both"] as const)("paretoK of draws agrees with ArviZ: %s", (tail) => {
  expect(Math.abs(paretoK(INPUTS["ar07_4x250_seed1"]!, { tail }) - reference.pareto_k[tail])).toBeLessThan(1e-10);
});

test("paretoK tells a Cauchy distribution, which has no mean, from a logistic one", () => {
  expect(paretoK(INPUTS["cauchy_4x250_seed11"]!)).toBeGreaterThan(0.7);
  expect(paretoK(INPUTS["ar07_4x250_seed1"]!)).toBeLessThan(0.2);
  expect(paretoK([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])).toBeNaN();
  expect(paretoK([[1, 2, Number.NaN, 4]])).toBeNaN();
  expect(() => paretoK([[1, 2, Infinity, 4]])).toThrow(InvalidArgumentError);
  expect(() => paretoK([[1, 2, 3, 4]], { tail: "upper" as never })).toThrow("tail must be left, right or both");
});

test("sample sizes for a k, and the largest k for a sample size", () => {
  expect(paretoMinimumSize(0.5)).toBeCloseTo(100, 10);
  expect(paretoMinimumSize(-1)).toBeCloseTo(10, 12);
  expect(paretoMinimumSize(1)).toBe(Infinity);
  expect(paretoMinimumSize(Number.NaN)).toBeNaN();
  expect(paretoKThreshold(100)).toBeCloseTo(0.5, 14);
  expect(paretoKThreshold(1e6)).toBe(0.7);
});
