import { InvalidArgumentError } from "@siegert/errors";
import type { LogDensity } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import { sample } from "../src/index.ts";
import {
  DIVERGENCE_RATES,
  divergenceVerdict,
  SamplingPlan,
  sampleWithRetries,
  samplingStats,
} from "../src/plan/index.ts";
import { independentNormals } from "./models/normals.ts";

describe("SamplingPlan.fromConfig", () => {
  test.each([
    [50, 140, 350],
    [5_000, 250, 750],
    [10_000, 500, 1500],
    [1_000_000, 500, 1500],
  ])("7 parameters, %i points: %i warmup iterations, %i draws", (shardSize, nWarmup, nSamples) => {
    const plan = SamplingPlan.fromConfig({}, shardSize, 7);
    expect(plan).toMatchObject({
      nWarmup,
      nSamples,
      nChains: 4,
      shardSize,
      nParams: 7,
      wasAdapted: shardSize < 10_000,
    });
    expect(plan.totalSamples).toBe(4 * nSamples);
    expect(plan.sampleOptions).toEqual({ warmup: nWarmup, draws: nSamples, chains: 4 });
  });

  test("never asks for more than the configuration, nor for less than the parameters need", () => {
    expect(SamplingPlan.fromConfig({ numWarmup: 80, numSamples: 90 }, 100, 50)).toMatchObject({
      nWarmup: 80,
      nSamples: 90,
    });
    expect(SamplingPlan.fromConfig({ adaptive: false }, 10, 3)).toMatchObject({ nWarmup: 500, wasAdapted: false });
    expect(SamplingPlan.fromConfig({ numChains: 2 }, 100, 20)).toMatchObject({
      nWarmup: 400,
      nSamples: 1000,
      nChains: 2,
    });
    expect(() => SamplingPlan.fromConfig({}, 0, 3)).toThrow(InvalidArgumentError);
    expect(() => SamplingPlan.fromConfig({ numWarmup: 1.5 }, 10, 3)).toThrow(/numWarmup/);
  });
});

test("statistics of a run", async () => {
  const plan = SamplingPlan.fromConfig({ numWarmup: 200, numSamples: 300, numChains: 2 }, 100, 2);
  const run = await sample(independentNormals([1, 2]), { seed: 1, ...plan.sampleOptions });
  const stats = samplingStats(run, plan);
  expect(stats.iterations).toBe(plan.totalSamples);
  expect(stats.gradients).toBe(run.chains[0]!.gradients + run.chains[1]!.gradients);
  expect(stats.divergences).toMatchObject({ level: "none", rate: 0 });
  expect(stats.meanAcceptRate).toBeGreaterThan(0.6);
  expect(stats.meanLeapfrogs).toBeGreaterThan(1);
  expect(stats.maxTreeDepth).toBeLessThan(5);
  expect(stats.totalSeconds).toBeLessThanOrEqual(stats.cpuSeconds);
  expect(stats.metrics).toHaveLength(2);
  expect(DIVERGENCE_RATES).toEqual({ target: 0.05, high: 0.1, critical: 0.3 });
  expect(divergenceVerdict(4, 10).level).toBe("critical");
});

describe("retries", () => {
  /** A wall at x = 0.2 that a trajectory meets as a divergence. */
  const walled: LogDensity = {
    dim: 1,
    logDensity: ([x = 0]) => (x > 0.2 ? Number.NaN : -0.5 * x * x),
    logDensityAndGradient(x, gradient) {
      gradient[0] = -x[0]!;
      return walled.logDensity(x);
    },
  };
  const options = { seed: 1, chains: 2, warmup: 100, draws: 200, initial: { kind: "given", positions: [-1] } } as const;

  test("too many divergences: up to three more attempts with rising target acceptance, all recorded", async () => {
    const { run, attempts } = await sampleWithRetries(walled, options);
    expect(attempts.map(({ targetAccept }) => Number(targetAccept.toFixed(2)))).toEqual([0.8, 0.85, 0.9, 0.95]);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
    const rates = attempts.map(({ divergenceRate }) => divergenceRate!);
    expect(Math.min(...rates)).toBeGreaterThan(DIVERGENCE_RATES.high);
    const rate = run.chains.reduce((sum, chain) => sum + chain.divergent, 0) / 400;
    expect(rate).toBe(Math.min(...rates));
    // Each attempt starts elsewhere: the first draws differ.
    expect(new Set(rates).size).toBeGreaterThan(1);
  });

  test("stops at the first good attempt; target acceptance is never lowered", async () => {
    const { attempts } = await sampleWithRetries(independentNormals([1]), options);
    expect(attempts).toEqual([{ attempt: 0, targetAccept: 0.8, divergenceRate: 0, error: undefined }]);
    const high = await sampleWithRetries(walled, { ...options, targetAccept: 0.99 }, { retries: 1 });
    expect(high.attempts.map(({ targetAccept }) => targetAccept)).toEqual([0.99, 0.99]);
  });

  test("a start that fails is moved and tried again", async () => {
    const initial = { kind: "given", positions: [0.21] } as const;
    const { run, attempts } = await sampleWithRetries(
      walled,
      { ...options, initial },
      { retries: 1, maxDivergenceRate: 1 },
    );
    expect(attempts[0]!.error).toMatch(/given start is usable|start is usable/);
    expect(attempts[1]!.error).toBeUndefined();
    expect(run.status).toBe("complete");
    const hopeless = { ...options, initial: { kind: "given", positions: [50] } } as const;
    await expect(sampleWithRetries(walled, hopeless, { retries: 1 })).rejects.toThrow(/usable/);
    await expect(sampleWithRetries(walled, options, { retries: -1 })).rejects.toThrow(InvalidArgumentError);
  });
});
