import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { bfmi, ess, eti, geweke, hdi, quantiles, rankHistogram, runningEss } from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { autoregressive, INPUTS } from "./golden-inputs.ts";
import { difference } from "./reading.ts";

const series = INPUTS["ar07_4x250_seed1"]!;
const walkers = autoregressive(51, 16, 3000, 0.9).slice(0, 4);

test("quantiles interpolate between order statistics", () => {
  expect(
    Array.from(
      quantiles(
        [
          [3, 1],
          [4, 2],
        ],
        [0, 0.5, 1, 0.25],
      ),
    ),
  ).toEqual([1, 2.5, 4, 1.75]);
  expect(Array.from(quantiles([[1, 2, Infinity]], [0, 0.5, 1]))).toEqual([1, 2, Infinity]);
  expect(Array.from(quantiles([[1, Number.NaN]], [0.5]))).toEqual([Number.NaN]);
  expect(() => quantiles([[1, 2]], [0.5, 1.2])).toThrow("probs[1] must lie between 0 and 1");
});

test("the highest-density interval of an exponential sample begins at its smallest value, the equal-tailed one does not", () => {
  const sample = [Array.from({ length: 1000 }, (_, i) => -Math.log(1 - (i + 0.5) / 1000))];
  expect(hdi(sample, 0.9)[0]).toBe(sample[0]![0]);
  expect(hdi(sample, 0.9)[1]).toBeCloseTo(-Math.log(0.1), 1);
  expect(eti(sample, 0.9)[0]).toBeCloseTo(-Math.log(0.95), 3);
});

test("intervals of draws with NaN are NaN; probabilities that are none are refused", () => {
  expect(hdi([[1, Number.NaN, 2]])).toEqual([Number.NaN, Number.NaN]);
  expect(eti([[1, Number.NaN, 2]])).toEqual([Number.NaN, Number.NaN]);
  for (const prob of [0, 1, Number.NaN]) {
    expect(() => hdi(series, prob)).toThrow(InvalidArgumentError);
    expect(() => eti(series, prob)).toThrow(InvalidArgumentError);
  }
});

test("geweke agrees with its definition in NumPy with ArviZ's ESS", () => {
  geweke(walkers).forEach((z, k) => {
    expect(difference(z, reference.geweke[k]!)).toBeLessThan(1e-10);
  });
  geweke(series, { first: 0.2, last: 0.4 }).forEach((z, k) => {
    expect(difference(z, reference.geweke_20_40[k]!)).toBeLessThan(1e-10);
  });
});

test("geweke sees a drift, and a stuck chain has no z", () => {
  const drifting = walkers.map((row) => row.map((x, t) => x - t / 100));
  for (const z of geweke(drifting)) expect(z).toBeGreaterThan(3);
  expect(geweke([new Array(100).fill(1)])[0]).toBeNaN();
  expect(geweke([walkers[0]!.map((x, t) => (t === 5 ? Number.NaN : x))])[0]).toBeNaN();
});

test("geweke is about standard normal for stationary chains", () => {
  const z = geweke(autoregressive(77, 400, 1000, 0.5));
  const inside = z.filter((value) => Math.abs(value) < 1.96).length / 400;
  // The early part has 100 draws, a few dozen of them effective: 88 … 98 %.
  expect(inside).toBeGreaterThan(0.88);
  expect(inside).toBeLessThan(0.98);
});

test("geweke refuses parts that overlap or are too short", () => {
  expect(() => geweke(series, { first: 0.6 })).toThrow("last must be positive and at most 1 − first");
  expect(() => geweke(series, { first: 0 })).toThrow("first must lie between 0 and 1");
  expect(() => geweke([[1, 2, 3, 4, 5, 6, 7, 8]])).toThrow("be long enough for at least 4 draws in each part");
});

test("rank histograms count every draw once, by chain, against a flat expectation", () => {
  const { counts, chains, bins, edges, expected } = rankHistogram(series);
  expect([chains, bins, expected]).toEqual([4, 20, 12.5]);
  expect([edges[0], edges[20], edges.length]).toEqual([0, 1000, 21]);
  for (let chain = 0; chain < 4; chain++) {
    expect(counts.subarray(chain * 20, (chain + 1) * 20).reduce((a, b) => a + b)).toBe(250);
  }
  for (let bin = 0; bin < 20; bin++) {
    expect([0, 1, 2, 3].reduce((sum, chain) => sum + counts[chain * 20 + bin]!, 0)).toBe(50);
  }
});

test("a chain that sits higher has high ranks; equal draws share a bin", () => {
  const { counts } = rankHistogram(
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
    2,
  );
  expect(Array.from(counts)).toEqual([4, 0, 0, 4]);
  expect(
    Array.from(
      rankHistogram(
        [
          [1, 1],
          [1, 1],
        ],
        4,
      ).counts,
    ),
  ).toEqual([0, 0, 2, 0, 0, 0, 2, 0]);
  expect(() => rankHistogram(series, 0)).toThrow(InvalidArgumentError);
  expect(() => rankHistogram([[1, Number.NaN]])).toThrow("hold no NaN");
});

test("running ESS ends with the ESS of all draws, and each point uses only the draws before it", () => {
  const { draws, bulk, tail } = runningEss(series, 5);
  expect(Array.from(draws)).toEqual([50, 100, 150, 200, 250]);
  expect(bulk[4]).toBe(ess(series));
  expect(tail[4]).toBe(ess(series, { method: "tail" }));
  expect(bulk[1]).toBe(ess(series.map((row) => row.slice(0, 100))));
  expect(() => runningEss(series, 0)).toThrow(InvalidArgumentError);
  expect(() => runningEss([[1, 2, 3]])).toThrow("hold at least 4 draws");
});

test("E-BFMI is 2 for independent energies and small for a slow walk; one draw is refused", () => {
  const [independent] = bfmi(autoregressive(9, 1, 5000, 0));
  // Variance of the estimate about 4 · 2/n for this kurtosis: 2 ± 0.2.
  expect(Math.abs(independent! - 2)).toBeLessThan(0.2);
  expect(bfmi(autoregressive(9, 1, 5000, 0.95))[0]).toBeLessThan(0.2);
  expect(bfmi([[1, 1, 1]])[0]).toBeNaN();
  expect(() => bfmi([[1]])).toThrow("energy must hold at least 2 draws a chain");
});
