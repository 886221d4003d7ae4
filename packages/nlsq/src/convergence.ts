/** Telling convergence, the floor of double precision, and being stuck apart. */
import type { Spectrum } from "./jacobi-svd.ts";
import type { LinearModel } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import type { Settings } from "./options.ts";
import type { ParameterScale } from "./scaling.ts";
import type { FitStatus, Point } from "./solver.ts";
import { norm, solveSubproblem } from "./trust-region-subproblem.ts";

/** The model that an iteration works with: its spectrum in the variables p/d. */
export interface LocalView {
  readonly point: Point;
  readonly d: Float64Array;
  readonly spectrum: Spectrum;
  readonly scale: ParameterScale;
}

/** A trial step, as the tests for the end see it. */
export interface Trial {
  /** Cost before minus cost after; not finite when the trial was not. */
  readonly actual: number;
  /** What the linear model expected of the step. */
  readonly predicted: number;
  readonly stepNorm: number;
  readonly xNorm: number;
  /** Whether x + step differs from x in floating point. */
  readonly moves: boolean;
}

/** Status that a trial step of the trust-region method ends the fit with, if any: SciPy's tests, then the floor. */
export function statusAfter(trial: Trial, view: LocalView, settings: Settings): FitStatus | undefined {
  const { actual, predicted, stepNorm, xNorm, moves } = trial;
  const { cost } = view.point;
  if (!moves) return isAtMinimum(view) || isAtRounding(view) ? "precision-limit" : "stalled";
  if (!Number.isFinite(actual)) return undefined;
  const agrees = predicted > 0 && actual > 0.25 * predicted;
  const ftolMet = settings.ftol > 0 && agrees && actual < settings.ftol * cost;
  const xtolMet = settings.xtol > 0 && stepNorm < settings.xtol * (settings.xtol + xNorm);
  if (ftolMet && xtolMet) return "both";
  if (ftolMet) return "ftol";
  if (xtolMet) return actual > 0 ? "xtol" : statusOfShortStep(view, settings);
  if (actual > 0) return undefined;
  // Nothing is gained, and no more than rounding was expected, not even of a full step.
  return predicted <= FLOOR * cost && isAtMinimum(view) ? "precision-limit" : undefined;
}

/** Decrease, relative to the cost, that rounding hides. */
const FLOOR = 2 * Number.EPSILON;

/**
 * Distance, relative to x, within which the model's minimum counts as reached when no step gains anything. Costs that
 * agree to ε place the minimum to about √ε only, times the condition of the problem.
 */
const AT_MINIMUM = 1e-6;

/**
 * Tells the floor of double precision from a fit that is stuck: is the whole Gauss–Newton step negligible beside x, or
 * the decrease that it promises beside the cost?
 */
export function isAtMinimum(view: LocalView): boolean {
  const { point, d, spectrum, scale } = view;
  if (promisedReduction(spectrum) <= FLOOR * point.cost) return true;
  return scale.norm(fullStep(spectrum, d)) <= AT_MINIMUM * scale.norm(point.x);
}

/** The Gauss–Newton step, whatever its length. */
function fullStep(spectrum: Spectrum, d: Float64Array): Float64Array {
  const { step } = solveSubproblem(spectrum, Infinity, { initialDamping: 0, tolerance: 0.1, onBoundary: false });
  return step.map((value, j) => value * d[j]!);
}

/** Share of the cost that residuals with noise of their own may seem to promise at their minimum. */
const WORTHWHILE = 1e-3;

/**
 * Status of a fit whose steps became shorter than xtol although none of them gained anything. Steps that had to become
 * short because every longer one failed are convergence only if the model promises nothing worthwhile any more, or
 * promises it within xtol of x, or if the residuals are mere rounding: those promise decreases that cannot be had. A
 * wrong Jacobian promises them for a long Gauss–Newton step and from residuals far above rounding.
 */
export function statusOfShortStep(view: LocalView, settings: Settings): FitStatus {
  const { point, d, spectrum } = view;
  if (promisedReduction(spectrum) <= WORTHWHILE * point.cost) return "xtol";
  const step = fullStep(spectrum, d);
  // Entry by entry: beside one large parameter the step of all the others would seem short.
  if (step.every((value, j) => Math.abs(value) <= settings.xtol * Math.abs(point.x[j]!))) return "xtol";
  return isAtRounding(view) ? "precision-limit" : "stalled";
}

/** Rounding errors of an evaluation of the residuals, in units of what rounding x does to them. */
const EVALUATION_ERROR = 16;

/**
 * Whether the residuals are no larger than what the rounding of x alone makes of them: a relative change ε of x_j
 * changes them by ε |x_j| ‖J_j‖. No cost below that means anything, whatever the model promises.
 */
export function isAtRounding({ point }: LocalView): boolean {
  const { x, cost, model } = point;
  const effects = x.map((value, j) => value * model.columnNorms[j]!);
  return Math.sqrt(2 * cost) <= EVALUATION_ERROR * Number.EPSILON * norm(effects);
}

/** Decrease of the cost at the model's own minimum, wherever that is. */
function promisedReduction(spectrum: Spectrum): number {
  let promised = 0;
  for (let i = 0; i < spectrum.projected.length; i++) {
    if (spectrum.values[i]! > 0) promised += 0.5 * spectrum.projected[i]! ** 2;
  }
  return promised;
}

/** How much the scaled gradient must shrink for a step that the cost can no longer judge. */
const POLISH = 0.9;

/**
 * At the floor of double precision two costs can no longer be told apart, but their gradients can: the model at the
 * trial point when its cost is the same to rounding and its gradient, in units d of the parameters, plainly smaller.
 */
export function polished(
  objective: Objective,
  trial: Float64Array,
  trialCost: number,
  view: LocalView,
): LinearModel | undefined {
  const { point, d } = view;
  if (!(Math.abs(trialCost - point.cost) <= 8 * Number.EPSILON * point.cost)) return undefined;
  const next = objective.linearise(trial);
  return next && scaledGradient(next, d) < POLISH * scaledGradient(point.model, d) ? next : undefined;
}

function scaledGradient(model: LinearModel, d: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < d.length; j++) sum += (model.gradient[j]! * d[j]!) ** 2;
  return Math.sqrt(sum);
}
