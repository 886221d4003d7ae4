/** Every explorer leaves the posterior as it is, exactly; kernels that do not are found out. */
import type { LogDensity } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import {
  autoMala,
  type CoordinateKind,
  compose,
  type ExploredPath,
  type ExplorerChoice,
  gibbs,
  mix,
  onCoordinates,
  randomWalk,
  slice,
  stretch,
} from "../../src/index.ts";
import { hmc, nuts } from "../../src/nuts.ts";
import { type InvarianceOptions, kolmogorovSmirnov, testInvariance } from "../../src/testing.ts";

/** m ~ N(0, 1), s ~ N(0, 0.5²), three data ~ N(m, e^{2s}). */
const continuous = {
  dim: 2,
  drawPrior(random, parameters) {
    parameters[0] = random.normal();
    parameters[1] = random.normal(0, 0.5);
  },
  simulate: ([m = 0, s = 0], random) => Array.from({ length: 3 }, () => random.normal(m, Math.exp(s))),
  posterior: (data): LogDensity => ({
    dim: 2,
    logDensity: ([m = 0, s = 0]) =>
      data.reduce((sum, y) => sum - 0.5 * ((y - m) * Math.exp(-s)) ** 2 - s, -0.5 * m * m - 2 * s * s),
    logDensityAndGradient(position, gradient) {
      const [m = 0, s = 0] = position;
      gradient[0] = -m;
      gradient[1] = -4 * s;
      for (const y of data) {
        const z = (y - m) * Math.exp(-s);
        gradient[0]! += z * Math.exp(-s);
        gradient[1]! += z * z - 1;
      }
      return this.logDensity(position);
    },
  }),
} satisfies Omit<InvarianceOptions<number[]>, "explorer">;

const kinds: readonly CoordinateKind[] = [
  { kind: "real" },
  { kind: "boolean" },
  { kind: "integer", lower: -2, upper: 4 },
];

/** x ~ N(0, 1), b ~ Bernoulli(0.4), k uniform on −2 … 4, two data ~ N(x + 1.5 b + 0.7 k, 1). */
const mixed = {
  dim: 3,
  coordinates: kinds,
  drawPrior(random, parameters) {
    parameters[0] = random.normal();
    parameters[1] = random.uniform() < 0.4 ? 1 : 0;
    parameters[2] = random.integer(7) - 2;
  },
  simulate: ([x = 0, b = 0, k = 0], random) => [0, 1].map(() => random.normal(x + 1.5 * b + 0.7 * k)),
  posterior: (data): LogDensity => ({
    dim: 3,
    logDensity([x = 0, b = 0, k = 0]) {
      if (k < -2 || k > 4) return -Infinity;
      const prior = -0.5 * x * x + Math.log(b === 1 ? 0.4 : 0.6);
      return data.reduce((sum, y) => sum - 0.5 * (y - x - 1.5 * b - 0.7 * k) ** 2, prior);
    },
    logDensityAndGradient(position, gradient) {
      const [x = 0, b = 0, k = 0] = position;
      gradient.fill(0);
      gradient[0] = data.reduce((sum, y) => sum + y - x - 1.5 * b - 0.7 * k, -x);
      return this.logDensity(position);
    },
  }),
} satisfies Omit<InvarianceOptions<number[]>, "explorer">;

const sound: readonly (readonly [string, ExplorerChoice])[] = [
  ["slice", slice({ width: 0.7, passes: 1 })],
  ["slice with a wide first interval", slice({ passes: 1 })],
  ["randomWalk", randomWalk({ steps: 3 })],
  ["randomWalk along the covariance", randomWalk({ steps: 3, shape: "dense" })],
  ["stretch", stretch({ steps: 3 })],
  ["autoMala", autoMala({ steps: 2 })],
  ["hmc", hmc()],
  ["nuts", nuts()],
  ["nuts with a dense metric", nuts({ metric: "dense" })],
  ["compose", compose(onCoordinates([1], slice({ passes: 1 })), onCoordinates([0], nuts()))],
  ["mix", mix([randomWalk({ steps: 1 }), slice({ passes: 1 })], [3, 1])],
  ["a user's function", independence],
];

/** Proposals from the prior, accepted by the ratio of likelihoods. */
function independence(path: ExploredPath): void {
  const { random } = path;
  const trial = Float64Array.of(random.normal(), random.normal(0, 0.5));
  const prior = ([m = 0, s = 0]: Float64Array) => -0.5 * m * m - 2 * s * s;
  const ratio = path.evaluate(trial) - prior(trial) - path.logDensity + prior(path.position);
  if (Math.log(random.uniform()) < ratio) path.accept(trial);
}

describe.each(sound)("%s", (_, explorer) => {
  test("leaves the joint law of parameters and data as it is", async () => {
    const report = await testInvariance({ ...continuous, explorer, seed: 11 });
    expect(report.rows.map(({ p }) => p.toFixed(4)).join(" ") + (report.passes ? "" : " fails")).not.toContain("fails");
    expect(report.moved).toBeGreaterThan(0.2);
  });
});

