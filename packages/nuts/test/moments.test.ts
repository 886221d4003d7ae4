/** Known posteriors: means and squares within 4 Monte Carlo standard errors, at fixed seeds. */

import { rhat } from "@siegert/diagnostics";
import {
  choleskyCorrelation,
  constrainedDensity,
  interval,
  type LogDensity,
  ordered,
  positive,
  real,
  simplex,
  sumToZero,
} from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { type MetricKind, sample } from "../src/index.ts";
import { chiSquareTail } from "./chi-square.ts";
import { eightSchools, eightSchoolsReference } from "./models/eight-schools.ts";
import { independentNormals, normalWithPrecision } from "./models/normals.ts";
import { chainsOf, meanOf, zScore } from "./z-scores.ts";

describe.each([1, 2, 10, 100, 1000])("standard normal in %i dimensions", (dim) => {
  test("means and variances", async () => {
    const draws = dim === 1000 ? 400 : 1000;
    const run = await sample(independentNormals(Array(dim).fill(1)), { seed: 1, chains: 2, warmup: 500, draws });
    const means = Array.from({ length: Math.min(dim, 100) }, (_, i) => zScore(run, (x) => x[i]!, 0));
    const squares = Array.from({ length: Math.min(dim, 100) }, (_, i) => zScore(run, (x) => x[i]! ** 2, 1));
    for (const z of [...means.slice(0, 20), ...squares.slice(0, 20)]) expect(Math.abs(z)).toBeLessThan(4);
    // All together: Σ z² of n standard normal variates has a χ² law.
    for (const all of [means, squares]) {
      const sum = all.reduce((total, z) => total + z * z, 0);
      expect(chiSquareTail(sum, all.length)).toBeGreaterThan(1e-3);
    }
    expect(run.warnings).toEqual([]);
  });
});

/** Precision of a normal density whose variances along random directions go from 1 to `condition`. */
function rotatedPrecision(dim: number, condition: number): { precision: Float64Array; covariance: Float64Array } {
  const random = createRandom(8, "rotation", dim);
  const axes: Float64Array[] = [];
  while (axes.length < dim) {
    const axis = random.fillNormal(new Float64Array(dim));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of axes) {
        const dot = axis.reduce((sum, value, i) => sum + value * other[i]!, 0);
        for (let i = 0; i < dim; i++) axis[i] = axis[i]! - dot * other[i]!;
      }
    }
    const norm = Math.sqrt(axis.reduce((sum, value) => sum + value * value, 0));
    axes.push(axis.map((value) => value / norm));
  }
  const precision = new Float64Array(dim * dim);
  const covariance = new Float64Array(dim * dim);
  axes.forEach((axis, k) => {
    const variance = condition ** (k / (dim - 1));
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) {
        precision[i * dim + j] = precision[i * dim + j]! + (axis[i]! * axis[j]!) / variance;
        covariance[i * dim + j] = covariance[i * dim + j]! + axis[i]! * axis[j]! * variance;
      }
    }
  });
  return { precision, covariance };
}

describe.each<[number, number, MetricKind]>([
  [2, 1e6, "auto"],
  [10, 1e6, "auto"],
  [10, 1e6, "dense"],
  [10, 1e6, "low-rank"],
  [10, 1e3, "diagonal"],
  [10, 1e3, "fisher-diagonal"],
  [10, 1e3, "unit"],
  [60, 1e6, "auto"],
])("rotated normal, %i dimensions, condition number %d, metric %s", (dim, condition, metric) => {
  test("means and variances", async () => {
    const { precision, covariance } = rotatedPrecision(dim, condition);
    const run = await sample(normalWithPrecision(precision, dim), {
      seed: 2,
      chains: 2,
      warmup: 500,
      draws: 500,
      metric,
    });
    for (let i = 0; i < Math.min(dim, 12); i++) {
      expect(Math.abs(zScore(run, (x) => x[i]!, 0))).toBeLessThan(4);
      expect(Math.abs(zScore(run, (x) => x[i]! ** 2, covariance[i * dim + i]!))).toBeLessThan(4);
    }
    // A standard normal law costs 7 in 60 dimensions; with a diagonal metric this one would cost a hundred times as
    // much.
    if (metric === "auto") expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(dim < 20 ? 9 : 12);
  });
});

