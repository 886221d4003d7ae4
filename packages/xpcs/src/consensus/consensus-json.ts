import type { ConsensusAssessment } from "@siegert/cmc-consensus";
import { eti, INTERVAL_PROBABILITY, quantiles } from "@siegert/diagnostics";
import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorDraws } from "../posterior/posterior-draws.ts";
import type { MethodChoice } from "../sampling-method.ts";
import type { ConsensusResult } from "./consensus-result.ts";

const PROBABILITIES = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975];

/** `cmc/parameters.json`: the posterior for programs. */
export function consensusParametersJson(result: ConsensusResult, fit: FitResult): Record<string, unknown> {
  const { posterior, combined, isCorrected, table, consensus, shardRun, coordinates, isTrustworthy } = result;
  const fitted = new Map(fit.parameters.map(({ name, value, standardError }) => [name, { value, standardError }]));
  const names = coordinates.parameters.map(({ name }) => name);
  return {
    mode: fit.model.mode,
    method: "cmc",
    draws: {
      of: isCorrected ? "posterior of all pairs, by importance weights of the consensus" : "consensus of the shards",
      chains: posterior.draws.chains,
      perChain: posterior.draws.draws,
    },
    trustworthy: isTrustworthy,
    parameters: Object.fromEntries(
      [...posterior.draws.scalars()].map(({ label, chains }) => {
        const of = (column: string) => table.get(label, column);
        const least = fitted.get(label);
        return [
          label,
          {
            mean: of("mean"),
            sd: of("sd"),
            quantiles: Object.fromEntries(
              Array.from(quantiles(chains, PROBABILITIES), (value, k) => [String(PROBABILITIES[k]), value]),
            ),
            interval: { probability: INTERVAL_PROBABILITY, bounds: eti(chains) },
            essBulk: of("ess_bulk"),
            essTail: of("ess_tail"),
            rhat: of("r_hat"),
            mcseMean: of("mcse_mean"),
            unit: posterior.units.get(label) ?? "",
            ...(isCorrected ? { consensus: meanAndSd(combined.draws.values(label)) } : {}),
            ...(least ? { leastSquares: { value: least.value, standardError: least.standardError ?? null } } : {}),
          },
        ];
      }),
    ),
    covariance: { names, matrix: covarianceRows(posterior, names) },
    points: shardRun.plan.points,
    shards: { total: shardRun.plan.shards, used: consensus.shards.length },
  };
}

/** `cmc/diagnostics.json`: how the result came about and how far to trust it. */
export function consensusDiagnosticsJson(result: ConsensusResult, choice: MethodChoice): Record<string, unknown> {
  const { assessment, consensus, shardRun, checks, correction, coordinates } = result;
  const { plan } = shardRun;
  const names = coordinates.parameters.map(({ name }) => name);
  const named = (values: ArrayLike<number>) => Object.fromEntries(names.map((name, k) => [name, values[k]]));
  const { nWarmup, nSamples, nChains, nParams, wasAdapted } = plan.samplingPlan;
  return {
    verdict: result.verdict,
    consensus: consensusVerdictOf(result),
    corrected: result.isCorrected,
    trustworthy: result.isTrustworthy,
    advice: result.advice,
    cautions: result.cautions,
    choice: { sampler: choice.sampler ?? null, reason: choice.reason },
    combination: {
      asked: plan.config.combination.method,
      method: consensus.method,
      reason: consensus.reason,
      advised: assessment?.advice ?? null,
      winsorised: consensus.winsorised ?? null,
      acceptance: consensus.acceptance ?? null,
      excluded: consensus.excluded.map(({ shard, points, distance, pValue, coordinate, deviation, reason }) => ({
        shard,
        points,
        distance,
        pValue,
        parameter: names[coordinate],
        deviation,
        reason,
      })),
      modes:
        consensus.modes?.map(({ weight, logEvidence, absentFrom }) => ({ weight, logEvidence, absentFrom })) ?? null,
    },
    checks,
    correction: correction
      ? {
          paretoK: correction.paretoK,
          threshold: correction.threshold,
          reliable: correction.isReliable,
          effectiveSize: correction.effectiveSize,
          evaluations: correction.evaluations,
          passes: correction.passes,
          rejected: correction.rejected,
          shift: named(correction.shift),
          sdRatio: named(correction.sdRatio),
        }
      : null,
    ...(assessment ? agreementJson(assessment, names) : {}),
    dataLost: shardRun.dataLost,
    dataLeftOut: consensus.dataLost,
    successRate: shardRun.successRate,
    plan: {
      points: plan.points,
      shards: plan.shards,
      pointsPerShard: plan.pointsPerShard,
      strategy: plan.config.sharding.strategy,
      seed: plan.config.seed,
      thinning: plan.thinning,
      plan: { nWarmup, nSamples, nChains, nParams, wasAdapted },
    },
    warnings: [...shardRun.warnings, ...consensus.warnings],
    notes: result.notes,
    seconds: result.seconds,
    runFolder: result.runFolder ?? null,
  };
}

