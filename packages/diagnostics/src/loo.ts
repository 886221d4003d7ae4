/**
 * Leave-one-out cross-validation by Pareto smoothed importance sampling (PSIS-LOO).
 *
 * Source: Vehtari, Gelman & Gabry (2017), Practical Bayesian model evaluation using leave-one-out cross-validation and
 * WAIC, Stat. Comput. 27, 1413, 10.1007/s11222-016-9696-4.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { splitChains } from "./chains.ts";
import type { Draws } from "./draws.ts";
import { effectiveSize } from "./effective-size.ts";
import { ess } from "./ess.ts";
import { countObservations, type LogLikelihood, observationColumn } from "./log-likelihood.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { mean, variance } from "./moments.ts";
import { paretoKThreshold, psis } from "./psis.ts";
import type { DiagnosticWarning } from "./warning.ts";

/** Expected log predictive density of new data, with its parts: what {@link loo} and {@link waic} estimate. */
export interface PredictiveDensity {
  /** Expected log pointwise predictive density (elpd), the sum of `pointwise`. */
  readonly elpd: number;
  /** Standard error of elpd, √(n Var(pointwise)) with n − 1 in the variance; NaN for one observation. */
  readonly se: number;
  /** Effective number of parameters: log predictive density of the data themselves less elpd. */
  readonly p: number;
  /** elpd of every observation. */
  readonly pointwise: Float64Array;
  /** Effective number of parameters of every observation. */
  readonly pointwiseP: Float64Array;
  readonly observations: number;
  /** Number of draws of all chains. */
  readonly samples: number;
  readonly warnings: readonly DiagnosticWarning[];
}

/** What {@link loo} estimates. */
export interface LooResult extends PredictiveDensity {
  /** Pareto k of every observation. */
  readonly paretoK: Float64Array;
  /** Largest k that can be trusted with this number of draws. */
  readonly goodK: number;
}

/** Options of {@link loo}. */
export interface LooOptions {
  /**
   * ESS per draw: one number, or one per observation. Default: for each observation the ESS of the mean of its
   * likelihood; 1 for a single chain.
   */
  readonly relativeEfficiency?: number | Float64Array;
  /** Takes the efficiency from these draws instead, as ArviZ does: mean over scalars of the ESS of the mean, per draw. */
  readonly posterior?: Draws;
}

/**
 * PSIS-LOO: log predictive density of every observation given all others, without fitting again.
 *
 * @param logLikelihood log likelihood of every observation at every draw; at least 25 draws in all.
 * @throws {InvalidArgumentError} for values that are no such table, NaN or +∞ among them, fewer than 25 draws, or an
 *   efficiency that is not positive.
 */
export function loo(logLikelihood: LogLikelihood, options: LooOptions = {}): LooResult {
  const observations = countObservations(logLikelihood);
  const { values, chains, draws } = logLikelihood;
  const samples = chains * draws;
  const efficiency = efficiencies(logLikelihood, observations, options);
  const pointwise = new Float64Array(observations);
  const pointwiseP = new Float64Array(observations);
  const paretoK = new Float64Array(observations);
  for (let i = 0; i < observations; i++) {
    const column = observationColumn(values, i, observations);
    const smoothed = psis(negated(column, i), efficiency(column, i));
    const weighted = smoothed.logWeights.map((weight, s) => weight + column[s]!);
    pointwise[i] = logSumExp(weighted);
    pointwiseP[i] = logSumExp(column) - Math.log(samples) - pointwise[i]!;
    paretoK[i] = smoothed.paretoK;
  }
  const goodK = paretoKThreshold(samples);
  const warnings = looWarnings(paretoK, goodK);
  return { ...summed(pointwise, pointwiseP), paretoK, goodK, samples, warnings };
}

/** Sums of pointwise values and the standard error of the first. */
export function summed(
  pointwise: Float64Array,
  pointwiseP: Float64Array,
): Omit<PredictiveDensity, "samples" | "warnings"> {
  const observations = pointwise.length;
  const elpd = mean(pointwise) * observations;
  const se = Math.sqrt(observations * variance(pointwise, 1));
  return { elpd, se, p: mean(pointwiseP) * observations, pointwise, pointwiseP, observations };
}

function negated(column: Float64Array, observation: number): Float64Array {
  return column.map((value) => {
    if (value === -Infinity) {
      const requirement = "be finite for leave-one-out: a draw that rules the observation out has infinite weight";
      throw new InvalidArgumentError(`logLikelihood of observation ${observation}`, requirement, value);
    }
    return -value;
  });
}

/** ESS per draw of an observation, by what the options ask for. */
function efficiencies(
  { chains, draws }: LogLikelihood,
  observations: number,
  { relativeEfficiency, posterior }: LooOptions,
): (column: Float64Array, observation: number) => number {
  if (typeof relativeEfficiency === "number") return () => relativeEfficiency;
  if (relativeEfficiency !== undefined) {
    if (relativeEfficiency.length !== observations) {
      throw new InvalidArgumentError("relativeEfficiency", `have length ${observations}`, relativeEfficiency);
    }
    return (_, observation) => relativeEfficiency[observation]!;
  }
  if (chains === 1 || draws < 4) return () => 1;
  if (posterior !== undefined) {
    const shared = posteriorEfficiency(posterior);
    return () => shared;
  }
  return (column) => {
    let largest = -Infinity;
    for (let s = 0; s < column.length; s++) largest = Math.max(largest, column[s]!);
    const likelihood = column.map((value) => Math.exp(value - largest));
    return effectiveSize(splitChains({ values: likelihood, chains, draws })) / column.length;
  };
}

function posteriorEfficiency(posterior: Draws): number {
  let sum = 0;
  let count = 0;
  for (const { chains } of posterior.scalars()) {
    sum += ess(chains, { method: "mean", relative: true });
    count++;
  }
  return sum / count;
}

function looWarnings(paretoK: Float64Array, goodK: number): DiagnosticWarning[] {
  const found: DiagnosticWarning[] = [];
  const high = paretoK.reduce((count, k) => count + (k > goodK ? 1 : 0), 0);
  const untested = paretoK.reduce((count, k) => count + (Number.isNaN(k) ? 1 : 0), 0);
  if (high > 0) {
    const message = `Pareto k is above ${goodK.toFixed(2)} for ${high} of ${paretoK.length} observations: leave them out in earnest, or use a likelihood with heavier tails.`;
    found.push({ code: "pareto-k", message, count: high });
  }
  if (untested > 0) {
    const message = `The largest importance ratios of ${untested} observations are equal, so there is no tail to fit; raw weights were used.`;
    found.push({ code: "identical-tail", message, count: untested });
  }
  return found;
}
