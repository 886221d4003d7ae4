import { chooseMethod } from "../honesty/choose-method.ts";
import type { ShardPosterior } from "../shard-posterior.ts";
import { type Combination, type CombineJob, finish, startJob } from "./combination.ts";
import { resolveCombineOptions } from "./combine-options.ts";
import type { CombineMethod, CombineOptions, Consensus } from "./consensus.ts";
import { nonparametricProduct, semiparametricProduct } from "./density-product.ts";
import { averageOfDraws, consensusOfDraws, weightedGaussian } from "./linear-methods.ts";
import { mixtureConsensus } from "./mixture-consensus.ts";
import { robustConsensus } from "./robust-consensus.ts";

const METHODS: Readonly<Record<CombineMethod, (job: CombineJob) => Combination>> = {
  consensus: consensusOfDraws,
  "weighted-gaussian": weightedGaussian,
  robust: robustConsensus,
  semiparametric: semiparametricProduct,
  nonparametric: nonparametricProduct,
  mixture: mixtureConsensus,
  average: averageOfDraws,
};

/**
 * Draws from the product of the shards' posteriors: the full posterior, when every shard had its share of the prior. All is on
 * the unconstrained scale. The same shards and options give the same bits, in whatever order the shards come.
 *
 * @param shards with different numbers; draws of a single one are given back as they are, but for `weighted-gaussian`.
 * @throws {InvalidArgumentError} for options or shapes that do not fit.
 * @throws {ShardDrawsError} for draws that are not finite, or do not spread in every direction.
 * @throws {UninformedCoordinateError} for a coordinate that no shard samples.
 */
export function combine(shards: readonly ShardPosterior[], options: CombineOptions): Consensus {
  const resolved = resolveCombineOptions(options);
  const job = startJob(shards, resolved, options.names);
  const { method, reason } =
    resolved.method === "auto" ? chooseMethod(job) : { method: resolved.method, reason: "asked for" };
  return finish(METHODS[method](job), job.set, reason);
}