test("blocks: two correlated pairs and one alone", async () => {
  const pair = [1, 0.95, 0.95, 1].map((c, k) => (k === 1 || k === 2 ? -c : c) / (1 - 0.95 ** 2));
  const precision = new Float64Array(25);
  for (const [first, indices] of [
    [0, [0, 3]],
    [1, [1, 4]],
  ] as const) {
    for (const [a, i] of indices.entries()) {
      for (const [b, j] of indices.entries()) precision[i * 5 + j] = pair[2 * a + b]! / (first === 0 ? 1 : 1e6);
    }
  }
  precision[2 * 5 + 2] = 1e4;
  const metric = {
    blocks: [
      { indices: [3, 0], metric: "dense" as const },
      { indices: [1, 4], metric: "auto" as const },
      { indices: [2], metric: "diagonal" as const },
    ],
  };
  const run = await sample(normalWithPrecision(precision, 5), { seed: 3, chains: 2, draws: 1000, metric });
  const variances = [1, 1e6, 1e-4, 1, 1e6];
  variances.forEach((variance, i) => {
    expect(Math.abs(zScore(run, (x) => x[i]!, 0))).toBeLessThan(4);
    expect(Math.abs(zScore(run, (x) => x[i]! ** 2, variance))).toBeLessThan(4);
  });
  expect(run.chains[0]!.metric.kind).toBe("blocks");
  expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(8);
});

/** x ~ N(0, 1), y | x ~ N(x², 0.5). */
const banana: LogDensity = {
  dim: 2,
  logDensity: ([x = 0, y = 0]) => -0.5 * x * x - 2 * (y - x * x) ** 2,
  logDensityAndGradient(at, gradient) {
    const [x = 0, y = 0] = at;
    gradient[0] = -x + 8 * x * (y - x * x);
    gradient[1] = -4 * (y - x * x);
    return banana.logDensity(at);
  },
};

test("a z score sees a variance that is 10 % off: what passes above could have failed", async () => {
  const run = await sample(independentNormals([1.05, 1]), { seed: 1, chains: 2, draws: 4000 });
  expect(Math.abs(zScore(run, (x) => x[0]! ** 2, 1))).toBeGreaterThan(4);
  expect(Math.abs(zScore(run, (x) => x[1]! ** 2, 1))).toBeLessThan(4);
});

test("banana", async () => {
  const run = await sample(banana, { seed: 4, draws: 2000, targetAccept: 0.9 });
  const expected: [(x: Float64Array) => number, number][] = [
    [(x) => x[0]!, 0],
    [(x) => x[0]! ** 2, 1],
    [(x) => x[1]!, 1],
    [(x) => (x[1]! - 1) ** 2, 2.25],
    [(x) => x[0]! ** 2 * x[1]!, 3],
  ];
  for (const [f, value] of expected) expect(Math.abs(zScore(run, f, value))).toBeLessThan(4);
});

/** Neal's funnel: v ~ N(0, 3), five x ~ N(0, e^(v/2)). */
const funnel: LogDensity = {
  dim: 6,
  logDensity: (at) => funnel.logDensityAndGradient(at, new Float64Array(6)),
  logDensityAndGradient(at, gradient) {
    const v = at[0]!;
    const precision = Math.exp(-v);
    let sum = 0;
    for (let i = 1; i < 6; i++) {
      sum += at[i]! ** 2;
      gradient[i] = -at[i]! * precision;
    }
    gradient[0] = -v / 9 - 2.5 + 0.5 * sum * precision;
    return -(v ** 2) / 18 - 2.5 * v - 0.5 * sum * precision;
  },
};

test("funnel: as far as its neck is reached", async () => {
  const run = await sample(funnel, { seed: 5, chains: 4, warmup: 1000, draws: 4000, targetAccept: 0.99 });
  expect(Math.abs(zScore(run, (x) => x[0]!, 0))).toBeLessThan(4);
  expect(Math.abs(zScore(run, (x) => x[0]! ** 2, 9))).toBeLessThan(4);
  // Bounded functions of the tails: P(v < −3 · 1.2816) = 0.1, P(v > 3 · 1.2816) = 0.1.
  expect(Math.abs(zScore(run, (x) => (x[0]! < -3.8447 ? 1 : 0), 0.1))).toBeLessThan(4);
  expect(Math.abs(zScore(run, (x) => (x[0]! > 3.8447 ? 1 : 0), 0.1))).toBeLessThan(4);
});

