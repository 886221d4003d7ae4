import type { LogDensity } from "@siegert/log-density";
import { expect, test } from "vitest";
import {
  type CmcOptions,
  ConsensusCheckError,
  concludeConsensus,
  inProcessExecutor,
  planShards,
  runConsensus,
  type ShardedModel,
} from "../src/index.ts";
import { linearModel } from "./models/linear-model.ts";
import { type LinearShard, linearShard } from "./models/linear-shard.ts";

const POINTS = 4000;

/** The model with its full density and the exact mean and covariance of its posterior. */
function exactModel(dataSeed = 1) {
  const model = linearModel({ points: POINTS, dataSeed });
  const whole = model.shard(
    Uint32Array.from({ length: POINTS }, (_, i) => i),
    Float64Array.of(1, 1),
  );
  const data = (whole.kind === "module" ? whole.argument : undefined) as LinearShard;
  const full: LogDensity = linearShard(data);
  const gradientAt = (a: number, b: number) => {
    const gradient = new Float64Array(2);
    full.logDensityAndGradient(Float64Array.of(a, b), gradient);
    return gradient;
  };
  const [zero, first, second] = [gradientAt(0, 0), gradientAt(1, 0), gradientAt(0, 1)];
  const [aa, ab, bb] = [zero[0]! - first[0]!, zero[0]! - second[0]!, zero[1]! - second[1]!];
  const determinant = aa * bb - ab * ab;
  const covariance = [bb / determinant, -ab / determinant, -ab / determinant, aa / determinant];
  const mean = [0, 1].map((i) => covariance[2 * i]! * zero[0]! + covariance[2 * i + 1]! * zero[1]!);
  return { model: { ...model, full } as ShardedModel, mean, covariance };
}

const exact = exactModel();
const config = (more: CmcOptions = {}): CmcOptions => ({
  sharding: { numShards: 8 },
  perShardMcmc: { numWarmup: 300, numSamples: 500, numChains: 2, adaptiveSampling: false },
  ...more,
});
const executor = inProcessExecutor();
const first = await runConsensus(exact.model, { config: config(), executor });
/** The same shards put together as another configuration asks. */
const concluded = (more: CmcOptions) =>
  concludeConsensus(exact.model, { ...first.shardRun, plan: planShards(exact.model, config(more)) });

test.each(["consensus", "robust", "weighted-gaussian", "auto"] as const)(
  "%s: the posterior of a straight line, in eight shards",
  (method) => {
    const { consensus, correction, assessment, checks, status } = concluded({ combination: { method } });
    expect(status).toBe("complete");
    const { mean, covariance } = consensus!;
    for (const i of [0, 1]) {
      const sd = Math.sqrt(exact.covariance[3 * i]!);
      // Each shard's mean is known to 1/√ESS of its width, and so is the consensus to that of its own.
      expect(Math.abs(mean[i]! - exact.mean[i]!)).toBeLessThan(0.2 * sd);
      expect(Math.abs(Math.sqrt(covariance[3 * i]!) / sd - 1)).toBeLessThan(0.15);
      expect(Math.abs(correction!.mean[i]! - exact.mean[i]!)).toBeLessThan(5 * correction!.meanError[i]!);
    }
    const correlation = (c: ArrayLike<number>) => c[1]! / Math.sqrt(c[0]! * c[3]!);
    expect(Math.abs(correlation(covariance) - correlation(exact.covariance))).toBeLessThan(0.05);
    expect(assessment!.verdict.level).toBe("trust");
    expect(checks.map(({ code, isPassed }) => [code, isPassed])).toEqual([
      ["success-rate", true],
      ["ess", true],
      ["between-shard-kl", true],
      ["parameter-cv", true],
      ["verdict", true],
    ]);
  },
);

/** A model one shard of which has other data. */
const odd: ShardedModel = {
  ...linearModel({ points: POINTS }),
  shard(points, priorPower) {
    const target = linearModel({ points: POINTS }).shard(points, priorPower);
    if (target.kind !== "module" || points[0] !== 0) return target;
    const data = target.argument as LinearShard;
    return { ...target, argument: { ...data, y: data.y.map((y) => y + 3) } };
  },
};

test("shards that disagree fail checks, which strict mode makes an error that carries the run", async () => {
  const contiguous = { numShards: 8, strategy: "contiguous" } as const;
  const options = config({
    sharding: contiguous,
    combination: { method: "consensus" },
    validation: { maxParameterCv: 0.5 },
  });
  const { checks, assessment } = await runConsensus(odd, { config: options, executor });
  const failed = checks.filter(({ isPassed }) => !isPassed).map(({ code }) => code);
  expect(failed).toEqual(["between-shard-kl", "parameter-cv", "verdict"]);
  expect(assessment!.heterogeneity.pValue).toBeLessThan(1e-6);
  const strict = { ...options, validation: { ...options.validation, strictMode: true } };
  const error = (await runConsensus(odd, { config: strict, executor }).catch(
    (thrown: unknown) => thrown,
  )) as ConsensusCheckError;
  expect(error).toBeInstanceOf(ConsensusCheckError);
  expect(error.failed.map(({ code }) => code)).toEqual(failed);
  expect(error.run.consensus!.values.length).toBe(2 * 500 * 2);
  const lenient = { ...options, validation: { ...strict.validation, heterogeneityAbort: false } };
  const other = (await runConsensus(odd, { config: lenient, executor }).catch(
    (thrown: unknown) => thrown,
  )) as ConsensusCheckError;
  expect(other.failed.map(({ code }) => code)).toEqual(["verdict"]);
});

test("too few effective draws fail a check", () => {
  const { checks } = concluded({ validation: { minEss: 1e5 } });
  expect(checks.find(({ code }) => code === "ess")).toMatchObject({ isPassed: false, isStrict: true, limit: 1e5 });
});

test("validation and correction are left out when that is asked for", () => {
  const unchecked = concluded({ combination: { validateResults: false } });
  expect([unchecked.assessment, unchecked.correction, unchecked.checks]).toEqual([undefined, undefined, []]);
  const uncorrected = concluded({ combination: { correctionEvaluations: 0 } });
  expect([uncorrected.correction, uncorrected.checks.length]).toEqual([undefined, 5]);
});

test("a run that is stopped has no consensus", async () => {
  const stop = new AbortController();
  stop.abort();
  const run = await runConsensus(exact.model, { config: config(), executor, signal: stop.signal });
  expect([run.status, run.consensus, run.shardRun.posteriors.length]).toEqual(["aborted", undefined, 0]);
});

test("one call does all of it", () => {
  const { consensus, assessment, correction, checks } = concluded({});
  expect(first).toMatchObject({ status: "complete", consensus, assessment, correction, checks });
});

test("one shard is the posterior itself", async () => {
  const { consensus, shardRun } = await runConsensus(exact.model, {
    config: config({ sharding: { numShards: 1 } }),
    executor,
  });
  expect(consensus!.values).toEqual(shardRun.posteriors[0]!.values);
});
