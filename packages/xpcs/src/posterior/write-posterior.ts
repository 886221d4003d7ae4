import { join } from "node:path";
import { createInferenceData, type InferenceData, schemaAttributes, toNetcdf } from "@siegert/inference-data";
import { STATISTICS } from "@siegert/nuts";
import type { Experiment } from "@siegert/physics-core";
import type { FitResult } from "../fit/fit-result.ts";
import { writeAtomically } from "../output/atomic-write.ts";
import type { NpyData } from "../output/npy-writer.ts";
import { writeNpz } from "../output/npz-writer.ts";
import { writeJson } from "../output/write-text.ts";
import { predictLagMeans } from "./posterior-predictive.ts";
import type { PosteriorResult } from "./posterior-result.ts";

/** Frames per map up to which posterior.nc holds the data whole; of larger ones it holds the means per lag. */
const MOST_FRAMES = 400;

/** ArviZ's names of the sampler's statistics, and whether they are counts or flags. */
const STATISTIC_NAMES: Readonly<
  Record<(typeof STATISTICS)[number], readonly [name: string, kind: "real" | "count" | "flag"]>
> = {
  logDensity: ["lp", "real"],
  acceptRate: ["acceptance_rate", "real"],
  acceptRateSymmetric: ["acceptance_rate_symmetric", "real"],
  stepSize: ["step_size", "real"],
  treeDepth: ["tree_depth", "count"],
  leapfrogs: ["n_steps", "count"],
  energy: ["energy", "real"],
  energyError: ["energy_error", "real"],
  maxEnergyError: ["max_energy_error", "real"],
  indexInTrajectory: ["index_in_trajectory", "count"],
  isDivergent: ["diverging", "flag"],
};

/** What is written with the draws. */
export interface WritePosteriorOptions {
  readonly experiment: Experiment;
  readonly maps: readonly Float64Array[];
  readonly fit: FitResult;
  /** Iterations of warmup per chain. */
  readonly warmup: number;
  /** Seed of the noise of predicted data. */
  readonly seed: number;
  /** ISO 8601; the time of writing. */
  readonly createdAt: string;
}

/**
 * Writes a posterior below a folder: nuts/posterior.nc (NetCDF4 in the InferenceData schema, which ArviZ opens),
 * nuts/samples.npz, nuts/summary.json, nuts/diagnostics.json.
 *
 * @throws {OutputError} when a file cannot be written.
 */
export async function writePosterior(
  folder: string,
  result: PosteriorResult,
  options: WritePosteriorOptions,
): Promise<void> {
  const nuts = join(folder, "nuts");
  await writeJson(join(nuts, "summary.json"), result.table.toJSON());
  await writeJson(join(nuts, "diagnostics.json"), diagnosticsOf(result));
  await writeNpz(join(nuts, "samples.npz"), samplesOf(result));
  const bytes = await toNetcdf(inferenceDataOf(result, options));
  await writeAtomically(join(nuts, "posterior.nc"), async (handle) => {
    await handle.writeFile(bytes);
  });
}

function diagnosticsOf({
  diagnosis,
  run,
  attempts,
  seconds,
  notes,
  isTrustworthy,
  advice,
}: PosteriorResult): Record<string, unknown> {
  return {
    verdict: diagnosis.verdict,
    status: diagnosis.status,
    trustworthy: isTrustworthy,
    advice,
    checks: diagnosis.checks,
    maxRhat: diagnosis.maxRhat,
    minEssBulk: diagnosis.minEssBulk,
    minEssTail: diagnosis.minEssTail,
    bfmi: diagnosis.bfmi ?? null,
    divergences: diagnosis.divergences ?? null,
    warnings: run.warnings,
    notes,
    attempts,
    seconds,
    chains: run.chains.map((chain) => ({
      chain: chain.chain,
      draws: chain.size,
      stepSize: chain.stepSize,
      divergent: chain.divergent,
      saturated: chain.saturated,
      gradients: chain.gradients,
      warmupGradients: chain.warmupGradients,
      warmupSeconds: chain.warmupSeconds,
      samplingSeconds: chain.samplingSeconds,
      metric: chain.metric,
    })),
  };
}

/** Every variable as (chain, draw), and the sampler's statistics under `stat_` names. */
function samplesOf({ posterior, run }: PosteriorResult): Record<string, NpyData> {
  const { chains, draws, names } = posterior.draws;
  const shape = [chains, draws];
  const arrays: Record<string, NpyData> = {};
  for (const name of names) arrays[name] = { data: posterior.draws.values(name), shape };
  for (const name of STATISTICS) arrays[`stat_${STATISTIC_NAMES[name][0]}`] = { data: run.statistic(name), shape };
  return arrays;
}

/** The groups posterior, sample_stats, observed_data and posterior_predictive. */
export function inferenceDataOf(
  result: PosteriorResult,
  { experiment, maps, fit, warmup, seed, createdAt }: WritePosteriorOptions,
): InferenceData {
  const { posterior, run, seconds } = result;
  const { chains, draws, names } = posterior.draws;
  const shape = [chains, draws];
  const variables = Object.fromEntries(
    names.map((name) => {
      const unit = posterior.units.get(name);
      return [name, { data: posterior.draws.values(name), shape, ...(unit ? { attributes: { units: unit } } : {}) }];
    }),
  );
  const statistics = STATISTICS.map((name) => {
    const [arvizName, kind] = STATISTIC_NAMES[name];
    const values = run.statistic(name);
    const data = kind === "real" ? values : kind === "count" ? Int32Array.from(values) : Uint8Array.from(values);
    return [arvizName, { data, shape }] as const;
  });
  const frames = experiment.times.length;
  const angles = experiment.phi.length;
  const isSmall = frames <= MOST_FRAMES;
  const noise = names.includes("sigma") ? posterior.draws.values("sigma") : undefined;
  const sigma = (sample: number) => noise?.[sample] ?? fit.sigma;
  const check = predictLagMeans(fit.model, experiment, maps, posterior, sigma, seed);
  const lagged = { shape: [angles, frames - 1], dims: ["phi", "lag"] };
  const phi = Array.from(experiment.phi);
  const times = Array.from(experiment.times);
  const lag = check.lags.map((count) => count * (times[1]! - times[0]!));
  const map = { data: joined(maps), shape: [angles, frames, frames], dims: ["phi", "t1", "t2"] };
  return createInferenceData({
    posterior: { variables },
    sampleStats: { variables: Object.fromEntries(statistics) },
    observedData: {
      variables: { c2_lag_mean: { data: check.observed, ...lagged }, ...(isSmall ? { c2: map } : {}) },
      coordinates: { phi, lag, ...(isSmall ? { t1: times, t2: times } : {}) },
    },
    posteriorPredictive: {
      variables: {
        c2_lag_mean: {
          data: check.predicted,
          shape: [chains, check.draws.length, ...lagged.shape],
          dims: ["chain", "draw", ...lagged.dims],
        },
      },
      coordinates: { phi, lag, draw: check.draws },
    },
    attributes: schemaAttributes({
      createdAt,
      inferenceLibrary: "@siegert/nuts",
      samplingTime: seconds,
      tuningSteps: warmup,
    }),
  });
}

function joined(maps: readonly Float64Array[]): Float64Array {
  const size = maps[0]?.length ?? 0;
  const all = new Float64Array(maps.length * size);
  for (const [k, map] of maps.entries()) all.set(map, k * size);
  return all;
}
