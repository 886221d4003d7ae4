import type { Consensus, ConsensusAssessment, ConsensusCheck, ShardRun } from "@siegert/cmc-consensus";
import { summary } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import type { Config } from "../config/config.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { posteriorPlan } from "../posterior/build-spec.ts";
import type { JudgedDraws } from "../posterior/draw-report.ts";
import { type PosteriorDraws, posteriorDraws } from "../posterior/posterior-draws.ts";
import type { SampledCoordinates } from "../posterior/sampled-coordinates.ts";
import { scored } from "../posterior/scored-plan.ts";
import { consensusAdvice } from "./consensus-advice.ts";
import { correctedDraws } from "./corrected-draws.ts";
import { type RefinedCorrection, refineCorrection } from "./refine-correction.ts";
import { type SampleConsensusOptions, sampleConsensus } from "./sample-consensus.ts";
import { type ShardSummary, shardSummaries } from "./shard-summaries.ts";

/**
 * The posterior of divided data: `posterior` has the draws to use, those of the consensus, or, where the consensus could be
 * weighed reliably against the posterior of all pairs, draws of that.
 */
export interface ConsensusResult extends JudgedDraws {
  /** Whether `posterior` holds draws of the posterior of all pairs. */
  readonly isCorrected: boolean;
  /** The draws of the consensus itself, on the scale of the parameters. */
  readonly combined: PosteriorDraws;
  /** The combined draws on the unconstrained scale, and how they were made. */
  readonly consensus: Consensus;
  /** Plan, reports, draws and warnings of the shards. */
  readonly shardRun: ShardRun;
  /** Means and covariances of the shards that gave draws, those left out included. */
  readonly shards: readonly ShardSummary[];
  /** How the shards agree, how normal they are, and the verdict on their consensus; `undefined` when not to be checked. */
  readonly assessment: ConsensusAssessment | undefined;
  /** Checks of the whole that the configuration asks for. */
  readonly checks: readonly ConsensusCheck[];
  /** The consensus weighed against the posterior of all pairs, where that could be evaluated. */
  readonly correction: RefinedCorrection | undefined;
  readonly coordinates: SampledCoordinates;
  /** What to think of `posterior`, in words. */
  readonly verdict: string;
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
  const { spec, start } = posteriorPlan(config, fit, experiment, maps);
  const sampled = await sampleConsensus({ spec: scored(spec), start }, config, fit, options);
  const { run, model, coordinates, failure, notes, isRefused } = sampled;
  const { consensus, shardRun, checks, assessment } = run;
  const correction =
    run.correction && model.full && refineCorrection(consensus, model.full, run.correction, shardRun.plan.config.seed);
  const draws = correctedDraws(correction, consensus);
  const combined = posteriorDraws(consensus, coordinates, fit.model);
  const posterior = draws ? posteriorDraws(draws, coordinates, fit.model) : combined;
  const isCorrected = draws !== undefined;
  const judged = consensusAdvice({
    config,
    failure,
    isRefused,
    checks,
    assessment,
    consensus,
    shardRun,
    correction,
    isCorrected,
  });
  return {
    posterior,
    isCorrected,
    combined,
    table: summary(posterior.draws),
    consensus,
    shardRun,
    shards: shardSummaries([...shardRun.posteriors, ...shardRun.filtered], coordinates),
    assessment,
    checks,
    correction,
    coordinates,
    ...judged,
    seconds: (performance.now() - begin) / 1000,
    notes,
    runFolder: options.runFolder,
  };
}
