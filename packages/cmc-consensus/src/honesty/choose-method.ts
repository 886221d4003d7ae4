/** Which way of combining suits the shards. */
import type { CombineJob } from "../combine/combination.ts";
import type { CombineMethod } from "../combine/consensus.ts";
import { type ModeScreen, screenModes } from "../combine/mode-screen.ts";
import { outlierShards } from "../combine/outlier-shards.ts";
import { predictedBias } from "./predicted-bias.ts";

export interface MethodAdvice {
  readonly method: CombineMethod;
  /** Why, in words. */
  readonly reason: string;
}

/** Bias of the consensus, in standard deviations, from which another method is better. */
export const TOLERABLE_BIAS = 0.2;

/**
 * Most coordinates and shards at which the semiparametric product is advised. Of its moves between 2000 draws of 4 to 64
 * Gaussian shards a share of 0.2 was accepted in one coordinate, 0.07 in two, 0.05 in three, and 0.01 to 0.03 in four, where
 * its own warning begins.
 */
const PRODUCT_COORDINATES = 3;
const PRODUCT_SHARDS = 64;

/**
 * `mixture` where shards have several modes; `robust` where shards disagree with the others; `semiparametric` where skewness
 * would bias the consensus and the problem is small enough for it; else `consensus`.
 *
 * @param screened what `screenModes` gave for the job, where that is known: it takes most of the time.
 */
export function chooseMethod(job: CombineJob, screened?: ModeScreen): MethodAdvice {
  const { set, weights, options } = job;
  if (set.shards.length === 1)
    return { method: "consensus", reason: "there is a single shard: its draws are the posterior" };
  const modes = screened ?? screenModes(job);
  if (modes.multimodal.length > 0) {
    const which = modes.multimodal.slice(0, 5).join(", ");
    const reason = `${modes.multimodal.length} of ${modes.examined} shards examined have more than one mode (${which})`;
    return { method: "mixture", reason };
  }
  const outliers = outlierShards(set, weights, options.outlierRate).excluded;
  if (outliers.length > 0) {
    const which = outliers.slice(0, 5).map(({ shard }) => shard);
    const reason = `${outliers.length} of ${set.shards.length} shards disagree with the others (${which.join(", ")})`;
    return { method: "robust", reason };
  }
  const { largest } = predictedBias(job);
  if (largest > TOLERABLE_BIAS) {
    const bias = `skewness of the shards would move the consensus by ${largest.toFixed(2)} standard deviations`;
    if (set.dim <= PRODUCT_COORDINATES && set.shards.length <= PRODUCT_SHARDS) {
      return { method: "semiparametric", reason: bias };
    }
    const reason = `${bias}, but there are too many shards or coordinates for a density product: use fewer, larger shards`;
    return { method: "consensus", reason };
  }
  return { method: "consensus", reason: "shards agree, have one mode each and are close to Gaussian" };
}
