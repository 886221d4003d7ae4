/** What the two solvers share: the protocol between them and their drivers, and the tests for the end. */
import type { Spectrum } from "./jacobi-svd.ts";
import type { LinearModel } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import type { Settings } from "./options.ts";
import { solveSubproblem } from "./trust-region-subproblem.ts";

/**
 * Why a fit ended. Success: 'gtol', 'ftol', 'xtol', 'both' (ftol and xtol), 'precision-limit' (no tolerance was met
 * but the model itself expects less than rounding). Otherwise: 'stalled' (no shorter step lowers the cost although the
 * model says so), 'max-iterations', 'max-evaluations', 'aborted'.
 */
export type Status =
  | "gtol"
  | "ftol"
  | "xtol"
  | "both"
  | "precision-limit"
  | "stalled"
  | "max-iterations"
  | "max-evaluations"
  | "aborted";

/** One iteration, as the solver reports it; x holds the free parameters and is the solver's own array. */
export interface IterationRecord {
  readonly iteration: number;
  readonly x: Float64Array;
  readonly cost: number;
  readonly costReduction: number;
  readonly stepNorm: number;
  readonly optimality: number;
}

export interface Outcome {
  /** Free parameters. */
  readonly x: Float64Array;
  readonly cost: number;
  /** Linear model at x. */
  readonly model: LinearModel;
  readonly optimality: number;
  readonly status: Status;
  readonly iterations: number;
}

/**
 * A solver yields after every evaluation (undefined) and every iteration (a record); a driver resumes it with true
 * when it is to stop.
 */
export type Solver = Generator<IterationRecord | undefined, Outcome, boolean>;

/** The start of every solver: cost and model at x. @throws {InvalidArgumentError} when they are not finite. */
export function evaluateStart(objective: Objective, x: Float64Array): { cost: number; model: LinearModel } {
  const cost = objective.cost(x);
  const model = Number.isFinite(cost) ? objective.linearise(x) : undefined;
  if (!model) throw objective.firstNonFinite(x);
  return { cost, model };
}

/** A trial step, as the tests for the end see it. */
export interface Trial {
  /** Cost before minus cost after; not finite when the trial was not. */
  readonly actual: number;
  /** What the linear model expected. */
  readonly predicted: number;
  readonly cost: number;
  readonly stepNorm: number;
  readonly xNorm: number;
  /** Whether x + step differs from x in floating point. */
  readonly moves: boolean;
  /** Whether the model places its minimum at x, see {@link isAtMinimum}; asked only when the step does not move. */
  isAtMinimum(): boolean;
}

/** Status that a trial step of the trust-region method ends the fit with, if any (SciPy's tests, then the floor). */
export function statusAfter(trial: Trial, settings: Settings): Status | undefined {
  const { actual, predicted, cost, stepNorm, xNorm, moves } = trial;
  if (!moves) return trial.isAtMinimum() ? "precision-limit" : "stalled";
  if (!Number.isFinite(actual)) return undefined;
  const agrees = predicted > 0 && actual > 0.25 * predicted;
  const ftolMet = settings.ftol > 0 && agrees && actual < settings.ftol * cost;
  const xtolMet = settings.xtol > 0 && stepNorm < settings.xtol * (settings.xtol + xNorm);
  if (ftolMet && xtolMet) return "both";
  if (ftolMet) return "ftol";
  if (xtolMet) return "xtol";
  if (actual > 0) return undefined;
  // The floor of double precision: nothing is gained, and no more than rounding was expected.
  return predicted <= 2 * Number.EPSILON * cost ? "precision-limit" : undefined;
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
  costs: { readonly cost: number; readonly trialCost: number },
  model: LinearModel,
  d: Float64Array,
): LinearModel | undefined {
  if (!(Math.abs(costs.trialCost - costs.cost) <= 8 * Number.EPSILON * costs.cost)) return undefined;
  const next = objective.linearise(trial);
  return next && scaledGradient(next, d) < POLISH * scaledGradient(model, d) ? next : undefined;
}

function scaledGradient(model: LinearModel, d: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < d.length; j++) sum += (model.gradient[j]! * d[j]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * Distance, relative to x, within which the model's minimum counts as reached when no step gains anything. Costs that
 * agree to ε place the minimum to about √ε only, times the condition of the problem.
 */
const AT_MINIMUM = 1e-6;

/** Tells the floor of double precision from a fit that is stuck: is the whole Gauss–Newton step negligible beside x? */
export function isAtMinimum(spectrum: Spectrum, x: Float64Array, d: Float64Array, inverse: Float64Array): boolean {
  const { step } = solveSubproblem(spectrum, Infinity, { initialDamping: 0, tolerance: 0.1, onBoundary: false });
  let moved = 0;
  let size = 0;
  for (let j = 0; j < x.length; j++) {
    moved += (step[j]! * d[j]! * scaleAt(inverse, j)) ** 2;
    size += (x[j]! * scaleAt(inverse, j)) ** 2;
  }
  return moved <= AT_MINIMUM ** 2 * size;
}

/** Status when a budget is used up, if it is. */
export function statusOfBudget(objective: Objective, iterations: number, settings: Settings): Status | undefined {
  if (iterations >= settings.maxIterations) return "max-iterations";
  return objective.evaluations >= settings.maxEvaluations ? "max-evaluations" : undefined;
}

/** Inverse scales for xScale 'jac': the largest norm that each column of J has had; 1 while it is 0. */
export function updateScale(inverse: Float64Array, model: LinearModel, settings: Settings, indices: Int32Array): void {
  for (let j = 0; j < inverse.length; j++) {
    if (settings.xScale) inverse[j] = 1 / settings.xScale[indices[j]!]!;
    else inverse[j] = Math.max(inverse[j]!, model.columnNorms[j]!);
  }
}

/** 1 where the inverse scale is still 0. */
export function scaleAt(inverse: Float64Array, j: number): number {
  return inverse[j]! > 0 ? inverse[j]! : 1;
}
