/**
 * Trust-region reflective method for nonlinear least squares with box bounds.
 *
 * Sources: Branch, Coleman & Li (1999), A subspace, interior, and conjugate gradient method for large-scale
 * bound-constrained minimization problems, SIAM J. Sci. Comput. 21, 1 (scaling, reflections, θ); the choice between
 * trust-region step, reflected step and scaled gradient, and all constants, as in SciPy's `least_squares`.
 * Without bounds all of it reduces to the trust-region method of Moré (1978).
 */
import { activeBounds, type Box, moveInside } from "./bounds.ts";
import { type LocalView, polished, statusAfter } from "./convergence.ts";
import { type LinearModel, scaledSpectrum } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import { optimalityOf } from "./optimality.ts";
import type { Settings } from "./options.ts";
import { chooseStep, type Step } from "./reflective-step.ts";
import { ParameterScale } from "./scaling.ts";
import { evaluateStart, iterate, type Point, type Round, type Solver } from "./solver.ts";
import { norm, solveSubproblem } from "./trust-region-subproblem.ts";

/** Distance from a bound, relative to it, that a start on the bound is moved inside. */
const START_MARGIN = 1e-10;

/** Coleman–Li scaling: squared distance to the bound that −gradient points at, and its derivative. */
interface ColemanLi {
  readonly distance: Float64Array;
  readonly derivative: Float64Array;
}

function colemanLi(x: Float64Array, gradient: Float64Array, box: Box): ColemanLi {
  const distance = new Float64Array(x.length).fill(1);
  const derivative = new Float64Array(x.length);
  for (let j = 0; j < x.length; j++) {
    if (gradient[j]! < 0 && box.upper[j]! < Infinity) {
      distance[j] = box.upper[j]! - x[j]!;
      derivative[j] = -1;
    } else if (gradient[j]! > 0 && box.lower[j]! > -Infinity) {
      distance[j] = x[j]! - box.lower[j]!;
      derivative[j] = 1;
    }
  }
  return { distance, derivative };
}

/** d = √v · scale and the diagonal that the bounds add to the model in the variables p/d. */
function hatScaling(
  x: Float64Array,
  model: LinearModel,
  scale: ParameterScale,
  box: Box,
): readonly [Float64Array, Float64Array] {
  const { distance, derivative } = colemanLi(x, model.gradient, box);
  const d = new Float64Array(x.length);
  const diagonal = new Float64Array(x.length);
  for (let j = 0; j < x.length; j++) {
    const inverse = scale.inverseAt(j);
    const isBounded = derivative[j] !== 0;
    d[j] = Math.sqrt(isBounded ? distance[j]! * inverse : 1) / inverse;
    diagonal[j] = isBounded ? (model.gradient[j]! * derivative[j]!) / inverse : 0;
  }
  return [d, diagonal];
}

/** First radius: the length of the start in the scaled variables. */
function firstRadius(x: Float64Array, d: Float64Array): number {
  return norm(x.map((value, j) => value / d[j]!)) || 1;
}

/** @param start free parameters; a start on a bound is moved inside. */
export function* trustRegionReflective(
  objective: Objective,
  start: Float64Array,
  box: Box,
  settings: Settings,
  indices: Int32Array,
): Solver {
  const x = start.slice();
  moveInside(x, box, START_MARGIN);
  const first = evaluateStart(objective, x, box);
  const scale = new ParameterScale(settings, indices);
  scale.update(first.model);
  const region: Region = { radius: firstRadius(x, hatScaling(x, first.model, scale, box)[0]), damping: 0 };
  return yield* iterate(first, objective, settings, (point) =>
    searchStep(point, { objective, box, settings, scale, region }),
  );
}

/** What the steps hand on to each other. */
interface Region {
  radius: number;
  damping: number;
}

interface Search {
  readonly objective: Objective;
  readonly box: Box;
  readonly settings: Settings;
  readonly scale: ParameterScale;
  readonly region: Region;
}

/** One iteration: shrinks the region until a step lowers the cost. */
function* searchStep(point: Point, search: Search): Generator<undefined, Round, boolean> {
  const { objective, box, settings, scale, region } = search;
  const { x, cost, model } = point;
  const [d, diagonal] = hatScaling(x, model, scale, box);
  const view: LocalView = { point, d, scale, spectrum: scaledSpectrum(model, d, diagonal) };
  const frame = { x, model, d, diagonal, box, theta: Math.max(0.995, 1 - point.optimality) };
  const xNorm = norm(x);
  let stop = false;
  while (!stop && objective.evaluations < settings.maxEvaluations) {
    const options = { initialDamping: region.damping, tolerance: 0.01, onBoundary: true };
    const solution = solveSubproblem(view.spectrum, region.radius, options);
    const step = chooseStep(frame, solution.step, region.radius);
    const trial = x.map((value, j) => value + step.move[j]!);
    moveInside(trial, box, 0);
    const trialCost = objective.cost(trial);
    stop = yield undefined;
    let next = trialCost < cost ? objective.linearise(trial) : undefined;
    // A lower cost without a finite Jacobian leads nowhere: rejected like a cost that is not finite.
    const actual = trialCost < cost && !next ? Number.NaN : cost - trialCost;
    const moves = trial.some((value, j) => value !== x[j]);
    const stepNorm = norm(step.move);
    let status = statusAfter({ actual, predicted: step.reduction, stepNorm, xNorm, moves }, view, settings);
    resize(region, solution.damping, actual, step);
    if (status === "precision-limit" && moves) {
      next = polished(objective, trial, trialCost, view);
      if (next) status = undefined;
    }
    if (next) {
      scale.update(next);
      const optimality = optimalityOf(trial, next, trialCost, box);
      return { point: { x: trial, cost: trialCost, model: next, optimality }, stepNorm, status, stop };
    }
    if (status) return { stepNorm: 0, status, stop };
  }
  return { stepNorm: 0, stop };
}

/** A quarter of the step where the model was wrong, twice the old radius where it was right at full length. */
function resize(region: Region, damping: number, actual: number, step: Step): void {
  const length = norm(step.hat);
  const ratio = step.reduction > 0 ? actual / step.reduction : 0;
  const old = region.radius;
  if (!(ratio >= 0.25)) region.radius = 0.25 * length;
  else if (ratio > 0.75 && length > 0.95 * old) region.radius = 2 * old;
  region.damping = (damping * old) / region.radius;
}

/** Bounds that a solution touches, within the tolerance of the fit. */
export function activeAtSolution(x: Float64Array, box: Box, settings: Settings): Int8Array {
  return activeBounds(x, box, settings.xtol > 0 ? settings.xtol : Number.EPSILON);
}
