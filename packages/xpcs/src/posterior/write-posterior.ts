import { join } from "node:path";
import { createInferenceData, type InferenceData, schemaAttributes, toNetcdf } from "@siegert/inference-data";
import { STATISTICS } from "@siegert/nuts";
import { writeAtomically } from "../output/atomic-write.ts";
import type { NpyData } from "../output/npy-writer.ts";
import { writeNpz } from "../output/npz-writer.ts";
import { writeJson } from "../output/write-text.ts";
import { type InferenceGroupsOptions, inferenceGroups } from "./inference-groups.ts";
import type { PosteriorResult } from "./posterior-result.ts";

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
export interface WritePosteriorOptions extends InferenceGroupsOptions {
  /** Iterations of warmup per chain. */
  readonly warmup: number;
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
export function inferenceDataOf(result: PosteriorResult, options: WritePosteriorOptions): InferenceData {
  const { posterior, run, seconds } = result;
  const shape = [posterior.draws.chains, posterior.draws.draws];
  const statistics = STATISTICS.map((name) => {
    const [arvizName, kind] = STATISTIC_NAMES[name];
    const values = run.statistic(name);
    const data = kind === "real" ? values : kind === "count" ? Int32Array.from(values) : Uint8Array.from(values);
    return [arvizName, { data, shape }] as const;
  });
  return createInferenceData({
    ...inferenceGroups(posterior, options),
    sampleStats: { variables: Object.fromEntries(statistics) },
    attributes: schemaAttributes({
      createdAt: options.createdAt,
      inferenceLibrary: "@siegert/nuts",
      samplingTime: seconds,
      tuningSteps: options.warmup,
    }),
  });
}
