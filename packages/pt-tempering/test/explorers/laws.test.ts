/** Explorers within tempered runs on targets whose moments and evidence are known. */
import type { Random } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  autoMala,
  compose,
  continuousReplicas,
  type ExplorerChoice,
  gibbs,
  independentReference,
  normalReference,
  onCoordinates,
  randomWalk,
  slice,
  stretch,
  temper,
  uniformReference,
} from "../../src/index.ts";
import { hmc, nuts } from "../../src/nuts.ts";
import { meanOf, zScore } from "./run-moments.ts";

/** x ~ N(1, 0.5²), y | x ~ N(2x, 0.1²): strongly correlated. Normalised, so log Z = 0. */
const tilted = {
  dim: 2,
  logDensity: ([x = 0, y = 0]: Float64Array) =>
    -Math.log(2 * Math.PI * 0.5 * 0.1) - 0.5 * ((x - 1) / 0.5) ** 2 - 0.5 * ((y - 2 * x) / 0.1) ** 2,
  logDensityAndGradient(position: Float64Array, gradient: Float64Array) {
    const [x = 0, y = 0] = position;
    gradient[0] = -(x - 1) / 0.25 + (2 * (y - 2 * x)) / 0.01;
    gradient[1] = -(y - 2 * x) / 0.01;
    return this.logDensity(position);
  },
};

describe.each([
  ["slice sampling", slice()],
  ["a random walk along the covariance", randomWalk({ shape: "dense", steps: 10 })],
  ["a random walk along the axes", randomWalk({ steps: 30 })],
  ["stretch moves", stretch({ steps: 10 })],
  ["autoMALA", autoMala()],
  ["Hamiltonian trajectories", hmc({ metric: "dense" })],
  ["no-U-turn transitions", nuts({ metric: "dense" })],
] as readonly (readonly [string, ExplorerChoice])[])("%s", (_, explorer) => {
  test("finds mean, spread and correlation of a narrow normal density, and its evidence", async () => {
    const reference = normalReference({ mean: 0, sd: 3 });
    const problem = await continuousReplicas({ target: tilted, reference, explorer });
    const run = await temper(problem, { seed: 21, rounds: 11, chains: 8 });
    expect(Math.abs(zScore(run, ([x = 0]) => x, 1))).toBeLessThan(5);
    expect(Math.abs(zScore(run, ([, y = 0]) => y, 2))).toBeLessThan(5);
    expect(Math.abs(zScore(run, ([x = 0]) => (x - 1) ** 2, 0.25))).toBeLessThan(5);
    expect(Math.abs(zScore(run, ([x = 0, y = 0]) => (y - 2 * x) ** 2, 0.01))).toBeLessThan(5);
    expect(Math.abs(run.logZ!)).toBeLessThan(5 * run.logZError!);
  });
});

test("moments of standard normals in ten dimensions come out by every explorer", async () => {
  const target = {
    dim: 10,
    logDensity: (x: Float64Array) => x.reduce((sum, value) => sum - 0.5 * value * value, 0),
    logDensityAndGradient(x: Float64Array, gradient: Float64Array) {
      for (let i = 0; i < 10; i++) gradient[i] = -x[i]!;
      return this.logDensity(x);
    },
  };
  const reference = normalReference({ mean: 0, sd: 2 });
  for (const explorer of [slice({ width: 2 }), randomWalk({ steps: 40 }), stretch({ steps: 40 }), autoMala(), nuts()]) {
    const problem = await continuousReplicas({ target, reference, explorer });
    const run = await temper(problem, { seed: 4, rounds: 9, chains: 5 });
    expect(Math.abs(zScore(run, (x) => x[3]!, 0))).toBeLessThan(5);
    const squares = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(zScore(run, squares, 10))).toBeLessThan(5);
    expect(Math.abs(run.logZ! - 5 * Math.log(2 * Math.PI))).toBeLessThan(5 * run.logZError!);
  }
});

describe("a binomial whose probability is a product of two", () => {
  // log Z = log C(n, y) + log B(y + 1, n − y + 1) + log(ψ(n + 2) − ψ(y + 1)) under uniform priors.
  test.each([
    [100, 50, -4.974551871321196, 8],
    [100_000, 50_000, -11.87944117216091, 10],
  ])("has the evidence of its closed form, n = %d, y = %d", async (n, y, exact, chains) => {
    const logChoose = logGamma(n + 1) - logGamma(y + 1) - logGamma(n - y + 1);
    const logDensity = ([p = 0, q = 0]: Float64Array) => logChoose + y * Math.log(p * q) + (n - y) * Math.log1p(-p * q);
    const target = { dim: 2, logDensity, logDensityAndGradient: logDensity };
    const reference = uniformReference({ lower: 0, upper: 1 });
    const problem = await continuousReplicas({ target, reference, explorer: slice() });
    const run = await temper(problem, { seed: 2, rounds: 11, chains });
    expect(Math.abs(run.logZ! - exact)).toBeLessThan(5 * run.logZError!);
    expect(Math.abs(run.logZ! / exact - 1)).toBeLessThan(0.05);
    if (n === 100_000) expect(Math.abs(run.last!.barriers[0]! / 3.5 - 1)).toBeLessThan(0.1);
  });
});

