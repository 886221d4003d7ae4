import { join } from "node:path";
import { createInferenceData, type InferenceData, schemaAttributes, toNetcdf } from "@siegert/inference-data";
import { writeAtomically } from "../output/atomic-write.ts";
import type { NpyData } from "../output/npy-writer.ts";
import { writeNpz } from "../output/npz-writer.ts";
import { writeJson } from "../output/write-text.ts";
import { type InferenceGroupsOptions, inferenceGroups } from "../posterior/inference-groups.ts";
import type { PosteriorDraws } from "../posterior/posterior-draws.ts";
import type { MethodChoice } from "../sampling-method.ts";
import { consensusDiagnosticsJson, consensusParametersJson, shardDiagnosticsJson } from "./consensus-json.ts";
import type { ConsensusResult } from "./consensus-result.ts";

/** What is written with the draws. */
export interface WriteConsensusOptions extends InferenceGroupsOptions {
  readonly choice: MethodChoice;
  /** ISO 8601; the time of writing. */
  readonly createdAt: string;
}

/**
 * Writes a consensus below a folder: cmc/parameters.json, cmc/samples.npz, cmc/posterior.nc (NetCDF4 in the InferenceData
 * schema, which ArviZ opens), cmc/diagnostics.json, cmc/shard_diagnostics.json; and cmc/consensus.npz, the
 * draws of the consensus itself, when the others hold those of the posterior of all pairs.
 *
 * @throws {OutputError} when a file cannot be written.
 */
export async function writeConsensus(
  folder: string,
  result: ConsensusResult,
  options: WriteConsensusOptions,
): Promise<void> {
  const cmc = join(folder, "cmc");
  await writeJson(join(cmc, "parameters.json"), consensusParametersJson(result, options.fit));
  await writeJson(join(cmc, "diagnostics.json"), consensusDiagnosticsJson(result, options.choice));
  await writeJson(join(cmc, "shard_diagnostics.json"), shardDiagnosticsJson(result));
  await writeNpz(join(cmc, "samples.npz"), arraysOf(result.posterior));
  if (result.isCorrected) await writeNpz(join(cmc, "consensus.npz"), arraysOf(result.combined));
  const bytes = await toNetcdf(inferenceDataOf(result, options));
  await writeAtomically(join(cmc, "posterior.nc"), async (handle) => {
    await handle.writeFile(bytes);
  });
}

/** Every variable as (chain, draw). */
function arraysOf({ draws }: PosteriorDraws): Record<string, NpyData> {
  const shape = [draws.chains, draws.draws];
  return Object.fromEntries(draws.names.map((name) => [name, { data: draws.values(name), shape }]));
}

function inferenceDataOf(result: ConsensusResult, options: WriteConsensusOptions): InferenceData {
  return createInferenceData({
    ...inferenceGroups(result.posterior, options),
    attributes: {
      ...schemaAttributes({
        createdAt: options.createdAt,
        inferenceLibrary: "@siegert/cmc-consensus",
        samplingTime: result.seconds,
        tuningSteps: result.shardRun.plan.samplingPlan.nWarmup,
      }),
      combination_method: result.consensus.method,
      shards: result.shardRun.plan.shards,
    },
  });
}
