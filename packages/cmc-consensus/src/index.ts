export { SamplingPlan, type SamplingPlanConfig } from "@siegert/nuts/plan";
export { combine } from "./combine/combine.ts";
export { ShardDrawsError, UninformedCoordinateError } from "./combine/combine-errors.ts";
export type {
  CombineMethod,
  CombineOptions,
  CombineWarning,
  Consensus,
  ExcludedShard,
  JointMode,
} from "./combine/consensus.ts";
export type {
  ChainMethod,
  CheckpointsConfig,
  CmcConfig,
  CmcOptions,
  CombinationConfig,
  PerShardMcmcConfig,
  ShardingConfig,
  ShardingStrategy,
  ValidationConfig,
} from "./config/cmc-config.ts";
export { CMC_DEFAULTS } from "./config/defaults.ts";
export { resolveConfig } from "./config/resolve-config.ts";
export type { ConsensusCheck } from "./consensus-checks.ts";
export { ConsensusCheckError, type ConsensusRun } from "./consensus-run.ts";
export { type AssessOptions, assessConsensus } from "./honesty/assess.ts";
export type { BetweenShardRhat, ConsensusAssessment, ConsensusVerdict, VerdictFinding } from "./honesty/assessment.ts";
export type { MethodAdvice } from "./honesty/choose-method.ts";
export { type Correction, CorrectionError, type CorrectOptions, correct } from "./honesty/correct.ts";
export type { EffectiveShards } from "./honesty/effective-shards.ts";
export type { Gaussianity } from "./honesty/gaussianity.ts";
export type { Heterogeneity, ScatterTest } from "./honesty/heterogeneity.ts";
export type { PredictedBias } from "./honesty/predicted-bias.ts";
export type { ShardDivergence } from "./honesty/shard-divergence.ts";
export type { Executor, ExecutorRunOptions } from "./run/executor.ts";
export { inProcessExecutor } from "./run/in-process-executor.ts";
export { type RunShardsOptions, runShards } from "./run/run-shards.ts";
export type { ShardEvent } from "./run/shard-event.ts";
export { isSuccess, type ShardFailure, type ShardReport, type ShardState } from "./run/shard-report.ts";
export { type ShardRun, ShardRunError, type ShardRunWarning } from "./run/shard-run.ts";
export {
  type PoolExecutorOptions,
  poolExecutor,
  type ThreadExecutorOptions,
  threadExecutor,
} from "./run/thread-executor.ts";
export { concludeConsensus, type RunConsensusOptions, runConsensus } from "./run-consensus.ts";
export type { ShardPosterior } from "./shard-posterior.ts";
export type { ShardedModel } from "./sharded-model.ts";
export { type ShardListsOptions, shardLists } from "./sharding/divide-points.ts";
export { type PlannedModel, planShards } from "./sharding/plan-shards.ts";
export type { ShardLists } from "./sharding/shard-lists.ts";
export type { PlanWarning, ShardPlan } from "./sharding/shard-plan.ts";
export {
  type AutoShardSizeOptions,
  autoShardSize,
  SHARD_SIZE_PROFILES,
  type ShardSizeProfile,
} from "./sharding/shard-size.ts";
export { memoryStore } from "./store/memory-store.ts";
export type { RunStore } from "./store/run-store.ts";
export { type RunDifference, RunStoreError, type RunStoreReason } from "./store/run-store-error.ts";
export type { WarmStartInput } from "./task/make-task.ts";
export { runShardTask, type ShardProgress, type ShardTaskContext } from "./task/run-shard-task.ts";
export type { ShardDiagnostics } from "./task/shard-outcome.ts";
