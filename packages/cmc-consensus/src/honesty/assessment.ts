import type { ModeScreen } from "../combine/mode-screen.ts";
import type { MethodAdvice } from "./choose-method.ts";
import type { EffectiveShards } from "./effective-shards.ts";
import type { Gaussianity } from "./gaussianity.ts";
import type { Heterogeneity } from "./heterogeneity.ts";
import type { PredictedBias } from "./predicted-bias.ts";
import type { ShardDivergence } from "./shard-divergence.ts";

/**
 * R-hat between shards. Shards are not chains of one density: their means lie apart by as much as their own posteriors are
 * wide. So the draws of every shard are measured from the consensus in units of that shard's posterior, where the variance
 * within shards is 1 and that of the means is Q/(K − 1), 1 when the shards agree; R-hat is the root of the total variance over
 * what it should be, √((1 + Q/(K − 1))/2). As ever 1 is agreement, and 1.1 is a scatter of means 1.4 times too large in
 * variance. By chance it exceeds 1 too: K − 1 degrees of freedom are few, so judge it with the p value of the heterogeneity.
 */
export interface BetweenShardRhat {
  readonly joint: number;
  readonly coordinates: Float64Array;
}

/** How far a consensus can be trusted. */
export interface ConsensusAssessment {
  readonly heterogeneity: Heterogeneity;
  readonly betweenShardRhat: BetweenShardRhat;
  readonly effectiveShards: EffectiveShards;
  /** Of every shard that was used, by number. */
  readonly gaussianity: readonly Gaussianity[];
  readonly predictedBias: PredictedBias;
  readonly modes: ModeScreen;
  /** Undefined for a single shard. */
  readonly divergence: ShardDivergence | undefined;
  readonly advice: MethodAdvice;
  readonly verdict: ConsensusVerdict;
}

/** Whether to trust a consensus. */
export interface ConsensusVerdict {
  readonly level: "trust" | "caution" | "distrust";
  /** One sentence. */
  readonly summary: string;
  /** What speaks against the consensus, gravest first, each with what to do. */
  readonly findings: readonly VerdictFinding[];
}

export interface VerdictFinding {
  readonly level: "caution" | "distrust";
  readonly code:
    | "far-from-full"
    | "heterogeneous"
    | "divergent-pair"
    | "biased"
    | "several-modes"
    | "dominated"
    | "data-lost"
    | "not-gaussian"
    | "warning";
  readonly problem: string;
  readonly remedy: string;
}
