import type { SamplingPlan } from "@siegert/nuts/plan";
import type { CmcConfig } from "../config/cmc-config.ts";
import type { ShardLists } from "./shard-lists.ts";

/** Something that a user should know about a plan. */
export interface PlanWarning {
  readonly code: "small-shards" | "thinning";
  readonly message: string;
}

/** Which points go where, and how long each shard is sampled. No memory per point is held, apart from lists given. */
export interface ShardPlan {
  readonly config: CmcConfig;
  /** Data points in all. */
  readonly points: number;
  readonly shards: number;
  /** Points of the largest shard. */
  readonly pointsPerShard: number;
  /** Names of the coordinates of the full posterior. */
  readonly coordinates: readonly string[];
  /**
   * How long every shard is sampled: the plan for the largest shard and all coordinates, so that all shards give the
   * same number of draws.
   */
  readonly samplingPlan: SamplingPlan;
  /** Every n-th draw is kept; more than 1 when all would take more than `maxDrawBytes`. */
  readonly thinning: number;
  /** Bytes that the kept draws of all shards take. */
  readonly drawBytes: number;
  /** Shards that have each coordinate, length dim: 1 / this is the power of its prior in each of them. */
  readonly shardsWith: Float64Array;
  readonly warnings: readonly PlanWarning[];
  readonly lists: ShardLists;
  /** The coordinates of a shard, ascending; undefined for all. */
  coordinatesOf(shard: number): readonly number[] | undefined;
  /** The power of the prior of each of the shard's coordinates. */
  priorPower(shard: number): Float64Array;
  /** The seed of a shard's chains. */
  seedOf(shard: number): number;
}
