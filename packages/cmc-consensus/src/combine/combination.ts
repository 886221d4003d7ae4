import type { ShardPosterior } from "../shard-posterior.ts";
import type { ResolvedCombineOptions } from "./combine-options.ts";
import type { CombineMethod, CombineWarning, Consensus, ExcludedShard } from "./consensus.ts";
import { drawMoments } from "./draw-moments.ts";
import { meanErrors } from "./mean-error.ts";
import { type PrecisionWeight, precisionWeights } from "./precision-weights.ts";
import { type ProductGaussian, productGaussian } from "./product-gaussian.ts";
import { prepareShards, type ShardSet } from "./shard-set.ts";

/** What every method starts from. */
export interface CombineJob {
  readonly set: ShardSet;
  readonly weights: readonly PrecisionWeight[];
  readonly product: ProductGaussian;
  readonly options: ResolvedCombineOptions;
}

/** What a method gives. */
export interface Combination {
  readonly method: CombineMethod;
  /** The shards that were used, with what belongs to them. */
  readonly job: CombineJob;
  readonly draws: number;
  readonly values: Float64Array;
  readonly excluded?: readonly ExcludedShard[];
  readonly warnings?: readonly CombineWarning[];
  readonly extras?: Pick<Consensus, "winsorised" | "modes" | "acceptance" | "rhat">;
}

/** Checks the shards and takes what every method needs from them. */
export function startJob(
  posteriors: readonly ShardPosterior[],
  options: ResolvedCombineOptions,
  names: readonly string[] | undefined,
): CombineJob {
  return jobOf(prepareShards(posteriors, options.dim, names), options);
}

/** The job of shards that have been checked. */
export function jobOf(set: ShardSet, options: ResolvedCombineOptions): CombineJob {
  const weights = precisionWeights(set.shards);
  return { set, weights, product: productGaussian(set, weights), options };
}

/** The combination as its user sees it. */
export function finish(combination: Combination, all: ShardSet, reason: string): Consensus {
  const { job, values, draws, method, excluded = [], extras } = combination;
  const { set, product, weights } = job;
  const points = all.shards.reduce((sum, shard) => sum + shard.posterior.points, 0);
  const lost = excluded.reduce((sum, shard) => sum + shard.points, 0);
  return {
    method,
    reason,
    dim: set.dim,
    chains: set.chains,
    draws,
    values,
    ...drawMoments(values, set.dim),
    gaussian: { mean: product.mean, covariance: product.covariance },
    meanError: meanErrors(set, weights, product),
    shards: set.shards.map((shard) => shard.shard),
    excluded,
    dataLost: points > 0 ? lost / points : 0,
    ...extras,
    warnings: [...fewDraws(job), ...(combination.warnings ?? [])],
  };
}

function fewDraws({ set, weights }: CombineJob): readonly CombineWarning[] {
  if (set.shards.length === 1) return [];
  const few = set.shards.filter((shard, s) => weights[s]!.degrees < 2 * shard.dim + 4);
  const first = few[0];
  if (!first) return [];
  const size = Math.floor(first.covarianceSize);
  const message =
    `${few.length} shard(s), first shard ${first.shard}, have covariances from about ${size} effective draws for ` +
    `${first.dim} coordinates: their weights are rough; draw more`;
  return [{ code: "few-draws", message }];
}
