import { combine } from "./combine/combine.ts";
import type { Consensus } from "./combine/consensus.ts";
import type { CmcOptions } from "./config/cmc-config.ts";
import { consensusChecks } from "./consensus-checks.ts";
import { ConsensusCheckError, type ConsensusRun } from "./consensus-run.ts";
import { assessConsensus } from "./honesty/assess.ts";
import { type Correction, CorrectionError, correct } from "./honesty/correct.ts";
import { type RunShardsOptions, runShards } from "./run/run-shards.ts";
import type { ShardRun } from "./run/shard-run.ts";
import type { ShardedModel } from "./sharded-model.ts";
import { planShards } from "./sharding/plan-shards.ts";

/** How a posterior is divided, sampled and put together. */
export interface RunConsensusOptions extends RunShardsOptions {
  /** Default: `CMC_DEFAULTS`. */
  readonly config?: CmcOptions | undefined;
}

/**
 * Divides a posterior, samples its shards, puts them together and says how far that can be trusted: `planShards`,
 * `runShards`, `combine`, `correct` and `assessConsensus` in one.
 * @throws {InvalidArgumentError} for a model or options that cannot be, before any sampling.
 * @throws {RunStoreError} and {ShardRunError} as `runShards`.
 * @throws {ShardDrawsError} and {UninformedCoordinateError} as `combine`.
 * @throws {ConsensusCheckError} in strict mode, when a check failed; it carries the run.
 */
export async function runConsensus(model: ShardedModel, options: RunConsensusOptions = {}): Promise<ConsensusRun> {
  const plan = planShards(model, options.config);
  const shardRun = await runShards(model, plan, options);
  if (shardRun.status === "complete") return concludeConsensus(model, shardRun);
  return {
    status: "aborted",
    consensus: undefined,
    assessment: undefined,
    correction: undefined,
    shardRun,
    checks: [],
  };
}

/**
 * The second half of `runConsensus`: puts together what `runShards` gave, and says how far that can be trusted.
 * @throws as `runConsensus`.
 */
export function concludeConsensus(model: Pick<ShardedModel, "full">, shardRun: ShardRun): ConsensusRun {
  const { config, coordinates: names } = shardRun.plan;
  const { method, bimodalMinWeight, bimodalMinSeparation, validateResults } = config.combination;
  const common = { names, seed: config.seed, bimodalMinWeight, bimodalMinSeparation };
  const consensus = combine(shardRun.posteriors, { ...common, dim: names.length, method });
  const correction = validateResults ? corrected(model, shardRun, consensus) : undefined;
  const { maxBetweenShardKl } = config.validation;
  const assessment = validateResults
    ? assessConsensus(shardRun.posteriors, consensus, {
        ...common,
        maxBetweenShardKl,
        ...(correction && { correction }),
      })
    : undefined;
  const checks = assessment ? consensusChecks(shardRun, consensus, assessment) : [];
  const run: ConsensusRun = { status: "complete", consensus, assessment, correction, shardRun, checks };
  const failed = checks.filter(({ isPassed, isStrict }) => !isPassed && isStrict);
  if (config.validation.strictMode && failed.length > 0) throw new ConsensusCheckError(failed, run);
  return run;
}

/** Undefined without a full density, and where that is finite at hardly any point that the consensus thinks likely. */
function corrected(
  { full }: Pick<ShardedModel, "full">,
  { plan }: ShardRun,
  consensus: Consensus,
): Correction | undefined {
  const { correctionEvaluations } = plan.config.combination;
  if (!full || correctionEvaluations === 0) return undefined;
  try {
    return correct(consensus, full, { subset: correctionEvaluations, seed: plan.config.seed });
  } catch (error) {
    if (error instanceof CorrectionError) return undefined;
    throw error;
  }
}
