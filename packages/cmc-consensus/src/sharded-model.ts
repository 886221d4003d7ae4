import type { LogDensity, PortableTarget } from "@siegert/log-density";

/**
 * A posterior whose data can be divided. Points are numbered 0 … points − 1; points of one group (such as one scattering
 * angle) lie side by side.
 *
 * The product of the shards' densities must be the full density up to a constant, on the UNCONSTRAINED scale: each shard
 * has the likelihood of its points times (prior × Jacobian of the transform) to the power that it is given.
 */
export interface ShardedModel {
  /** Data points. */
  readonly points: number;
  /** Points of each group, in their order; undefined for a single group. */
  readonly groupSizes?: readonly number[];
  /** Names of the unconstrained coordinates of the full posterior. */
  readonly coordinates: readonly string[];
  /**
   * The coordinates that the likelihood of a shard depends on, ascending, from the groups that it has points of; undefined
   * for all. Default all.
   */
  coordinatesOf?(groups: readonly number[]): readonly number[] | undefined;
  /**
   * The posterior of some points, as data that can travel.
   * @param points their numbers, ascending.
   * @param priorPower for every coordinate of the shard, the power of its prior and Jacobian.
   */
  shard(points: Uint32Array, priorPower: Float64Array): PortableTarget;
  /** The full posterior, when it can be evaluated: for checks of the consensus against it. */
  readonly full?: LogDensity;
}
