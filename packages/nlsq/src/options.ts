/** Options of a least-squares fit, their defaults and their checks. */
import { InvalidArgumentError, nearest } from "@siegert/errors";
import type { Bounds } from "./bounds.ts";
import type { StopSignal } from "./event-loop.ts";
import {
  type FiniteDifferenceOptions,
  type FiniteDifferenceSettings,
  finiteDifferenceSettings,
} from "./finite-difference.ts";
import { type Loss, type LossName, lossOf } from "./loss.ts";

/** 'trf': trust-region reflective, with or without bounds; 'lm': Levenberg–Marquardt, without bounds. */
export type Method = "trf" | "lm";

/** Where the covariance comes from; see `LeastSquaresResult.covariance`. */
export type CovarianceKind = "classical" | "sandwich" | "none";

/** One accepted or rejected round of the solver; round 0 is the start. */
export interface IterationEvent {
  readonly iteration: number;
  /** Evaluations of the cost so far; those inside finite differences are not counted. */
  readonly evaluations: number;
  readonly cost: number;
  /** Decrease of the cost in this iteration; 0 at the start. */
  readonly costReduction: number;
  /** Euclidean length of the step; 0 at the start. */
  readonly stepNorm: number;
  /** First-order optimality as in the result. */
  readonly optimality: number;
  /** The best point so far, full length, a copy. */
  readonly x: Float64Array;
}

/** How a least-squares problem is solved. */
export interface LeastSquaresOptions {
  /** Default 'trf'. */
  readonly method?: Method | undefined;
  readonly bounds?: Bounds | undefined;
  /** Default 'linear', which is plain least squares. */
  readonly loss?: LossName | undefined;
  /** Residual size at which the loss begins to differ from least squares, > 0. Default 1. */
  readonly fScale?: number | undefined;
  /** Stop when the cost changes by less than ftol of itself and the model agrees. Default 1e-8; 0 or null: never. */
  readonly ftol?: number | null | undefined;
  /** Stop when the step is shorter than xtol of x. Default 1e-8; 0 or null: never. */
  readonly xtol?: number | null | undefined;
  /**
   * Stop when the optimality, see the result, is below gtol. It has no units, unlike the gradient that SciPy compares.
   * Default 1e-8; 0 or null: never.
   */
  readonly gtol?: number | null | undefined;
  /** Default: no limit but maxEvaluations. */
  readonly maxIterations?: number | undefined;
  /** Default 200 (n + 1) for n free parameters. */
  readonly maxEvaluations?: number | undefined;
  /** Typical size of each parameter, or 'jac' (default): the inverse of the largest column norm of J seen so far. */
  readonly xScale?: "jac" | ArrayLike<number> | undefined;
  /** How J is differenced when the problem gives none. */
  readonly finiteDifference?: FiniteDifferenceOptions | undefined;
  /** Default 'classical'. */
  readonly covariance?: CovarianceKind | undefined;
  /** True when residuals are already divided by their standard deviations: the covariance is not rescaled by reduced χ². */
  readonly absoluteSigma?: boolean | undefined;
  /** For the sandwich of a residual problem: residuals with the same number are correlated. Length m. */
  readonly clusters?: ArrayLike<number> | undefined;
  /** Names used in messages and warnings. Default x[0], x[1], … */
  readonly parameterNames?: readonly string[] | undefined;
  /** Called at the start and after every iteration. */
  readonly onProgress?: ((event: IterationEvent) => void) | undefined;
  /** When it aborts, the fit stops after the evaluation under way and returns the best point with status 'aborted'. */
  readonly signal?: StopSignal | undefined;
}

/** What the solvers read. */
export interface Settings {
  readonly method: Method;
  readonly loss: Loss;
  readonly ftol: number;
  readonly xtol: number;
  readonly gtol: number;
  readonly maxIterations: number;
  readonly maxEvaluations: number;
  /** Full length, or undefined for 'jac'. */
  readonly xScale: Float64Array | undefined;
  readonly finiteDifference: FiniteDifferenceSettings;
  readonly covariance: CovarianceKind;
  readonly absoluteSigma: boolean;
  readonly clusters: Int32Array | undefined;
}

const DEFAULT_TOLERANCE = 1e-8;