test("eight schools, non-centred, against 10 000 draws of Stan", async () => {
  const run = await sample(eightSchools(), { seed: 6, warmup: 1000, draws: 2000, targetAccept: 0.9 });
  eightSchoolsReference.forEach(({ mean, sd }, i) => {
    // The reference has a standard error of its own: sd / 100.
    const z = zScore(run, (x) => x[i]!, mean);
    const own = (meanOf(chainsOf(run, i).values) - mean) / z;
    expect(Math.abs(z * own) / Math.hypot(own, sd / 100)).toBeLessThan(4);
    expect(rhat(chainsOf(run, i))).toBeLessThan(1.01);
  });
});

test("Student-t tails: variance and tail probabilities", async () => {
  // ν = 5: variance 5/3, P(|x| > 2.570582) = 0.05.
  const nu = 5;
  const t: LogDensity = {
    dim: 3,
    logDensity: (x) => x.reduce((sum, v) => sum - ((nu + 1) / 2) * Math.log1p((v * v) / nu), 0),
    logDensityAndGradient(x, gradient) {
      for (let i = 0; i < 3; i++) gradient[i] = (-(nu + 1) * x[i]!) / (nu + x[i]! ** 2);
      return t.logDensity(x);
    },
  };
  const run = await sample(t, { seed: 7, draws: 3000 });
  for (let i = 0; i < 3; i++) {
    expect(Math.abs(zScore(run, (x) => x[i]!, 0))).toBeLessThan(4);
    expect(Math.abs(zScore(run, (x) => (Math.abs(x[i]!) > 2.570582 ? 1 : 0), 0.05))).toBeLessThan(4);
  }
});

test("every bijector: moments of known laws", async () => {
  const model = constrainedDensity({
    // Gamma(3), beta(2, 3) on (−1, 3), Dirichlet(2, 3, 4), sorted normals, a normal on a plane, LKJ(2) of 3 × 3, a
    // normal.
    parameters: {
      gamma: positive(),
      beta: interval(-1, 3),
      p: simplex(3),
      o: ordered(2),
      z: sumToZero(3),
      L: choleskyCorrelation(3),
      n: real(),
    },
    logDensityAndGradient(x, gradient) {
      gradient.fill(0);
      let value = 0;
      const power = (at: number, shift: number, scale: number, exponent: number) => {
        const y = shift + scale * x[at]!;
        gradient[at] = gradient[at]! + (exponent * scale) / y;
        value += exponent * Math.log(y);
      };
      const bell = (at: number) => {
        gradient[at] = gradient[at]! - x[at]!;
        value -= 0.5 * x[at]! ** 2;
      };
      power(0, 0, 1, 2);
      gradient[0] = gradient[0]! - 1;
      value -= x[0]!;
      power(1, 1, 1, 1);
      power(1, 3, -1, 2);
      for (let k = 0; k < 3; k++) power(2 + k, 0, 1, k + 1);
      for (const at of [5, 6, 7, 8, 9, 19]) bell(at);
      power(14, 0, 1, 3);
      power(18, 0, 1, 2);
      return value;
    },
  });
  const run = await sample(model, { seed: 8, chains: 4, draws: 3000, targetAccept: 0.9 });
  const expected: [(x: Float64Array) => number, number][] = [
    [(x) => x[0]!, 3],
    [(x) => x[0]! ** 2, 12],
    [(x) => (x[1]! + 1) / 4, 0.4],
    [(x) => x[2]!, 2 / 9],
    [(x) => x[2]! * x[4]!, 8 / 90],
    [(x) => x[6]!, 1 / Math.sqrt(Math.PI)],
    [(x) => x[5]! + x[6]!, 0],
    [(x) => x[9]! ** 2, 2 / 3],
    [(x) => (x[13]! * x[16]! + x[14]! * x[17]!) ** 2, 1 / 6],
    [(x) => x[13]!, 0],
    [(x) => x[19]! ** 2, 1],
  ];
  for (const [f, value] of expected) expect(Math.abs(zScore(run, f, value))).toBeLessThan(4);
});

test("static trajectories with jitter sample the same law", async () => {
  const run = await sample(banana, {
    seed: 9,
    draws: 3000,
    targetAccept: 0.95,
    kernel: { kind: "static-hmc", leapfrogs: 8 },
  });
  expect(Math.abs(zScore(run, (x) => x[1]!, 1))).toBeLessThan(4);
  expect(Math.abs(zScore(run, (x) => x[0]! ** 2, 1))).toBeLessThan(4);
  const isDivergent = run.statistic("isDivergent");
  const lengths = new Set(run.statistic("leapfrogs").filter((_, n) => isDivergent[n] === 0));
  expect([...lengths].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
});
