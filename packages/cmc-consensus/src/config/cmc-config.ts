import type { CombineMethod } from "../combine/consensus.ts";
import type { ShardSizeProfile } from "../sharding/shard-size.ts";

/** How the points are divided; see `shardLists`. */
export type ShardingStrategy = "random" | "balanced" | "stratified" | "contiguous" | "given";

/** How the chains of one shard are carried out; the draws are the same. */
export type ChainMethod = "parallel" | "vectorized" | "sequential";

/** The division of the data. */
export interface ShardingConfig {
  /**
   * - `random`: every point to a shard at random;
   * - `balanced`: the same within each group, so that every shard has its share of every group (default);
   * - `stratified`: dealt out along the order of each group too, one point of each run of K neighbours to every shard;
   * - `contiguous`: one piece of the order after the other;
   * - `given`: as `lists` says.
   */
  readonly strategy: ShardingStrategy;
  /** For `given`: the points of every shard; together each point once. */
  readonly lists: readonly ArrayLike<number>[] | undefined;
  /** Default "auto": as many as the size of shards asks for. A number is obeyed. */
  readonly numShards: number | "auto";
  /** Largest shard when `numShards` is "auto". Default "auto": `autoShardSize`. */
  readonly maxPointsPerShard: number | "auto";
  /**
   * Smallest shard. Raises automatic sizes; a number of shards or a size that is given is obeyed with a warning.
   * Default "auto": the floor of the profile.
   */
  readonly minPointsPerShard: number | "auto";
  /** The same in points per sampled coordinate. Default 0. */
  readonly minPointsPerParam: number;
  /** Which table `autoShardSize` reads. Default "light". */
  readonly profile: "light" | "heavy" | ShardSizeProfile;
  /** Added to the seed for the division. Default 0. */
  readonly seedBase: number;
}

/** Sampling of one shard. */
export interface PerShardMcmcConfig {
  /** Warmup transitions per chain, of large shards. Default 500. */
  readonly numWarmup: number;
  /** Draws per chain, of large shards. Default 1500. */
  readonly numSamples: number;
  /** Default 4. */
  readonly numChains: number;
  /** Mean acceptance aimed for, raised by 0.05 in each retry. Default 0.8. */
  readonly targetAcceptProb: number;
  /** Default 10. */
  readonly maxTreeDepth: number;
  /** true: full mass matrix; false: diagonal; "auto" (default): whichever the draws ask for. */
  readonly denseMass: boolean | "auto";
  /**
   * `parallel` (default): on the cores that shards leave free, one by one when they leave none; `vectorized`: batched
   * evaluations; `sequential`: one by one.
   */
  readonly chainMethod: ChainMethod;
  /** Whether small shards get shorter runs, as `SamplingPlan` says. Default true. */
  readonly adaptiveSampling: boolean;
  /** Lower limit of adaptive sampling. Default 100. */
  readonly minWarmup: number;
  /** Lower limit of adaptive sampling. Default 200. */
  readonly minSamples: number;
  /** Further attempts while too many transitions diverge. Default 3. */
  readonly retries: number;
  /** Points that the check before sampling looks at; 0 for no check. Default 1000. */
  readonly preflightPoints: number;
}

/** When a shard or the whole counts as failed. */
export interface ValidationConfig {
  /** Whether a failed check of the whole is an error that carries the run, or only listed in it. Default false. */
  readonly strictMode: boolean;
  /** Least effective sample size of the combined draws, of every coordinate. Default 400. */
  readonly minEss: number;
  /** The same of a shard; below it the shard is doubtful. Default 100. */
  readonly minPerShardEss: number;
  /** Above it a shard is doubtful. Default 1.1. */
  readonly maxPerShardRhat: number;
  /** Divergence between two shards' posteriors beyond what shards that agree have, in nats a coordinate. Default 2. */
  readonly maxBetweenShardKl: number;
  /** Below it a shard is doubtful. Default 0.3. */
  readonly minBfmi: number;
  /** Share of shards that must be neither failed, filtered nor doubtful. Default 0.9. */
  readonly minSuccessRate: number;
  /** Share of divergent transitions that asks for a retry, and makes a shard doubtful. Default 0.1. */
  readonly maxDivergenceRate: number;
  /** From this share on the draws of a shard are left out. Default 0.3. */
  readonly criticalDivergenceRate: number;
  /**
   * Spread of a coordinate's means between shards, beyond what the shards' posteriors explain, relative to the mean of all
   * or, when that is larger, to the width of a shard's posterior. Only one that chance does not explain counts. Default 1.
   */
  readonly maxParameterCv: number;
  /** Whether shards that disagree (`maxBetweenShardKl`, `maxParameterCv`) are an error in strict mode. Default true. */
  readonly heterogeneityAbort: boolean;
  /** Whether to refuse to sample without a warm start. Default false. */
  readonly requireWarmStart: boolean;
  /** Whether a warm start that is given is used. Default true. */
  readonly useWarmStart: boolean;
}

/** How a posterior is divided, its parts sampled and put together; all keys with their values. */
export interface CmcConfig {
  /** Default 42. */
  readonly seed: number;
  /** Whether the prior of each coordinate is divided among the shards that have it. Default true. */
  readonly priorTempering: boolean;
  /** Longest time for one shard, in seconds. Default 3600. */
  readonly perShardTimeout: number;
  /** Longest silence of a worker, in seconds. Default 600. */
  readonly heartbeatTimeout: number;
  /** Most memory for the draws of all shards, in bytes; beyond it every n-th draw is kept. Default 512 MiB. */
  readonly maxDrawBytes: number;
  readonly sharding: ShardingConfig;
  readonly perShardMcmc: PerShardMcmcConfig;
  readonly validation: ValidationConfig;
  readonly combination: CombinationConfig;
  readonly checkpoints: CheckpointsConfig;
}

/** The consensus of the shards. */
export interface CombinationConfig {
  /** Default "robust". */
  readonly method: CombineMethod | "auto";
  /**
   * Whether the combined draws are checked: their effective size, how far the shards agree, and, where the model has its
   * full density, the consensus against that. Default true.
   */
  readonly validateResults: boolean;
  /** Evaluations of the full density, where the model has it; 0 for none, else at least 100. Default 1000. */
  readonly correctionEvaluations: number;
  /** Share of shards, counted as for `minSuccessRate`, below which there is a warning. Default 0.8. */
  readonly minSuccessRateWarning: number;
  /** Weight in a shard from which a second mode counts, in (0, 0.5]. Default 0.2. */
  readonly bimodalMinWeight: number;
  /** Depth of the valley from which two modes count as two, as `combine` says, in (0, 1). Default 0.5. */
  readonly bimodalMinSeparation: number;
}

/** What is saved while shards run. */
export interface CheckpointsConfig {
  /** Finished shards that are kept in memory at most before they are written together. Default 1. */
  readonly frequency: number;
  /** Whether to go on from what the store holds; false refuses a store that holds a run. Default true. */
  readonly resume: boolean;
}

type Partly<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** `CmcConfig` with every key optional. */
export interface CmcOptions
  extends Partly<Omit<CmcConfig, "sharding" | "perShardMcmc" | "validation" | "combination" | "checkpoints">> {
  readonly sharding?: Partly<ShardingConfig>;
  readonly perShardMcmc?: Partly<PerShardMcmcConfig>;
  readonly validation?: Partly<ValidationConfig>;
  readonly combination?: Partly<CombinationConfig>;
  readonly checkpoints?: Partly<CheckpointsConfig>;
}
