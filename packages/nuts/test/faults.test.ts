import { InvalidArgumentError } from "@siegert/errors";
import { constrainedDensity, type LogDensity, LogDensityError, positive, real } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import { resume, type SampleOptions, sample } from "../src/index.ts";
import { independentNormals } from "./models/normals.ts";
import { zScore } from "./z-scores.ts";

const normal = independentNormals([1, 1]);
const short = { seed: 1, chains: 1, warmup: 50, draws: 50 };

/** A normal density that does something else where the first coordinate is above `limit`. */
function normalBut(limit: number, other: (x: Float64Array, gradient: Float64Array) => number): LogDensity {
  const value = (x: Float64Array, gradient: Float64Array) =>
    x[0]! > limit ? other(x, gradient) : normal.logDensityAndGradient(x, gradient);
  return { dim: 2, logDensity: (x) => value(x, new Float64Array(2)), logDensityAndGradient: value };
}

describe("points that cannot be", () => {
  test.each([Number.NaN, Infinity, -Infinity])("%s beyond a wall: divergences, and the truncated law", async (bad) => {
    const run = await sample(
      normalBut(0.5, () => bad),
      { seed: 1, chains: 4, draws: 2000 },
    );
    const first = run.unconstrained().values.filter((_, k) => k % 2 === 0);
    expect(first.every((x) => x <= 0.5)).toBe(true);
    // Mean of a standard normal variate below 0.5: −φ(0.5)/Φ(0.5).
    expect(Math.abs(zScore(run, (x) => x[0]!, -0.35206533 / 0.69146246))).toBeLessThan(4);
    expect(run.warnings[0]!.code).toBe("divergences");
    expect(run.chains[0]!.divergences[0]!.start.length).toBe(2);
    expect(run.chains[0]!.divergent).toBe(run.chains[0]!.statistics.isDivergent.reduce((a, b) => a + b));
  });

  test("recoverable errors count as such points", async () => {
    const refuse = () => {
      throw new LogDensityError("not positive definite", { isRecoverable: true });
    };
    for (const method of ["sequential", "vectorized"] as const) {
      const run = await sample(normalBut(0.5, refuse), { ...short, chains: 2, method });
      expect(run.status).toBe("complete");
      const rejections = run.warnings.find(({ code }) => code === "rejections");
      expect(rejections?.count).toBeGreaterThan(0);
    }
  });

  test("other errors stop the run and say where", async () => {
    const fail = () => {
      throw new TypeError("x is undefined");
    };
    const failure = sample(normalBut(1, fail), short);
    await expect(failure).rejects.toThrow(LogDensityError);
    await expect(failure).rejects.toThrow(/threw in iteration \d+ of chain 0: x is undefined/);
    await expect(failure).rejects.toMatchObject({ cause: expect.any(TypeError), isRecoverable: false });
  });
});

describe("starts", () => {
  test("random ones are tried again until the density is finite", async () => {
    // Finite only where x₀ > 1: a quarter of the square.
    const target = normalBut(1, (x, gradient) => normal.logDensityAndGradient(x, gradient));
    const only: LogDensity = {
      ...target,
      logDensityAndGradient: (x, gradient) => (x[0]! > 1 ? target.logDensityAndGradient(x, gradient) : Number.NaN),
    };
    const run = await sample(only, { ...short, chains: 8 });
    expect(run.status).toBe("complete");
  });

  test("after 100 tries the error says what was not finite", async () => {
    const model = constrainedDensity({
      parameters: { mu: real(), tau: positive() },
      logDensityAndGradient(x, gradient) {
        gradient[0] = -x[0]!;
        gradient[1] = Number.NaN;
        return Number.NaN;
      },
      terms: (x) => [
        { name: "prior of mu", value: -0.5 * x[0]! ** 2 },
        { name: "likelihood", value: Number.NaN },
      ],
    });
    const failure = sample(model, short);
    await expect(failure).rejects.toThrow(/None of 100 starts is usable: log density NaN \(100 times\)/);
    await expect(failure).rejects.toThrow(/likelihood is NaN.*not finite with respect to .*tau/);
  });

  test("a gradient that is not finite is named", async () => {
    const target: LogDensity = {
      ...normal,
      logDensityAndGradient(x, gradient) {
        gradient.fill(Number.NaN);
        return normal.logDensity(x);
      },
    };
    await expect(sample(target, short)).rejects.toThrow(/gradient NaN with respect to position\[0\] \(100 times\)/);
    const given = { kind: "given", positions: [0, 0] } as const;
    await expect(sample(target, { ...short, initial: given })).rejects.toThrow(
      /The given start is usable|given start is usable|given start/,
    );
  });

  test("all kinds of starts land where they should", async () => {
    const named = constrainedDensity({
      parameters: { a: positive() },
      logDensityAndGradient(x, gradient) {
        gradient[0] = -1;
        return -x[0]!;
      },
      priorMedian: [Math.LN2],
    });
    const seen: number[] = [];
    const spy: typeof named = {
      ...named,
      logDensityAndGradient(x, gradient) {
        seen.push(x[0]!);
        return named.logDensityAndGradient(x, gradient);
      },
    };
    const startOf = async (initial: NonNullable<SampleOptions["initial"]>) => {
      seen.length = 0;
      await sample(spy, { ...short, warmup: 0, draws: 1, initial });
      return seen[0]!;
    };
    expect(await startOf({ kind: "prior-median" })).toBeCloseTo(Math.log(Math.LN2), 14);
    expect(await startOf({ kind: "given", positions: [0.3] })).toBe(0.3);
    expect(await startOf({ kind: "given", positions: [[0.4]] })).toBe(0.4);
    expect(Math.abs((await startOf({ kind: "given", positions: [5], jitter: 0.1 })) - 5)).toBeLessThanOrEqual(0.1);
    expect(Math.abs((await startOf({ kind: "jitter", around: [5], scale: [0.1] })) - 5)).toBeLessThanOrEqual(0.1);
    expect(Math.abs((await startOf({ kind: "jitter" })) - Math.log(Math.LN2))).toBeLessThanOrEqual(1);
    expect(Math.abs(await startOf({ kind: "uniform", radius: 0.01 }))).toBeLessThanOrEqual(0.01);
  });
});