test.each([
  ["slice", slice({ passes: 1 })],
  ["slice with short intervals", slice({ width: 1, passes: 1 })],
  ["gibbs and hmc", compose(onCoordinates([1, 2], gibbs()), onCoordinates([0], hmc()))],
  ["gibbs and a random walk", mix([onCoordinates([2, 1], gibbs()), onCoordinates([0], randomWalk())])],
] as const)("%s leaves reals, booleans and integers together as they are", async (_, explorer) => {
  const report = await testInvariance({ ...mixed, explorer, seed: 12 });
  expect(report.passes, JSON.stringify(report.rows)).toBe(true);
  expect(report.moved).toBeGreaterThan(0.3);
});

test("staying where one is passes, and is seen not to move", async () => {
  const report = await testInvariance({ ...continuous, explorer: () => {}, draws: 4000 });
  expect(report.passes).toBe(true);
  expect(report.moved).toBe(0);
  expect(report.rows.map(({ name }) => name)).toEqual([
    "parameter 0",
    "parameter 1",
    "log density",
    "change of parameter 0",
    "change of parameter 0 squared",
    "change of parameter 1",
    "change of parameter 1 squared",
    "change of log density",
  ]);
  expect(report.threshold).toBeCloseTo(0.005 / 8, 15);
});

/** Kernels with one fault each. */
const broken: readonly (readonly [string, ExplorerChoice])[] = [
  [
    "a random walk that accepts everything",
    (path) => {
      const trial = path.position.map((x) => x + 0.5 * path.random.normal());
      path.evaluate(trial);
      path.accept(trial);
    },
  ],
  [
    "a random walk at another temperature",
    (path) => {
      const trial = path.position.map((x) => x + 0.7 * path.random.normal());
      const ratio = 0.6 * (path.evaluate(trial) - path.logDensity);
      if (Math.log(path.random.uniform()) < ratio) path.accept(trial);
    },
  ],
  [
    "a stretch without its power of the factor",
    (path) => {
      for (let n = 0; n < 3; n++) {
        const { random } = path;
        const stretched = (1 + random.uniform()) ** 2 / 2;
        const companion = path.position.map(() => random.normal());
        const trial = path.position.map((x, i) => companion[i]! + stretched * (x - companion[i]!));
        if (Math.log(random.uniform()) < path.evaluate(trial) - path.logDensity) path.accept(trial);
      }
    },
  ],
  [
    "a step that leans to one side",
    (path) => {
      const { random } = path;
      const trial = path.position.map((x) => x + 0.2 + 0.5 * random.normal());
      if (Math.log(random.uniform()) < path.evaluate(trial) - path.logDensity) path.accept(trial);
    },
  ],
  [
    "a slice without the level",
    (path) => {
      const { random } = path;
      const trial = path.position.slice();
      trial[0] = path.position[0]! + random.uniform() - 0.5;
      if (path.evaluate(trial) > path.logDensity - 1) path.accept(trial);
    },
  ],
];

test.each(broken)("%s is found out", async (_, explorer) => {
  const report = await testInvariance({ ...continuous, explorer, seed: 13 });
  expect(report.passes).toBe(false);
});

test("bad settings of the test are refused", async () => {
  const explorer = slice();
  await expect(testInvariance({ ...continuous, explorer, draws: 0 })).rejects.toThrow(/draws/);
  await expect(testInvariance({ ...continuous, explorer, significance: 1 })).rejects.toThrow(/significance/);
  const empty = () => ({ dim: 2, logDensity: () => -Infinity, logDensityAndGradient: () => -Infinity });
  await expect(testInvariance({ ...continuous, posterior: empty, explorer })).rejects.toThrow(/positive at parameters/);
});

test("the distance of two samples and its p value are those of the definition", () => {
  // Distribution functions on 1, 2, 3, 4 and 2.5, 5: they differ most below 2.5, by ½.
  expect(kolmogorovSmirnov([3, 1, 4, 2], [5, 2.5]).distance).toBe(0.5);
  expect(kolmogorovSmirnov([1, 2], [1, 2]).p).toBe(1);
  // P(K > 1.3581) = 0.05 for Kolmogorov's law; the correction is below 0.2 % of t here.
  const size = 20_000;
  const even = Float64Array.from({ length: size }, (_, k) => k);
  const distance = 1.3581 / (Math.sqrt(size / 2) + 0.12 + 0.11 / Math.sqrt(size / 2));
  const shifted = even.map((x) => x + Math.round(distance * size));
  expect(kolmogorovSmirnov(even, shifted).p).toBeCloseTo(0.05, 3);
  expect(() => kolmogorovSmirnov([Number.NaN], [1])).toThrow(/NaN/);
});
