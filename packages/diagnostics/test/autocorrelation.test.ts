import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { meanAutocovariance } from "../src/autocorrelation.ts";
import { fourierTransform, nextPowerOfTwo } from "../src/fourier.ts";
import { autocorrelation, autocovariance, checkAutocorrelationTimes, integratedTime } from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { autoregressive, INPUTS } from "./golden-inputs.ts";
import { difference } from "./reading.ts";

const series = INPUTS["ar07_4x250_seed1"]!;
const walkers = autoregressive(51, 16, 3000, 0.9);

/** The definition, term by term. */
function directAutocovariance(x: readonly number[], lag: number): number {
  const centre = x.reduce((a, b) => a + b) / x.length;
  let sum = 0;
  for (let t = 0; t + lag < x.length; t++) sum += (x[t]! - centre) * (x[t + lag]! - centre);
  return sum / x.length;
}

test("the Fourier transform agrees with its definition for every length up to 64", () => {
  for (let size = 1; size <= 64; size *= 2) {
    const [x, y] = [7, 8].map((seed) => Float64Array.from(autoregressive(seed, 1, size, 0)[0]!)) as [
      Float64Array,
      Float64Array,
    ];
    const [re, im] = [x.slice(), y.slice()];
    fourierTransform(re, im);
    for (let k = 0; k < size; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let t = 0; t < size; t++) {
        const angle = (-2 * Math.PI * k * t) / size;
        sumRe += x[t]! * Math.cos(angle) - y[t]! * Math.sin(angle);
        sumIm += x[t]! * Math.sin(angle) + y[t]! * Math.cos(angle);
      }
      expect(Math.hypot(re[k]! - sumRe, im[k]! - sumIm)).toBeLessThan(1e-12 * size);
    }
  }
  expect([1, 2, 3, 500, 512].map(nextPowerOfTwo)).toEqual([1, 2, 4, 512, 512]);
});

test("autocovariance and autocorrelation agree with ArviZ", () => {
  const covariance = autocovariance(series, { maxLag: 39 });
  const correlation = autocorrelation(series, { maxLag: 39 });
  for (let chain = 0; chain < 4; chain++) {
    for (let lag = 0; lag < 40; lag++) {
      expect(difference(covariance[chain]![lag]!, reference.autocovariance[chain]![lag]!)).toBeLessThan(1e-12);
      expect(difference(correlation[chain]![lag]!, reference.autocorrelation[chain]![lag]!)).toBeLessThan(1e-12);
    }
  }
  expect(correlation[0]).toHaveLength(40);
  expect(autocorrelation(series)[0]).toHaveLength(250);
});

test.each([1, 2, 3, 5])("the mean over %s chains is the mean of the definition, at every lag", (chains) => {
  const rows = autoregressive(3, chains, 37, 0.5, 100);
  const found = meanAutocovariance(Float64Array.from(rows.flat()), chains, 37);
  for (let lag = 0; lag < 37; lag++) {
    const wanted = rows.reduce((sum, row) => sum + directAutocovariance(row, lag), 0) / chains;
    expect(Math.abs(found[lag]! - wanted)).toBeLessThan(1e-12);
  }
});

test("a chain that never moves has no autocorrelation", () => {
  expect(autocorrelation([[1, 1, 1, 1]])[0]!.every(Number.isNaN)).toBe(true);
});

test.each([-1, 250, 1.5, Number.NaN])("maxLag %s is refused", (maxLag) => {
  expect(() => autocorrelation(series, { maxLag })).toThrow(InvalidArgumentError);
});

test.each([
  ["walkers", walkers],
  ["short", walkers.map((walker) => walker.slice(0, 200))],
  ["no_window", walkers.slice(0, 2).map((walker) => walker.slice(0, 12))],
  ["antithetic", autoregressive(7, 4, 250, -0.5)],
] as const)("integratedTime agrees with emcee: %s", (name, input) => {
  const expected = reference.integrated[name];
  const found = integratedTime(input);
  expect(difference(found.tau, expected.tau)).toBeLessThan(1e-11);
  expect(found.window).toBe(expected.window);
  expect(found.isReliable).toBe(expected.reliable);
  expect(found.timesCovered).toBeCloseTo(input[0]!.length / expected.tau, 8);
  expect(found.warning?.code).toBe(expected.reliable ? undefined : "short-for-autocorrelation");
});

test("τ of an autoregression of coefficient 0.9 is 19, within emcee's own 20 %", () => {
  expect(Math.abs(integratedTime(walkers).tau / 19 - 1)).toBeLessThan(0.2);
});

test("a walker that never moves has no autocorrelation time, and the result says so", () => {
  const stuck = integratedTime([new Array(100).fill(2), series[0]!.slice(0, 100)]);
  expect(stuck.tau).toBeNaN();
  expect(stuck.window).toBe(99);
  expect(stuck.isReliable).toBe(false);
  expect(stuck.warning?.message).toContain("never moved");
});

test("integratedTime refuses options that are none", () => {
  expect(() => integratedTime(series, { windowFactor: 0 })).toThrow("windowFactor must be positive and finite");
  expect(() => integratedTime(series, { tolerance: -1 })).toThrow("tolerance must be finite and not negative");
});

test("the stopping rule wants 100 autocorrelation times and estimates that have settled", () => {
  expect(checkAutocorrelationTimes([20, 35.5], undefined, 1e6).isConverged).toBe(false);
  expect(checkAutocorrelationTimes([20, 35.5], [20.1, 35.4], 3600)).toEqual({
    isConverged: true,
    discard: 71,
    thin: 10,
  });
  expect(checkAutocorrelationTimes([20, 35.5], [20.1, 35.4], 3500).isConverged).toBe(false);
  expect(checkAutocorrelationTimes([20, 35.5], [20.3, 35.4], 3600).isConverged).toBe(false);
  expect(checkAutocorrelationTimes([1.2], [1.2], 3600).thin).toBe(1);
  expect(checkAutocorrelationTimes([Number.NaN], [1], 50)).toEqual({ isConverged: false, discard: 50, thin: 1 });
  expect(() => checkAutocorrelationTimes([], undefined, 5)).toThrow(InvalidArgumentError);
  expect(() => checkAutocorrelationTimes([1], [1, 2], 5)).toThrow("previousTaus must have length 1");
});
