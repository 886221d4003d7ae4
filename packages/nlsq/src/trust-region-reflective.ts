/**
 * Trust-region reflective method for nonlinear least squares with box bounds.
 *
 * Sources: Branch, Coleman & Li (1999), A subspace, interior, and conjugate gradient method for large-scale
 * bound-constrained minimization problems, SIAM J. Sci. Comput. 21, 1 (scaling, reflections, θ); the choice between
 * trust-region step, reflected step and scaled gradient, and all constants, as in SciPy's `least_squares`.
 * Without bounds all of it reduces to the trust-region method of Moré (1978).
 */
import { activeBounds, type Box, moveInside } from "./bounds.ts";
import { type LinearModel, scaledSpectrum } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import { optimalityOf } from "./optimality.ts";
import type { Settings } from "./options.ts";
import { chooseStep, type Step } from "./reflective-step.ts";
import {
  evaluateStart,
  isAtMinimum,
  polished,
  type Solver,
  scaleAt,
  statusAfter,
  statusOfBudget,
  updateScale,
} from "./solver.ts";
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
  inverse: Float64Array,
  box: Box,
): readonly [Float64Array, Float64Array] {
  const { distance, derivative } = colemanLi(x, model.gradient, box);
  const d = new Float64Array(x.length);
  const diagonal = new Float64Array(x.length);
  for (let j = 0; j < x.length; j++) {
    const scale = 1 / scaleAt(inverse, j);
    const bounded = derivative[j] !== 0;
    d[j] = Math.sqrt(bounded ? distance[j]! / scale : 1) * scale;
    diagonal[j] = bounded ? model.gradient[j]! * derivative[j]! * scale : 0;
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
  let x = start.slice();
  moveInside(x, box, START_MARGIN);
  let { cost, model } = evaluateStart(objective, x);
  const inverse = new Float64Array(x.length);
  updateScale(inverse, model, settings, indices);
  let radius = firstRadius(x, hatScaling(x, model, inverse, box)[0]);
  let damping = 0;
  let iterations = 0;
  let optimality = optimalityOf(x, model, cost, box);
  let stop = yield { iteration: 0, x, cost, costReduction: 0, stepNorm: 0, optimality };
  for (;;) {
    const budget = stop ? "aborted" : statusOfBudget(objective, iterations, settings);
    const early = settings.gtol > 0 && optimality < settings.gtol ? "gtol" : budget;
    if (early) return { x, cost, model, optimality, status: early, iterations };
    const [d, diagonal] = hatScaling(x, model, inverse, box);
    const spectrum = scaledSpectrum(model, d, diagonal);
    const frame = { x, model, d, diagonal, box, theta: Math.max(0.995, 1 - optimality) };
    let status: ReturnType<typeof statusAfter>;
    let accepted = false;
    let reduction = 0;
    let stepNorm = 0;
    while (!status && !stop && !accepted && objective.evaluations < settings.maxEvaluations) {
      const solution = solveSubproblem(spectrum, radius, {
        initialDamping: damping,
        tolerance: 0.01,
        onBoundary: true,
      });
      const step = chooseStep(frame, solution.step, radius);
      const trial = x.map((value, j) => value + step.move[j]!);
      moveInside(trial, box, 0);
      const trialCost = objective.cost(trial);
      stop = yield undefined;
      let next = trialCost < cost ? objective.linearise(trial) : undefined;
      // A lower cost without a finite Jacobian leads nowhere: rejected like a cost that is not finite.
      const actual = trialCost < cost && !next ? Number.NaN : cost - trialCost;
      const moves = trial.some((value, j) => value !== x[j]);
      const length = norm(step.move);
      const seen = { actual, predicted: step.reduction, cost, stepNorm: length, xNorm: norm(x), moves };
      const here = x;
      status = statusAfter({ ...seen, isAtMinimum: () => isAtMinimum(spectrum, here, d, inverse) }, settings);
      if (status === "precision-limit" && moves) next = polished(objective, trial, { cost, trialCost }, model, d);
      const resized = resize(radius, actual, step);
      damping = (solution.damping * radius) / resized;
      radius = resized;
      if (!next) continue;
      accepted = true;
      if (status === "precision-limit") status = undefined;
      [x, cost, model, reduction, stepNorm] = [trial, trialCost, next, actual, length];
      updateScale(inverse, model, settings, indices);
      optimality = optimalityOf(x, model, cost, box);
    }
    iterations++;
    stop = (yield { iteration: iterations, x, cost, costReduction: reduction, stepNorm, optimality }) || stop;
    if (status) return { x, cost, model, optimality, status, iterations };
  }
}

/** The new radius: a quarter of the step where the model was wrong, twice the old one where it was right at full length. */
function resize(radius: number, actual: number, step: Step): number {
  const length = norm(step.hat);
  const ratio = step.reduction > 0 ? actual / step.reduction : 0;
  if (!(ratio >= 0.25)) return 0.25 * length;
  return ratio > 0.75 && length > 0.95 * radius ? 2 * radius : radius;
}

/** Bounds that a solution touches, within the tolerance of the fit. */
export function activeAtSolution(x: Float64Array, box: Box, settings: Settings): Int8Array {
  return activeBounds(x, box, settings.xtol > 0 ? settings.xtol : Number.EPSILON);
}
