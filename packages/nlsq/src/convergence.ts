/** Telling convergence, the floor of double precision, and being stuck apart. */
import type { Spectrum } from "./jacobi-svd.ts";
import type { LinearModel } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import type { Settings } from "./options.ts";
import type { ParameterScale } from "./scaling.ts";
import type { FitStatus, Point } from "./solver.ts";
import { solveSubproblem } from "./trust-region-subproblem.ts";

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
  if (!moves) return isAtMinimum(view) ? "precision-limit" : "stalled";
  if (!Number.isFinite(actual)) return undefined;
  const agrees = predicted > 0 && actual > 0.25 * predicted;
  const ftolMet = settings.ftol > 0 && agrees && actual < settings.ftol * cost;
  const xtolMet = settings.xtol > 0 && stepNorm < settings.xtol * (settings.xtol + xNorm);
  if (ftolMet && xtolMet) return "both";
  if (ftolMet) return "ftol";
  if (xtolMet) return actual <= 0 && isPromising(view) ? "stalled" : "xtol";
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
  const { step } = solveSubproblem(spectrum, Infinity, { initialDamping: 0, tolerance: 0.1, onBoundary: false });
  const move = step.map((value, j) => value * d[j]!);
  return scale.norm(move) <= AT_MINIMUM * scale.norm(point.x);
}

/** Share of the cost that residuals with noise of their own may seem to promise at their minimum. */
const WORTHWHILE = 1e-3;

/**
 * Whether the model still promises a worthwhile decrease. Steps that had to become short because every longer one
 * failed are convergence only if it does not.
 */
export function isPromising(view: LocalView): boolean {
  return promisedReduction(view.spectrum) > WORTHWHILE * view.point.cost;
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
