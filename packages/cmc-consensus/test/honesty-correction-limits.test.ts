/** Where the full density cannot correct the consensus, and what cannot be asked. */
import { InvalidArgumentError } from "@siegert/errors";
import { LogDensityError } from "@siegert/log-density";
import { expect, test } from "vitest";
import { CorrectionError, correct } from "../src/index.ts";
import { consensusOf, knownDensity } from "./models/known-density.ts";

const DIM = 3;
const consensus = consensusOf(DIM, (random, out) => random.fillNormal(out));
const normal = (centre: number, sd = 1) =>
  knownDensity(DIM, (x) => -x.reduce((sum, xi) => sum + ((xi - centre) / sd) ** 2, 0) / 2);

test.each([
  { name: "far away", full: normal(6) },
  { name: "far narrower", full: normal(0, 0.02) },
])("weights are not to be relied on where the full posterior is $name", ({ full }) => {
  const correction = correct(consensus, full, { subset: 1000 });
  expect(correction.isReliable).toBe(false);
  expect(correction.paretoK > correction.threshold || correction.effectiveSize < 25).toBe(true);
  expect(correction.effectiveSize).toBeLessThan(25);
});

test("k and the threshold say where they stop being reliable", () => {
  const shifts = [0, 0.5, 1, 5, 8].map((centre) => correct(consensus, normal(centre), { subset: 2000 }));
  expect(shifts.map(({ isReliable }) => isReliable)).toEqual([true, true, true, false, false]);
  const sizes = shifts.map(({ effectiveSize }) => effectiveSize);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  // Vehtari et al. 2024: min(1 − 1/log10 S, 0.7).
  for (const { threshold } of shifts) expect(threshold).toBeCloseTo(1 - 1 / Math.log10(2000), 12);
  expect(correct(consensus, normal(0), { subset: 100 }).threshold).toBeCloseTo(0.5, 12);
});

test("a density that ends at a wall: points beyond it are counted, moments are those of what is left", () => {
  // Half of a Gaussian: mean √(2/π) in the first coordinate, variance 1 − 2/π.
  let beyond = 0;
  const half = knownDensity(DIM, (x) => {
    if (x[0]! >= 0) return normal(0).logDensity(x);
    beyond++;
    return -Infinity;
  });
  const { isReliable, rejected, mean, meanError, sd, draws, effectiveSize } = correct(consensus, half, {
    subset: 4000,
  });
  expect(isReliable).toBe(true);
  expect(rejected).toBe(beyond);
  expect(beyond).toBeGreaterThan(1500);
  const exact = [Math.sqrt(2 / Math.PI), 0, 0];
  for (let i = 0; i < DIM; i++) expect(Math.abs(mean[i]! - exact[i]!) / meanError[i]!).toBeLessThan(4);
  // The fourth moment of a half-normal about its mean is 3.87 times its variance squared.
  expect(Math.abs(sd[0]! ** 2 / (1 - 2 / Math.PI) - 1) / Math.sqrt(2.87 / effectiveSize)).toBeLessThan(4);
  expect(draws.filter((x, at) => at % DIM === 0 && x < 0).length).toBe(0);
});

/** A density that is finite the first so many times that it is asked. */
function finiteTimes(count: number, otherwise: () => number) {
  let asked = 0;
  return knownDensity(DIM, (x) => (asked++ < count ? normal(0).logDensity(x) : otherwise()));
}

test.each([Number.NaN, -Infinity, Infinity])("a density that is %s nearly everywhere is an error", (value) => {
  expect(() =>
    correct(
      consensus,
      finiteTimes(24, () => value),
      { subset: 200 },
    ),
  ).toThrow(CorrectionError);
  expect(() =>
    correct(
      consensus,
      finiteTimes(24, () => value),
      { subset: 200 },
    ),
  ).toThrow("the full density is finite at 24 of 200 points");
  const enough = finiteTimes(25, () => value);
  expect(correct(consensus, enough, { subset: 200 }).rejected).toBe(175);
});

test("points at which the density cannot be evaluated are rejected, other errors are passed on", () => {
  const recoverable = finiteTimes(150, () => {
    throw new LogDensityError("not positive definite", { isRecoverable: true });
  });
  expect(correct(consensus, recoverable, { subset: 200 }).rejected).toBe(50);
  for (const error of [new LogDensityError("no data", { isRecoverable: false }), new TypeError("no such thing")]) {
    const failing = finiteTimes(150, () => {
      throw error;
    });
    expect(() => correct(consensus, failing, { subset: 200 })).toThrow(error);
  }
});

test.each([
  ["options.subset", { subset: 99 }],
  ["options.subset", { subset: 1000.5 }],
  ["options.subset", { subset: Number.NaN }],
  ["options.draws", { draws: 0 }],
  ["options.draws", { draws: 1.5 }],
  ["options.seed", { seed: 0.5 }],
] as const)("%s cannot be as in %o", (argument, options) => {
  let asked = 0;
  const full = knownDensity(DIM, () => asked++);
  expect(() => correct(consensus, full, options)).toThrow(InvalidArgumentError);
  expect(() => correct(consensus, full, options)).toThrow(argument);
  expect(asked).toBe(0);
});

test("a full density of another dimension is refused", () => {
  expect(() =>
    correct(
      consensus,
      knownDensity(2, () => 0),
    ),
  ).toThrow(/full\.dim.*be 3/);
});
