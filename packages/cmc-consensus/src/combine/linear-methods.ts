import { InvalidArgumentError } from "@siegert/errors";
import type { Combination, CombineJob } from "./combination.ts";
import { gaussianDraws } from "./gaussian-draws.ts";
import { averageRule, combineDraws, precisionRule, thinned } from "./linear-consensus.ts";
import type { ShardSet } from "./shard-set.ts";

/** Draws weighted by precision; those of a single shard as they are. */
export function consensusOfDraws(job: CombineJob): Combination {
  const { set, weights, product } = job;
  const draws = drawsKept(job);
  const values =
    set.shards.length === 1 ? onlyShard(set, draws) : combineDraws(set, precisionRule(set, weights, product), draws);
  return { method: "consensus", job, draws, values };
}

/** Independent draws from the product Gaussian. */
export function weightedGaussian(job: CombineJob): Combination {
  const { set, product, options } = job;
  const draws = options.draws ?? set.draws;
  const message = "draws are from a Gaussian: tails and skewness of the posterior are those of a Gaussian";
  return {
    method: "weighted-gaussian",
    job,
    draws,
    values: gaussianDraws(product, set.chains, draws, options.seed),
    warnings: [{ code: "gaussian-tails", message }],
  };
}

/** Draws averaged with equal weights. */
export function averageOfDraws(job: CombineJob): Combination {
  const { set } = job;
  const draws = drawsKept(job);
  const values = set.shards.length === 1 ? onlyShard(set, draws) : combineDraws(set, averageRule(set), draws);
  const message =
    "an average with equal weights is right only when all shards are equally informative in every direction; " +
    "for comparison only";
  return { method: "average", job, draws, values, warnings: [{ code: "comparison-only", message }] };
}

/** Draws per chain of a method that keeps draws. @throws {InvalidArgumentError} when more are asked for than there are. */
export function drawsKept({ set, options }: CombineJob): number {
  const draws = options.draws ?? set.draws;
  if (draws > set.draws) {
    const requirement = `be at most ${set.draws}, the fewest that a shard has; weighted-gaussian can draw more`;
    throw new InvalidArgumentError("draws", requirement, draws);
  }
  return draws;
}

/** The draws of a set of one shard, to the bit. */
export function onlyShard(set: ShardSet, draws: number): Float64Array {
  const [shard] = set.shards;
  const from = shard!.posterior.values;
  const { dim, chains } = set;
  if (draws === set.draws) return from.slice();
  const values = new Float64Array(chains * draws * dim);
  for (let chain = 0; chain < chains; chain++) {
    for (let draw = 0; draw < draws; draw++) {
      const at = (chain * set.draws + thinned(draw, draws, set.draws)) * dim;
      values.set(from.subarray(at, at + dim), (chain * draws + draw) * dim);
    }
  }
  return values;
}
