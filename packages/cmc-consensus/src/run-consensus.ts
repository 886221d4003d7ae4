import { combine } from "./combine/combine.ts";
import type { CmcOptions } from "./config/cmc-config.ts";
import { consensusChecks } from "./consensus-checks.ts";
import { ConsensusCheckError, type ConsensusRun } from "./consensus-run.ts";
import { type RunShardsOptions, runShards } from "./run/run-shards.ts";
import type { ShardedModel } from "./sharded-model.ts";
import { planShards } from "./sharding/plan-shards.ts";

/** How a posterior is divided, sampled and put together. */
export interface RunConsensusOptions extends RunShardsOptions {
  /** Default: `CMC_DEFAULTS`. */
  readonly config?: CmcOptions | undefined;
}

/**
 * Divides a posterior, samples its shards, and puts them together: `planShards`, `runShards` and `combine` in one.
 * @throws {InvalidArgumentError} for a model or options that cannot be, before any sampling.
 * @throws {RunStoreError} and {ShardRunError} as `runShards`.
 * @throws {ConsensusCheckError} in strict mode, when a check failed; it carries the run.
 */
export async function runConsensus(model: ShardedModel, options: RunConsensusOptions = {}): Promise<ConsensusRun> {
  const plan = planShards(model, options.config);
  const shardRun = await runShards(model, plan, options);
  if (shardRun.status === "aborted") return { status: "aborted", consensus: undefined, shardRun, checks: [] };
  const { seed, combination } = plan.config;
  const { method, bimodalMinWeight, bimodalMinSeparation } = combination;
  const names = plan.coordinates;
  const how = { dim: names.length, names, method, seed, bimodalMinWeight, bimodalMinSeparation };
  const consensus = combine(shardRun.posteriors, how);
  const checks = consensusChecks(shardRun, consensus);
  const run: ConsensusRun = { status: "complete", consensus, shardRun, checks };
  const failed = checks.filter(({ isPassed, isStrict }) => !isPassed && isStrict);
  if (plan.config.validation.strictMode && failed.length > 0) throw new ConsensusCheckError(failed, run);
  return run;
}
