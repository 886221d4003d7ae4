import type { LogDensity, PortableTarget } from "@siegert/log-density";

/**
 * A posterior whose data can be divided. Points are numbered 0 … points − 1; points of one group (such as one scattering
 * angle) lie side by side.
 *
 * The product of the shards' densities must be the full density up to a constant, on the UNCONSTRAINED scale: each shard
 * has the likelihood of its points times (prior × Jacobian of the transform) to the power that it is given.
 */
export interface ShardedModel {
  /** Data points, up to 2³². */
  readonly points: number;
  /** Points of each group, in their order; undefined for a single group. */
  readonly groupSizes?: readonly number[] | undefined;
  /** Names of the unconstrained coordinates of the full posterior. */
  readonly coordinates: readonly string[];
  /**
   * The coordinates that the likelihood of a shard depends on, ascending, from the groups that it has points of; undefined
   * for all. Default all.
   */
  coordinatesOf?(groups: readonly number[]): readonly number[] | undefined;
  /**
   * The posterior of some points, as data that can travel: it becomes bytes, so the argument of a module target may hold
   * plain objects, arrays, typed arrays, Map, Set, Date, bigint and the like, and holds the data of these points only.
   * Its dimension is the number of the shard's coordinates. Called once for a shard when its turn comes, and once more
   * with a few of its points for the check before sampling.
   * @param points their numbers, ascending; at least one of every group that the shard has.
   * @param priorPower for every coordinate of the shard, the power of its prior and Jacobian.
   */
  shard(points: Uint32Array, priorPower: Float64Array): PortableTarget;
  /** The full posterior, when it can be evaluated: for checks of the consensus against it. */
  readonly full?: LogDensity | undefined;
  /**
   * Any text that changes with the data and the model, such as a hash of a file: kept with a saved run, so that going on
   * with other data is refused at once and by name. Without it, other data are noticed by the shards that are done.
   */
  readonly fingerprint?: string | undefined;
}
