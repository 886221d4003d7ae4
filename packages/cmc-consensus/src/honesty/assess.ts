import { InvalidArgumentError } from "@siegert/errors";
import { startJob } from "../combine/combination.ts";
import { resolveCombineOptions } from "../combine/combine-options.ts";
import type { CombineOptions, Consensus } from "../combine/consensus.ts";
import { screenModes } from "../combine/mode-screen.ts";
import type { ShardPosterior } from "../shard-posterior.ts";
import type { ConsensusAssessment } from "./assessment.ts";
import { chooseMethod } from "./choose-method.ts";
import type { Correction } from "./correct.ts";
import { effectiveShards } from "./effective-shards.ts";
import { gaussianity } from "./gaussianity.ts";
import { heterogeneity } from "./heterogeneity.ts";
import { predictedBias } from "./predicted-bias.ts";
import { shardDivergence } from "./shard-divergence.ts";
import { consensusVerdict } from "./verdict.ts";

export interface AssessOptions
  extends Pick<CombineOptions, "names" | "outlierRate" | "bimodalMinWeight" | "bimodalMinSeparation"> {
  /** Result of `correct`, which overrules what is only inferred from the shards. */
  readonly correction?: Correction;
  /** Largest divergence between shards beyond what shards that agree have, nats a coordinate. Default 2. */
  readonly maxBetweenShardKl?: number;
  /** Seed of the search for modes. Default 0. */
  readonly seed?: number;
}

/**
 * Examines the shards that a consensus was made of. Shards that were left out of it are left out here.
 * @throws {InvalidArgumentError} when a shard that the consensus was made of is missing, and for a negative limit.
 * @throws as `combine` does.
 */
export function assessConsensus(
  shards: readonly ShardPosterior[],
  consensus: Consensus,
  options: AssessOptions = {},
): ConsensusAssessment {
  const { correction, maxBetweenShardKl = 2, names, ...others } = options;
  if (!(maxBetweenShardKl >= 0)) {
    throw new InvalidArgumentError("options.maxBetweenShardKl", "be at least 0", maxBetweenShardKl);
  }
  const resolved = resolveCombineOptions({ dim: consensus.dim, ...others });
  const job = startJob(usedShards(shards, consensus), resolved, names);
  const scatter = heterogeneity(job);
  const findings = {
    heterogeneity: scatter,
    betweenShardRhat: {
      joint: Math.sqrt((1 + scatter.ratio) / 2),
      coordinates: Float64Array.from(scatter.coordinates, ({ ratio }) => Math.sqrt((1 + ratio) / 2)),
    },
    effectiveShards: effectiveShards(job),
    gaussianity: job.set.shards.map(gaussianity),
    predictedBias: predictedBias(job),
    modes: screenModes(job),
    divergence: shardDivergence(job),
  };
  const advice = chooseMethod(job, findings.modes);
  const label = (coordinate: number): string => job.set.label(coordinate);
  return {
    ...findings,
    advice,
    verdict: consensusVerdict({ ...findings, advice }, consensus, { correction, maxBetweenShardKl, label }),
  };
}

function usedShards(shards: readonly ShardPosterior[], consensus: Consensus): readonly ShardPosterior[] {
  const used = new Set(consensus.shards);
  const found = shards.filter(({ shard }) => used.has(shard));
  const missing = consensus.shards.find((shard) => !found.some((one) => one.shard === shard));
  if (missing !== undefined) {
    throw new InvalidArgumentError("shards", "hold every shard that the consensus was made of, but lack one", missing);
  }
  return found;
}