/** Stirling's series after shifting the argument above 20; 1e-14 relative. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 20; z++) shift -= Math.log(z);
  const r = 1 / (z * z);
  const tail = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + tail;
}

/** b ∈ {0, 1}, k ∈ {0, …, 20}, x real: b ~ Bernoulli(0.3), k | b ~ Poisson-like weights, x | k ~ N(k, 0.5²). */
const mixed = {
  dim: 3,
  logDensity([b = 0, k = 0, x = 0]: Float64Array) {
    if (k < 0 || k > 20) return -Infinity;
    const mean = b === 1 ? 8 : 3;
    return Math.log(b === 1 ? 0.3 : 0.7) + k * Math.log(mean) - logGamma(k + 1) - mean - 2 * (x - k) ** 2;
  },
  logDensityAndGradient(position: Float64Array, gradient: Float64Array) {
    const [, k = 0, x = 0] = position;
    gradient.fill(0);
    gradient[2] = -4 * (x - k);
    return this.logDensity(position);
  },
};

/** Mean of f(b, k) and log Σ under the target, by enumeration. */
function enumerated(f: (b: number, k: number) => number): { mean: number; logZ: number } {
  let total = 0;
  let sum = 0;
  for (const b of [0, 1]) {
    for (let k = 0; k <= 20; k++) {
      const weight = Math.exp(mixed.logDensity(Float64Array.of(b, k, k)));
      total += weight;
      sum += weight * f(b, k);
    }
  }
  return { mean: sum / total, logZ: Math.log(total) + 0.5 * Math.log(Math.PI / 2) };
}

const mixedReference = independentReference([
  { law: "boolean", probability: 0.5 },
  { law: "integer", lower: 0, upper: 20 },
  { law: "normal", mean: 10, sd: 8 },
]);

test.each([
  ["slice", slice({ passes: 3 })],
  ["gibbs and nuts", compose(onCoordinates([0, 1], gibbs()), onCoordinates([2], nuts()), slice({ passes: 1 }))],
  [
    "gibbs, hmc and a walk over the real one",
    compose(slice({ passes: 1 }), onCoordinates([2], compose(hmc(), randomWalk()))),
  ],
] as const)("booleans, integers and reals come out together: %s", async (_, explorer) => {
  const problem = await continuousReplicas({ target: mixed, reference: mixedReference, explorer });
  const run = await temper(problem, { seed: 6, rounds: 11, chains: 6 });
  const { mean: meanB, logZ } = enumerated((b) => b);
  const { mean: meanK } = enumerated((_b, k) => k);
  const { mean: both } = enumerated((b, k) => b * k);
  expect(Math.abs(zScore(run, ([b = 0]) => b, meanB))).toBeLessThan(5);
  expect(Math.abs(zScore(run, ([, k = 0]) => k, meanK))).toBeLessThan(5);
  expect(Math.abs(zScore(run, ([b = 0, k = 0]) => b * k, both))).toBeLessThan(5);
  expect(Math.abs(zScore(run, ([, , x = 0]) => x, meanK))).toBeLessThan(5);
  expect(Math.abs(run.logZ! - logZ)).toBeLessThan(5 * run.logZError!);
  expect(meanOf(run, ([b = 0, k = 0]) => Number(Number.isInteger(k) && (b === 0 || b === 1)))).toBe(1);
});

test("a coordinate that is fixed keeps its value, and the others their law", async () => {
  const target = {
    dim: 2,
    logDensity: ([x = 0, y = 0]: Float64Array) => (x === 0.25 ? -0.5 * (y - x) ** 2 : -Infinity),
    logDensityAndGradient: () => 0,
  };
  const reference = independentReference([
    { law: "fixed", value: 0.25 },
    { law: "normal", mean: 0, sd: 4 },
  ]);
  const problem = await continuousReplicas({ target, reference, explorer: slice() });
  const run = await temper(problem, { seed: 8, rounds: 9, chains: 4 });
  expect(meanOf(run, ([x = 0]) => Number(x === 0.25))).toBe(1);
  expect(Math.abs(zScore(run, ([, y = 0]) => y, 0.25))).toBeLessThan(5);
  expect(Math.abs(zScore(run, ([, y = 0]) => (y - 0.25) ** 2, 1))).toBeLessThan(5);
});

test("slice sampling finds an interval far from a narrow first one, and one in a far tail", async () => {
  // From x = 3000 in N(0, 1000²), with intervals of width 1 to begin with.
  const logDensity = ([x = 0]: Float64Array) => -0.5 * (x / 1000) ** 2;
  const target = { dim: 1, logDensity, logDensityAndGradient: logDensity };
  const reference = {
    ...target,
    draw(random: Random, x: Float64Array) {
      x[0] = random.normal(0, 1000);
    },
  };
  const problem = await continuousReplicas({
    target,
    reference,
    explorer: slice({ width: 1, passes: 1 }),
    starts: [[3000]],
  });
  const group = problem.createGroup({ seed: 3, replicas: [0] });
  const step = {
    betas: Float64Array.of(1),
    chains: Int32Array.of(0),
    legs: Int32Array.of(0),
    statistics: new Float64Array(1),
    tallies: new Float64Array(problem.tallies!.length),
  };
  const state = new Float64Array(1);
  let squares = 0;
  for (let n = 0; n < 4000; n++) {
    group.explore(step);
    group.readState(0, state);
    squares += (state[0]! / 1000) ** 2 / 4000;
    // Target and reference are the same, so the statistic is 0 at every state.
    expect(step.statistics[0]).toBe(0);
  }
  // Draws of a slice sampler on a normal are correlated by about a third: variance of the mean 2·2/4000.
  expect(Math.abs(squares - 1)).toBeLessThan(5 * Math.sqrt(4 / 4000));
});
