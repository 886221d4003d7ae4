import { type Diagnosis, diagnose, type SummaryTable, summary } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import type { Config } from "../config/config.ts";
import { FitError } from "../fit/fit-error.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { posteriorPlan } from "./build-spec.ts";
import { type PosteriorDraws, posteriorDraws } from "./posterior-draws.ts";
import { type PosteriorRun, type SamplePosteriorOptions, samplePosterior } from "./sample-posterior.ts";

/** Draws of a posterior and what they are worth. */
export interface PosteriorResult extends PosteriorRun {
  readonly posterior: PosteriorDraws;
  readonly table: SummaryTable;
  readonly diagnosis: Diagnosis;
  /** False when chains disagree (R-hat > 1.01), divergences are beyond the critical rate, or the run was stopped. */
  readonly isTrustworthy: boolean;
  /** Why it is not, and what to do; empty when it is. */
  readonly advice: readonly string[];
}

/** Draws per chain of which anything can be said. */
const FEWEST = 4;

/**
 * Samples the posterior of a data set whose least-squares fit is known, and judges the draws.
 *
 * @param maps one per angle, row-major (frames, frames).
 * @throws {LogDensityError} when no start has a finite density.
 * @throws {FitError} when it was stopped before there were draws to judge.
 */
export async function inferPosterior(
  config: Config,
  fit: FitResult,
  experiment: Experiment,
  maps: readonly Float64Array[],
  options: SamplePosteriorOptions = {},
): Promise<PosteriorResult> {
  const plan = posteriorPlan(config, fit, experiment, shared(maps, options.threads));
  const sampled = await samplePosterior(plan, config, fit, options);
  const { run, target } = sampled;
  if (run.unconstrained().draws < FEWEST)
    throw new FitError(`sampling was stopped before there were ${FEWEST} draws: nothing can be said of the posterior`);
  const posterior = posteriorDraws(run.unconstrained(), target, fit.model);
  const { chains, draws } = posterior.draws;
  const chainsOf = (name: "energy" | "treeDepth") => ({ values: run.statistic(name), chains, draws });
  const diagnosis = diagnose(posterior.draws, {
    sampler: {
      divergences: run.statistic("isDivergent"),
      energy: chainsOf("energy"),
      treeDepth: run.statistic("treeDepth"),
      maxTreeDepth: config.cmc.perShardMcmc.maxTreeDepth,
    },
    minEss: 100 * chains,
  });
  const advice = diagnosis.checks
    .filter(({ name, status }) => status === "fail" || (name === "rhat" && status !== "pass" && status !== "skipped"))
    .map(({ message, advice: what }) => `${message} ${what}`.trim());
  if (run.status === "aborted") advice.unshift("The run was stopped before it was done.");
  return {
    ...sampled,
    posterior,
    table: summary(posterior.draws),
    diagnosis,
    isTrustworthy: advice.length === 0,
    advice,
  };
}

/** Copies maps to shared memory where there is such a thing and several threads shall read them. */
function shared(maps: readonly Float64Array[], threads: number | undefined): Float64Array[] {
  if (threads === 1) return [...maps];
  return maps.map((map) => {
    const copy = new Float64Array(new SharedArrayBuffer(map.byteLength));
    copy.set(map);
    return copy;
  });
}
