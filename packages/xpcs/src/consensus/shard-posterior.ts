import { PairPosterior } from "../posterior/pair-posterior.ts";
import type { MeasurementSpec } from "../posterior/posterior-spec.ts";
import { ShardLikelihood, type ShardPairs } from "./shard-likelihood.ts";

/** The posterior of some pairs, as plain data that travels: about 12 bytes a pair. */
export interface ShardTask {
  /** Over the angles of the pairs and the coordinates that they inform; prior and Jacobian to the powers of the shard. */
  readonly spec: MeasurementSpec;
  readonly pairs: ShardPairs;
}

/**
 * Makes the posterior of a shard from its plain description: what a thread is asked to do. Its WebAssembly is compiled by the
 * first shard of a thread and shared by all that follow.
 *
 * @throws {InvalidArgumentError} for data or an experiment that cannot be.
 */
export function createShardPosterior({ spec, pairs }: ShardTask): PairPosterior {
  return new PairPosterior(spec, new ShardLikelihood(spec, pairs));
}
