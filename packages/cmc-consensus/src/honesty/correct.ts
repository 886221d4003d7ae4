/**
 * The consensus against the full posterior, by importance sampling.
 *
 * Points are drawn from a density fitted to the draws of the consensus (see proposal-density.ts) and weighted by the full
 * density over it, with Pareto smoothing (Vehtari et al. 2024, arXiv:1507.02646). The draws of a consensus themselves could not
 * be weighted: their density is unknown but for `weighted-gaussian`. Where k is small the corrected moments are
 * those of the full posterior however wrong the consensus was, and how far it was off is known.
 */
import { paretoKThreshold, psis } from "@siegert/diagnostics";
import { InvalidArgumentError, SiegertError } from "@siegert/errors";
import { type LogDensity, LogDensityError } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import type { Consensus } from "../combine/consensus.ts";
import { proposalDensity } from "./proposal-density.ts";

export interface CorrectOptions {
  /** Evaluations of the full density, at least 100. Default 1000. */
  readonly subset?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Corrected draws to make. Default: as many as evaluations. */
  readonly draws?: number;
}

export interface Correction {
  /**
   * Pareto k of the weights (NaN where the largest are all equal), and the largest at which so many evaluations can be
   * trusted.
   */
  readonly paretoK: number;
  readonly threshold: number;
  /** Whether k is below the threshold and 25 effective points remain: only then is what follows that of the full posterior. */
  readonly isReliable: boolean;
  /** Equal weights that the weights are worth. */
  readonly effectiveSize: number;
  readonly evaluations: number;
  /** Evaluations at which the full density was not finite. */
  readonly rejected: number;
  /** Moments of the full posterior. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
  /** Standard error of the mean. */
  readonly meanError: Float64Array;
  /** Mean of the consensus less that of the full posterior, in standard deviations of the full posterior. */
  readonly shift: Float64Array;
  /** Standard deviation of the consensus over that of the full posterior. */
  readonly sdRatio: Float64Array;
  /** Draws resampled by their weights, row-major (draw, coordinate); heavy ones appear more than once. */
  readonly draws: Float64Array;
}

/** The full density was finite at none, or almost none, of the points that the consensus thinks likely. */
export class CorrectionError extends SiegertError {
  override readonly name: string = "CorrectionError";
}

/**
 * Weighs points from the consensus by the full density.
 * @param full the full posterior on the unconstrained scale, up to a constant.
 * @throws {InvalidArgumentError} for a dimension or options that do not fit.
 * @throws {CorrectionError} when the full density is finite at fewer than 25 points.
 */
export function correct(consensus: Consensus, full: LogDensity, options: CorrectOptions = {}): Correction {
  const { subset = 1000, seed = 0, draws = subset } = options;
  const { dim } = consensus;
  if (full.dim !== dim) throw new InvalidArgumentError("full.dim", `be ${dim}, as that of the consensus`, full.dim);
  const integer = (name: string, value: number, least: number): void => {
    if (!(Number.isSafeInteger(value) && value >= least)) {
      throw new InvalidArgumentError(`options.${name}`, `be an integer of at least ${least}`, value);
    }
  };
  integer("subset", subset, 100);
  integer("draws", draws, 1);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("options.seed", "be a safe integer", seed);
  const proposal = proposalDensity(consensus, seed);
  const random = createRandom(seed, "correct");
  const points = new Float64Array(subset * dim);
  const logRatios = new Float64Array(subset);
  let rejected = 0;
  for (let n = 0; n < subset; n++) {
    const point = points.subarray(n * dim, (n + 1) * dim);
    proposal.draw(random, point);
    const log = finiteOrNothing(full, point);
    if (log === -Infinity) rejected++;
    logRatios[n] = log - proposal.logDensity(point);
  }
  if (subset - rejected < 25) {
    const where = `the full density is finite at ${subset - rejected} of ${subset} points of the consensus`;
    throw new CorrectionError(`${where}: it is no approximation of the full posterior; look at the shards`);
  }
  const { logWeights, paretoK, effectiveSize } = psis(logRatios);
  const threshold = paretoKThreshold(subset);
  const weights = logWeights.map(Math.exp);
  return {
    paretoK,
    threshold,
    // k is NaN where the largest weights are all equal, which is as good as it gets.
    isReliable: !(paretoK >= threshold) && effectiveSize >= 25,
    effectiveSize,
    evaluations: subset,
    rejected,
    ...weightedMoments(points, weights, consensus),
    draws: resample(points, weights, dim, draws, seed),
  };
}

/** The density, −∞ where it is not a finite number or says that it cannot be evaluated. */
function finiteOrNothing(full: LogDensity, point: Float64Array): number {
  try {
    const log = full.logDensity(point);
    return Number.isFinite(log) ? log : -Infinity;
  } catch (error) {
    if (error instanceof LogDensityError && error.isRecoverable) return -Infinity;
    throw error;
  }
}

function weightedMoments(
  points: Float64Array,
  weights: Float64Array,
  consensus: Consensus,
): Pick<Correction, "mean" | "sd" | "covariance" | "meanError" | "shift" | "sdRatio"> {
  const { dim } = consensus;
  // Relative to the consensus, so that large offsets do not eat digits.
  const u = new Float64Array(dim);
  const mean = new Float64Array(dim);
  weights.forEach((w, n) => {
    for (let i = 0; i < dim; i++) mean[i]! += w * (points[n * dim + i]! - consensus.mean[i]!);
  });
  const covariance = new Float64Array(dim * dim);
  const errors = new Float64Array(dim);
  weights.forEach((w, n) => {
    for (let i = 0; i < dim; i++) {
      u[i] = points[n * dim + i]! - consensus.mean[i]! - mean[i]!;
      errors[i]! += (w * u[i]!) ** 2;
      for (let j = 0; j <= i; j++) covariance[i * dim + j]! += w * u[i]! * u[j]!;
    }
  });
  for (let i = 0; i < dim; i++) for (let j = 0; j < i; j++) covariance[j * dim + i] = covariance[i * dim + j]!;
  const sd = mean.map((_, i) => Math.sqrt(covariance[i * dim + i]!));
  return {
    mean: mean.map((x, i) => x + consensus.mean[i]!),
    sd,
    covariance,
    meanError: errors.map(Math.sqrt),
    shift: mean.map((x, i) => -x / sd[i]!),
    sdRatio: sd.map((x, i) => Math.sqrt(consensus.covariance[i * dim + i]!) / x),
  };
}

/** Systematic resampling: a point of weight w appears w times the number of draws, up to one. */
function resample(points: Float64Array, weights: Float64Array, dim: number, draws: number, seed: number): Float64Array {
  const random = createRandom(seed, "resample");
  const order = random.permutation(draws);
  const out = new Float64Array(draws * dim);
  const offset = random.uniform();
  let n = 0;
  let cumulative = weights[0]!;
  for (let k = 0; k < draws; k++) {
    while (n < weights.length - 1 && (k + offset) / draws > cumulative) cumulative += weights[++n]!;
    out.set(points.subarray(n * dim, (n + 1) * dim), order[k]! * dim);
  }
  return out;
}