/** The verdict on the consensus itself; how far it is from the corrected draws is told with these. */
function consensusVerdictOf({ assessment, isCorrected }: ConsensusResult): unknown {
  if (!assessment) return null;
  const { level, summary, findings } = assessment.verdict;
  const inferred = findings.filter(({ code }) => code !== "far-from-full");
  return isCorrected ? { level, findings: inferred } : { level, summary, findings };
}

/** How shards agree, and what each is worth. */
function agreementJson(
  { heterogeneity, betweenShardRhat, effectiveShards, predictedBias, divergence, modes }: ConsensusAssessment,
  names: readonly string[],
): Record<string, unknown> {
  const named = (values: ArrayLike<unknown>) => Object.fromEntries(names.map((name, k) => [name, values[k]]));
  return {
    heterogeneity: {
      pValue: heterogeneity.pValue,
      statistic: heterogeneity.statistic,
      degrees: heterogeneity.degrees,
      ratio: heterogeneity.ratio,
      inconsistency: heterogeneity.inconsistency,
      parameters: named(heterogeneity.coordinates),
    },
    betweenShardRhat: { joint: betweenShardRhat.joint, parameters: named(betweenShardRhat.coordinates) },
    effectiveShards: { joint: effectiveShards.joint, parameters: named(effectiveShards.coordinates) },
    predictedBias: { largest: predictedBias.largest, parameters: named(predictedBias.bias) },
    divergence: divergence ?? null,
    modes,
  };
}

/** `cmc/shard_diagnostics.json`: what became of every shard. */
export function shardDiagnosticsJson(result: ConsensusResult): Record<string, unknown>[] {
  const { shardRun, consensus, assessment, shards, coordinates } = result;
  const names = coordinates.parameters.map(({ name }) => name);
  const dim = names.length;
  const summaries = new Map(shards.map((summary) => [summary.shard, summary]));
  const gaussianities = new Map(assessment?.gaussianity.map((one) => [one.shard, one]));
  const excluded = new Map(consensus.excluded.map((one) => [one.shard, one]));
  const used = new Set(consensus.shards);
  return shardRun.reports.map(
    ({ shard, points, state, isReused, seed, coordinates: own, diagnostics, problems, failure }) => {
      const kept = own ?? names.map((_, k) => k);
      const moments = summaries.get(shard);
      const one = gaussianities.get(shard);
      return {
        shard,
        points,
        state,
        used: used.has(shard),
        leftOut: excluded.get(shard)?.reason ?? null,
        reused: isReused,
        seed,
        problems,
        failure: failure ?? null,
        parameters: moments
          ? Object.fromEntries(
              kept.map((k) => [names[k], { mean: moments.mean[k], sd: Math.sqrt(moments.covariance[k * dim + k]!) }]),
            )
          : null,
        gaussianity: one ?? null,
        diagnostics: diagnostics ?? null,
      };
    },
  );
}

/** Covariance of named quantities over all draws. */
function covarianceRows({ draws }: PosteriorDraws, names: readonly string[]): number[][] {
  const columns = names.map((name) => draws.values(name));
  const means = columns.map((values) => meanAndSd(values).mean);
  const rows = names.map(() => new Array<number>(names.length).fill(0));
  for (let a = 0; a < names.length; a++) {
    for (let b = 0; b <= a; b++) {
      const [x, y] = [columns[a]!, columns[b]!];
      let sum = 0;
      for (let s = 0; s < x.length; s++) sum += (x[s]! - means[a]!) * (y[s]! - means[b]!);
      rows[a]![b] = rows[b]![a] = sum / (x.length - 1);
    }
  }
  return rows;
}

function meanAndSd(values: Float64Array): { readonly mean: number; readonly sd: number } {
  let mean = 0;
  let square = 0;
  for (let s = 0; s < values.length; s++) {
    const delta = values[s]! - mean;
    mean += delta / (s + 1);
    square += delta * (values[s]! - mean);
  }
  return { mean, sd: Math.sqrt(square / (values.length - 1)) };
}
