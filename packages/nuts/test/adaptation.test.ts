import type { LogDensity } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import { type MetricKind, sample } from "../src/index.ts";
import { spdMean } from "../src/metric/spd-mean.ts";
import { symmetricEigen } from "../src/metric/symmetric-eigen.ts";
import { initDualAveraging, updateDualAveraging, warmupSchedule } from "../src/plan/index.ts";
import { independentNormals, normalWithPrecision } from "./models/normals.ts";
import { meanOf, sizeOf, zScore } from "./z-scores.ts";

test("N(0, I) in 250 dimensions: at most 15 leapfrogs per draw, no tree deeper than 4", async () => {
  const run = await sample(independentNormals(Array(250).fill(1)), { seed: 1, chains: 4, draws: 500 });
  expect(meanOf(run.statistic("leapfrogs"))).toBeLessThanOrEqual(15);
  expect(Math.max(...run.statistic("treeDepth"))).toBeLessThanOrEqual(4);
  expect(meanOf(run.statistic("acceptRate"))).toBeGreaterThan(0.75);
});

describe("warmup of 100 and less", () => {
  test.each<[number, MetricKind]>([
    [100, "auto"],
    [100, "dense"],
    [100, "diagonal"],
    [30, "auto"],
  ])("%i iterations adapt a badly scaled normal, metric %s", async (warmup, metric) => {
    const sd = [1e-4, 1e-2, 1, 1e2, 1e4];
    const initial = { kind: "given", positions: sd } as const;
    const run = await sample(independentNormals(sd), { seed: 2, chains: 4, warmup, draws: 500, metric, initial });
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(10);
    sd.forEach((one, i) => {
      expect(Math.abs(zScore(run, (x) => (x[i]! / one) ** 2, 1))).toBeLessThan(4);
    });
  });

  test("warmup of 0 to 19 only finds a step size", async () => {
    for (const warmup of [0, 1, 5, 19]) {
      const run = await sample(independentNormals([1, 2]), { seed: 3, chains: 2, warmup, draws: 500 });
      expect(Math.abs(zScore(run, (x) => x[1]! ** 2, 4))).toBeLessThan(4);
      expect(run.chains[0]!.metric.reason).toContain("curvature");
    }
  });
});

/** A target in other units: x' = unit · x. */
function inUnits(target: LogDensity, units: readonly number[]): LogDensity {
  const x = new Float64Array(target.dim);
  const original = (at: Float64Array) => {
    for (let i = 0; i < x.length; i++) x[i] = at[i]! / units[i]!;
    return x;
  };
  return {
    dim: target.dim,
    logDensity: (at) => target.logDensity(original(at)),
    logDensityAndGradient(at, gradient) {
      const value = target.logDensityAndGradient(original(at), gradient);
      for (let i = 0; i < x.length; i++) gradient[i] = gradient[i]! / units[i]!;
      return value;
    },
  };
}

describe("units", () => {
  // A correlated block and a heavier tail, so that every part of the adaptation has something to do.
  const block = normalWithPrecision(Float64Array.of(4, -3.9, 0, -3.9, 4, 0, 0, 0, 1), 3);
  const target: LogDensity = {
    dim: 3,
    logDensity: (x) => target.logDensityAndGradient(x, new Float64Array(3)),
    logDensityAndGradient(x, gradient) {
      const value = block.logDensityAndGradient(x, gradient);
      const r = x[2]! ** 2;
      gradient[2] = gradient[2]! - r * x[2]! * 0.4;
      return value - 0.1 * r * r;
    },
  };
  const start = [0.5, 0.7, -0.2];

  test.each<MetricKind>(["auto", "diagonal", "dense", "fisher-diagonal", "low-rank"])(
    "powers of two from 1e-8 to 1e8 change no bit of the draws, metric %s",
    async (metric) => {
      const draws = async (units: readonly number[]) => {
        const positions = start.map((x, i) => x * units[i]!);
        const initial = { kind: "given", positions } as const;
        const run = await sample(inUnits(target, units), {
          seed: 4,
          chains: 2,
          warmup: 300,
          draws: 100,
          metric,
          initial,
        });
        return run.unconstrained().values.map((x, k) => x / units[k % 3]!);
      };
      expect(await draws([2 ** -26, 2 ** 27, 2 ** 3])).toEqual(await draws([1, 1, 1]));
    },
  );

  test("a correlated block of sd 1e-4 costs what it costs at unit scale", async () => {
    const leapfrogs = async (unit: number) => {
      const initial = { kind: "given", positions: start.map((x) => x * unit) } as const;
      const options = { seed: 5, chains: 2, warmup: 400, draws: 500, initial, metric: "dense" } as const;
      return meanOf((await sample(inUnits(target, [unit, unit, unit]), options)).statistic("leapfrogs"));
    };
    expect(Math.abs((await leapfrogs(1e-4)) / (await leapfrogs(1)) - 1)).toBeLessThan(0.1);
  });

  test("scales from 1e-8 to 1e8 in one target", async () => {
    const sd = Array.from({ length: 17 }, (_, i) => 10 ** (i - 8));
    const initial = { kind: "given", positions: sd } as const;
    const run = await sample(independentNormals(sd), { seed: 6, chains: 2, draws: 500, initial });
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThanOrEqual(7);
  });
});

