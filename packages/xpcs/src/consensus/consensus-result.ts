import {
  assessConsensus,
  type Consensus,
  type ConsensusAssessment,
  type ConsensusCheck,
  type Correction,
  CorrectionError,
  correct,
  type ShardRun,
} from "@siegert/cmc-consensus";
import { summary } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import type { Config } from "../config/config.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { posteriorPlan } from "../posterior/build-spec.ts";
import type { JudgedDraws } from "../posterior/draw-report.ts";
import { type PosteriorDraws, posteriorDraws } from "../posterior/posterior-draws.ts";
import type { SampledCoordinates } from "../posterior/sampled-coordinates.ts";
import { consensusAdvice } from "./consensus-advice.ts";
import { type SampleConsensusOptions, type SampledConsensus, sampleConsensus } from "./sample-consensus.ts";
import { type ShardSummary, shardSummaries } from "./shard-summaries.ts";

/** The posterior of divided data: draws of the consensus of the shards, and how far they are to be trusted. */
export interface ConsensusResult extends JudgedDraws {
  /** The combined draws on the unconstrained scale, and how they were made. */
  readonly consensus: Consensus;
  /** Plan, reports, draws and warnings of the shards. */
  readonly shardRun: ShardRun;
  /** Means and covariances of the shards that gave draws, those left out included. */
  readonly shards: readonly ShardSummary[];
  /** How the shards agree, how normal they are, and the verdict in words. */
  readonly assessment: ConsensusAssessment;
  /** Checks of the whole that the configuration asks for. */
  readonly checks: readonly ConsensusCheck[];
  /** The consensus weighed against the posterior of all pairs, where that could be evaluated. */
  readonly correction: Correction | undefined;
  /** Draws resampled by their weights, on the scale of the parameters, when these can be relied on. */
  readonly corrected: PosteriorDraws | undefined;
  readonly coordinates: SampledCoordinates;
  /** Whether the draws can be used: the shards came to a good end, and no check failed that counts. */
  readonly isTrustworthy: boolean;
  /** Why they cannot, and what to do; empty when they can. */
  readonly advice: readonly string[];
  /** What to keep in mind when using them. */
  readonly cautions: readonly string[];
  readonly seconds: number;
  readonly notes: readonly string[];
  /** Folder of the finished shards. */
  readonly runFolder: string | undefined;
}

/** Evaluations of the posterior of all pairs in the correction: fewer for larger data. */
const [LEAST_EVALUATIONS, MOST_EVALUATIONS] = [1000, 4000];
const PAIR_EVALUATIONS = 4e9;

/**
 * Samples the posterior of a data set in shards and combines them.
 *
 * @param maps one per angle, row-major (frames, frames).
 * @throws {FitError} when it was stopped, or so many shards failed that nothing can be combined.
 * @throws {RunStoreError} when the run's folder holds another run, is in use, or cannot be read or written.
 */
export async function inferConsensus(
  config: Config,
  fit: FitResult,
  experiment: Experiment,
  maps: readonly Float64Array[],
  options: SampleConsensusOptions = {},
): Promise<ConsensusResult> {
  const begin = performance.now();
  const sampled = await sampleConsensus(posteriorPlan(config, fit, experiment, maps), config, fit, options);
  const { run, coordinates, failure, notes } = sampled;
  const { consensus, shardRun, checks } = run;
  const { seed, validation, combination } = shardRun.plan.config;
  const { correction, refusal } = combination.validateResults
    ? corrected(sampled, seed)
    : { correction: undefined, refusal: undefined };
  const assessment = assessConsensus(shardRun.posteriors, consensus, {
    names: coordinates.parameters.map(({ name }) => name),
    ...(correction === undefined ? {} : { correction }),
    maxBetweenShardKl: validation.maxBetweenShardKl,
    bimodalMinWeight: combination.bimodalMinWeight,
    bimodalMinSeparation: combination.bimodalMinSeparation,
    seed,
  });
  const posterior = posteriorDraws(consensus, coordinates, fit.model);
  const judged = consensusAdvice({ config, failure, refusal, checks, assessment, consensus, shardRun });
  return {
    posterior,
    table: summary(posterior.draws),
    consensus,
    shardRun,
    shards: shardSummaries([...shardRun.posteriors, ...shardRun.filtered], coordinates),
    assessment,
    checks,
    correction,
    corrected: correction?.isReliable
      ? posteriorDraws(
          { values: correction.draws, chains: 1, draws: correction.draws.length / consensus.dim },
          coordinates,
          fit.model,
        )
      : undefined,
    coordinates,
    ...judged,
    seconds: (performance.now() - begin) / 1000,
    notes,
    runFolder: options.runFolder,
  };
}

/** The consensus against the posterior of all pairs; `refusal` says why that found nothing in common. */
function corrected(
  { run, model }: SampledConsensus,
  seed: number,
): { readonly correction: Correction | undefined; readonly refusal: string | undefined } {
  if (model.full === undefined) return { correction: undefined, refusal: undefined };
  const wanted = Math.floor(PAIR_EVALUATIONS / model.points);
  const subset = Math.min(Math.max(wanted, LEAST_EVALUATIONS), MOST_EVALUATIONS);
  try {
    return { correction: correct(run.consensus, model.full, { subset, seed }), refusal: undefined };
  } catch (error) {
    if (!(error instanceof CorrectionError)) throw error;
    return { correction: undefined, refusal: error.message };
  }
}
