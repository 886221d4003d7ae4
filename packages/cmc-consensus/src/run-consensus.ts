import { combine } from "./combine/combine.ts";
import type { Consensus } from "./combine/consensus.ts";
import type { CmcOptions } from "./config/cmc-config.ts";
import { type ConsensusCheck, ConsensusCheckError, consensusChecks } from "./consensus-checks.ts";
import { type RunShardsOptions, runShards } from "./run/run-shards.ts";
import type { ShardRun } from "./run/shard-run.ts";
import type { ShardedModel } from "./sharded-model.ts";
import { planShards } from "./sharding/plan-shards.ts";

/** How a posterior is divided, sampled and put together. */
export interface RunConsensusOptions extends RunShardsOptions {
  /** Default: `CMC_DEFAULTS`. */
  readonly config?: CmcOptions | undefined;
}

/** A posterior put together from the posteriors of its shards. */
export interface ConsensusRun {
  /** "aborted" when the signal stopped it; then there is no consensus, and the store has what was finished. */
  readonly status: "complete" | "aborted";
  /** Draws of the full posterior, and how they were made; undefined when aborted. */
  readonly consensus: Consensus | undefined;
  /** Plan, reports, draws, events and warnings of the shards. */
  readonly shardRun: ShardRun;
  /** What was checked of the whole, and how it came out. */
  readonly checks: readonly ConsensusCheck[];
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