describe("the metric that auto picks", () => {
  test("says why: diagonal for independent coordinates", async () => {
    const run = await sample(independentNormals([1, 5, 0.1]), { seed: 7, chains: 1, draws: 10 });
    expect(run.chains[0]!.metric.kind).toBe("diagonal");
    expect(run.chains[0]!.metric.reason).toMatch(/no direction's variance is off by more than a factor 2/);
  });

  test("dense for a correlated pair", async () => {
    const target = normalWithPrecision(Float64Array.of(100, -99, -99, 100), 2);
    const run = await sample(target, { seed: 7, chains: 1, draws: 500 });
    expect(run.chains[0]!.metric.kind).toBe("dense");
    expect(run.chains[0]!.metric.reason).toMatch(/^dense from \d+ draws and gradients: .*span/);
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(5);
  });

  test("low-rank beyond 100 dimensions, for a few directions", async () => {
    // Identity but for one direction of variance 400: precision I − (1 − 1/400) v vᵀ.
    const dim = 120;
    const precision = new Float64Array(dim * dim);
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) precision[i * dim + j] = (i === j ? 1 : 0) - (1 - 1 / 400) / dim;
    }
    const options = { seed: 8, chains: 2, draws: 500 };
    const run = await sample(normalWithPrecision(precision, dim), options);
    const independent = await sample(independentNormals(Array(dim).fill(1)), options);
    expect(run.chains[0]!.metric.kind).toBe("low-rank");
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(1.6 * meanOf(independent.statistic("leapfrogs")));
    const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0) ** 2 / dim;
    expect(Math.abs(zScore(run, sum, 400))).toBeLessThan(4);
    const diagonal = await sample(normalWithPrecision(precision, dim), { ...options, metric: "diagonal" });
    // The turn of the many short directions ends trajectories before the long one is crossed.
    expect(sizeOf(run, sum)).toBeGreaterThan(3 * sizeOf(diagonal, sum));
  });
});

describe("warm starts", () => {
  const target = normalWithPrecision(Float64Array.of(100, -99, -99, 100), 2);
  const options = { seed: 9, chains: 2, draws: 400 };

  test("from the covariance: few gradients, no warmup needed for the metric", async () => {
    const covariance = [100 / 199, 99 / 199, 99 / 199, 100 / 199];
    const run = await sample(target, { ...options, warmup: 50, warmStart: { covariance } });
    expect(run.chains[0]!.metric.reason).toBe("given");
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(5);
    expect(run.chains[0]!.warmupGradients).toBeLessThan(300);
  });

  test("from an earlier run: metric and step size, with no warmup at all", async () => {
    const before = await sample(target, options);
    const { metric, stepSize } = before.chains[0]!;
    const warmStart = { metric: metric.metric, stepSize };
    const run = await sample(target, {
      ...options,
      warmup: 0,
      warmStart,
      initial: { kind: "given", positions: [0, 0] },
    });
    expect(run.chains[0]!.stepSize).toBe(stepSize);
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(5);
    expect(Math.abs(zScore(run, (x) => x[0]! ** 2, 100 / 199))).toBeLessThan(4);
  });
});

test("schedules: Stan's windows from 150 on, windows for every warmup from 20 on", () => {
  expect(warmupSchedule(1000)).toEqual({ warmup: 1000, initialBuffer: 75, windowEnds: [100, 150, 250, 450, 950] });
  expect(warmupSchedule(500).windowEnds).toEqual([100, 150, 450]);
  expect(warmupSchedule(150)).toEqual({ warmup: 150, initialBuffer: 75, windowEnds: [100] });
  expect(warmupSchedule(19).windowEnds).toEqual([]);
  for (let warmup = 20; warmup < 1200; warmup++) {
    const { initialBuffer, windowEnds } = warmupSchedule(warmup);
    expect(windowEnds.length).toBeGreaterThan(0);
    expect(windowEnds.every((end, k) => end > (windowEnds[k - 1] ?? initialBuffer))).toBe(true);
    expect(warmup - windowEnds.at(-1)!).toBeGreaterThanOrEqual(6);
  }
});

describe("dual averaging", () => {
  test("settles where the acceptance rate meets the target, from any start", () => {
    // α(ε) = exp(−ε) meets δ = 0.8 at ε = −log 0.8.
    for (const first of [1e-3, 0.1, 1, 1e3]) {
      let state = initDualAveraging(first);
      for (let m = 0; m < 2000; m++) state = updateDualAveraging(state, Math.exp(-Math.exp(state.logStepSize)));
      expect(Math.abs(Math.exp(state.logStepSizeBar) / -Math.log(0.8) - 1)).toBeLessThan(0.05);
    }
  });

  test("takes NaN as acceptance 0; refuses step sizes that are none", () => {
    const state = initDualAveraging(0.1);
    expect(updateDualAveraging(state, Number.NaN)).toEqual(updateDualAveraging(state, 0));
    for (const bad of [0, -1, Infinity, Number.NaN])
      expect(() => initDualAveraging(bad)).toThrow(/positive and finite/);
  });
});

test("geometric mean: diag(1, 4, 8) with the inverse of diag(1, 1, ½) is diag(1, 2, 4)", () => {
  const diagonal = (...values: number[]) =>
    Float64Array.from({ length: 9 }, (_, k) => (k % 4 === 0 ? values[k / 4]! : 0));
  const mean = spdMean(diagonal(1, 4, 8), diagonal(1, 1, 0.5), 3);
  diagonal(1, 2, 4).forEach((value, k) => {
    expect(mean[k]).toBeCloseTo(value, 13);
  });
});

test("eigenvalues of the second difference matrix: 2 − 2 cos(kπ/(n + 1)), orthonormal vectors", () => {
  const n = 12;
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const distance = Math.abs(Math.floor(at / n) - (at % n));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
  const { values, vectors } = symmetricEigen(matrix, n);
  Array.from(values)
    .toSorted((a, b) => a - b)
    .forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13);
    });
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += vectors[a * n + i]! * vectors[b * n + i]!;
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 13);
    }
  }
});