/**
 * Checks the options of a problem with n parameters, `free` of them not fixed, and m residuals.
 *
 * @throws {InvalidArgumentError} naming the option, what it must be and what it was.
 */
export function settingsOf(options: LeastSquaresOptions, n: number, free: number, m: number): Settings {
  refuseUnknown(options);
  return {
    method: choice("method", options.method ?? "trf", ["trf", "lm"]),
    loss: lossOf(options.loss ?? "linear", options.fScale ?? 1),
    ftol: tolerance("ftol", options.ftol),
    xtol: tolerance("xtol", options.xtol),
    gtol: tolerance("gtol", options.gtol),
    maxIterations: limit("maxIterations", options.maxIterations ?? Infinity),
    maxEvaluations: limit("maxEvaluations", options.maxEvaluations ?? 200 * (free + 1)),
    xScale: scaleOf(options.xScale ?? "jac", n),
    finiteDifference: finiteDifferenceSettings(options.finiteDifference, n),
    covariance: choice("covariance", options.covariance ?? "classical", ["classical", "sandwich", "none"]),
    absoluteSigma: options.absoluteSigma ?? false,
    clusters: clustersOf(options.clusters, m),
  };
}

/** The keys of LeastSquaresOptions. */
export const optionNames: readonly (keyof LeastSquaresOptions)[] = [
  "method",
  "bounds",
  "loss",
  "fScale",
  "ftol",
  "xtol",
  "gtol",
  "maxIterations",
  "maxEvaluations",
  "xScale",
  "finiteDifference",
  "covariance",
  "absoluteSigma",
  "clusters",
  "parameterNames",
  "onProgress",
  "signal",
];

/** A misspelt option would otherwise be a silent default. @throws {InvalidArgumentError} naming the nearest key. */
export function refuseUnknown(options: object, known: readonly string[] = optionNames): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const hint = nearest(key, known);
    throw new InvalidArgumentError("options", `have known keys only${hint ? ` (nearest: ${hint})` : ""}`, key);
  }
}

function choice<T extends string>(argument: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === given);
  if (found === undefined) throw new InvalidArgumentError(argument, `be one of ${allowed.join(", ")}`, given);
  return found;
}

function tolerance(argument: string, given: number | null | undefined): number {
  const value = given === undefined ? DEFAULT_TOLERANCE : (given ?? 0);
  if (!(value >= 0 && value < 1))
    throw new InvalidArgumentError(argument, "be in [0, 1), or null to disable it", given);
  return value;
}

function limit(argument: string, value: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= 1)) return value;
  throw new InvalidArgumentError(argument, "be a positive integer or Infinity", value);
}

function scaleOf(given: "jac" | ArrayLike<number>, n: number): Float64Array | undefined {
  if (given === "jac") return undefined;
  if (typeof given === "string")
    throw new InvalidArgumentError("xScale", "be 'jac' or one number per parameter", given);
  const scale = Float64Array.from(given);
  if (scale.length !== n) throw new InvalidArgumentError("xScale", `have one entry per parameter, ${n}`, given);
  const wrong = scale.findIndex((value) => !(value > 0 && value < Infinity));
  if (wrong >= 0) throw new InvalidArgumentError(`xScale[${wrong}]`, "be positive and finite", scale[wrong]);
  return scale;
}

function clustersOf(given: ArrayLike<number> | undefined, m: number): Int32Array | undefined {
  if (given === undefined) return undefined;
  if (given.length !== m) throw new InvalidArgumentError("clusters", `have one entry per residual, ${m}`, given);
  const clusters = Int32Array.from(given);
  const wrong = clusters.findIndex((cluster, i) => cluster !== given[i]);
  if (wrong >= 0) throw new InvalidArgumentError(`clusters[${wrong}]`, "be a 32-bit integer", given[wrong]);
  return clusters;
}

/** The names given, or x[0], x[1], … @throws {InvalidArgumentError} when there is not one per parameter. */
export function namesOf(given: readonly string[] | undefined, n: number): readonly string[] {
  if (given === undefined) return Array.from({ length: n }, (_, j) => `x[${j}]`);
  if (given.length !== n) throw new InvalidArgumentError("parameterNames", `have one entry per parameter, ${n}`, given);
  return given;
}
