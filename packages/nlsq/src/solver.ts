/** What the two solvers share: the protocol between them and their drivers, and the loop around their iterations. */
import { InvalidArgumentError } from "@siegert/errors";
import type { Box } from "./bounds.ts";
import type { LinearModel } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import { optimalityOf } from "./optimality.ts";
import type { Settings } from "./options.ts";

/**
 * Why a fit ended. Success: 'gtol', 'ftol', 'xtol', 'both' (ftol and xtol), 'precision-limit' (no tolerance was met
 * but the model itself expects less than rounding, or the residuals are rounding). Otherwise: 'stalled' (no shorter step lowers the cost although the
 * model says so), 'max-iterations', 'max-evaluations', 'aborted'.
 */
export type FitStatus =
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

/** A point that a solver stands at. */
export interface Point {
  /** Free parameters. */
  readonly x: Float64Array;
  readonly cost: number;
  /** Linear model at x. */
  readonly model: LinearModel;
  readonly optimality: number;
}

export interface Outcome extends Point {
  readonly status: FitStatus;
  readonly iterations: number;
}

/**
 * A solver yields after every evaluation (undefined) and every iteration (a record); a driver resumes it with true
 * when it is to stop.
 */
export type Solver = Generator<IterationRecord | undefined, Outcome, boolean>;

/** What one iteration came to. */
export interface Round {
  /** The point that it moved to, if it did. */
  readonly point?: Point | undefined;
  /** Euclidean length of the step taken; 0 without one. */
  readonly stepNorm: number;
  /** Set when the fit ends here. */
  readonly status?: FitStatus | undefined;
  /** Whether the driver asked to stop. */
  readonly stop: boolean;
}

/**
 * Smallest cost above 0 that a fit can start from. Lowered to the square of ε times itself it is still above the
 * smallest double; below it, costs lose their digits or underflow to 0, which would pass for a perfect fit.
 */
const SMALLEST_COST = 1e-290;

/**
 * Cost and model at a start.
 *
 * @throws {NonFiniteStartError} when they are not finite.
 * @throws {InvalidArgumentError} when the residuals are not all 0 but so small that their squares underflow.
 */
export function evaluateStart(objective: Objective, x: Float64Array, box?: Box): Point {
  const cost = objective.cost(x);
  const model = Number.isFinite(cost) ? objective.linearise(x) : undefined;
  if (!model) throw objective.firstNonFinite(x);
  if (cost < SMALLEST_COST && !objective.isExact()) {
    const requirement = `not underflow: squares of residuals this small have no digits below ${SMALLEST_COST}; multiply the residuals, and fScale with them, by a power of ten`;
    throw new InvalidArgumentError("cost(start)", requirement, cost);
  }
  return { x, cost, model, optimality: optimalityOf(x, model, cost, box) };
}

/** Runs the iterations of a solver from its start until one of them, the budget or the driver ends the fit. */
export function* iterate(
  start: Point,
  objective: Objective,
  settings: Settings,
  round: (point: Point) => Generator<undefined, Round, boolean>,
): Solver {
  let point = start;
  let iterations = 0;
  let stop = yield { ...start, iteration: 0, costReduction: 0, stepNorm: 0 };
  for (;;) {
    const budget = stop ? "aborted" : statusOfBudget(objective, iterations, settings);
    const early = settings.gtol > 0 && point.optimality <= settings.gtol ? "gtol" : budget;
    if (early) return { ...point, status: early, iterations };
    const result = yield* round(point);
    const costReduction = result.point ? point.cost - result.point.cost : 0;
    point = result.point ?? point;
    iterations++;
    const isAsked = yield { ...point, iteration: iterations, costReduction, stepNorm: result.stepNorm };
    stop = result.stop || isAsked;
    if (result.status) return { ...point, status: result.status, iterations };
  }
}

/** Status when a budget is used up, if it is. */
function statusOfBudget(objective: Objective, iterations: number, settings: Settings): FitStatus | undefined {
  if (iterations >= settings.maxIterations) return "max-iterations";
  return objective.evaluations >= settings.maxEvaluations ? "max-evaluations" : undefined;
}