describe("options that are none are refused before any work", () => {
  const untouched: LogDensity = {
    dim: 2,
    logDensity: () => expect.unreachable("evaluated"),
    logDensityAndGradient: () => expect.unreachable("evaluated"),
  };
  test.each<[SampleOptions, RegExp]>([
    [{ chains: 0 }, /options\.chains/],
    [{ warmup: -1 }, /options\.warmup/],
    [{ draws: 1.5 }, /options\.draws/],
    [{ thinning: 0 }, /options\.thinning/],
    [{ seed: 0.5 }, /options\.seed/],
    [{ targetAccept: 1 }, /options\.targetAccept/],
    [{ maxTreeDepth: 0 }, /options\.maxTreeDepth/],
    [{ maxTreeDepthWarmup: 30 }, /options\.maxTreeDepthWarmup/],
    [{ maxEnergyError: Number.NaN }, /options\.maxEnergyError/],
    [{ stepSizeJitter: 1 }, /options\.stepSizeJitter/],
    [{ metric: "full" as never }, /options\.metric/],
    [{ metric: { blocks: [{ indices: [0], metric: "dense" }] } }, /options\.metric\.blocks/],
    [{ kernel: { kind: "static-hmc", leapfrogs: 0 } }, /kernel\.leapfrogs/],
    [{ kernel: "hmc" as never }, /options\.kernel/],
    [{ method: "vectorised" as never }, /options\.method/],
    [{ keepDraws: false }, /options\.sink/],
    [{ initial: { kind: "given", positions: [1] } }, /options\.initial\.positions/],
    [{ initial: { kind: "given", positions: [[1, 2]] } }, /hold one point, or 4/],
    [{ initial: { kind: "given", positions: [1, Number.NaN] } }, /positions\[1\]/],
    [{ initial: { kind: "prior-median" } }, /prior medians/],
    [{ initial: { kind: "uniform", radius: -1 } }, /radius/],
    [{ initial: { kind: "jitter", scale: [1, -1] } }, /scale/],
    [{ warmStart: { covariance: [1, 2, 2, 1] } }, /positive definite/],
    [{ warmStart: { covariance: [1] } }, /2 × 2/],
    [{ warmStart: { metric: { kind: "diagonal", scale: [1, 0] } } }, /scale\[1\]/],
    [{ warmStart: { metric: { kind: "dense", factor: [1, 0] } } }, /factor/],
    [{ warmStart: { stepSize: 0 } }, /stepSize/],
    [{ checkpoint: { save: () => undefined, everyMs: -1 } }, /everyMs/],
    [{ method: "parallel" }, /closures do not travel/],
  ])("%j", async (options, message) => {
    await expect(sample(untouched, options)).rejects.toThrow(InvalidArgumentError);
    await expect(sample(untouched, options)).rejects.toThrow(message);
  });

  test("states that are none", async () => {
    const state = (await sample(normal, short)).state();
    await expect(resume(independentNormals([1]), state)).rejects.toThrow(/dimension 1/);
    await expect(resume(normal, {} as never)).rejects.toThrow(InvalidArgumentError);
    const damaged = { ...state, chains: state.chains.map((chain) => ({ ...chain, point: "###" })) };
    await expect(resume(normal, damaged)).rejects.toThrow(InvalidArgumentError);
    await expect((await sample(normal, short)).extend(0)).rejects.toThrow(InvalidArgumentError);
  });
});
