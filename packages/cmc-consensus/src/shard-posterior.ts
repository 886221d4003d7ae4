/** The draws of one shard's posterior, on the unconstrained scale: what consensus is made of. */
export interface ShardPosterior {
  /** Number of the shard, from 0. */
  readonly shard: number;
  /** Data points in it. */
  readonly points: number;
  /**
   * Which of the full posterior's coordinates the shard samples, ascending; undefined for all. A coordinate that no
   * point of the shard informs is left out, and the prior of each coordinate is divided among the shards that have it.
   */
  readonly coordinates?: readonly number[];
  readonly chains: number;
  /** Draws per chain. */
  readonly draws: number;
  /** Unconstrained draws, row-major (chain, draw, coordinate). */
  readonly values: Float64Array;
  /** Log density of the shard's posterior (prior power and Jacobian included) at every draw, row-major (chain, draw). */
  readonly logDensity?: Float64Array;
}
