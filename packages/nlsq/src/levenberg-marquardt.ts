/**
 * Levenberg–Marquardt in the scaled trust-region form of MINPACK, for unbounded problems.
 *
 * Source: Moré (1978), The Levenberg–Marquardt algorithm: implementation and theory; constants of MINPACK's LMDER
 * (Moré, Garbow & Hillstrom 1980). The subproblem is solved through the singular values of the scaled triangle rather
 * than by Givens rotations, and ‖r‖² is read as twice the cost, which makes the method serve robust losses as well.
 */
import { innerProduct, type LinearModel, scaledSpectrum } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import { optimalityOf } from "./optimality.ts";
import type { Settings } from "./options.ts";
import {
  evaluateStart,
  isAtMinimum,
  polished,
  type Solver,
  type Status,
  scaleAt,
  statusOfBudget,
  updateScale,
} from "./solver.ts";
import { norm, solveSubproblem } from "./trust-region-subproblem.ts";

/**
 * First radius in units of the scaled start. MINPACK's default of 100 lets the first step leave the basin of the
 * solution (NIST's BoxBOD from its first start); 1 solves every NIST problem from both starts.
 */
const FACTOR = 1;
/** Share of the expected decrease that makes a step acceptable. */
const ACCEPT = 1e-4;

/** @param start free parameters. */
export function* levenbergMarquardt(
  objective: Objective,
  start: Float64Array,
  settings: Settings,
  indices: Int32Array,
): Solver {
  let x = start.slice();
  let { cost, model } = evaluateStart(objective, x);
  const inverse = new Float64Array(x.length);
  updateScale(inverse, model, settings, indices);
  const scaledNorm = (a: Float64Array): number => norm(a.map((value, j) => value * scaleAt(inverse, j)));
  let radius = FACTOR * (scaledNorm(x) || 1);
  let damping = 0;
  let iterations = 0;
  let optimality = optimalityOf(x, model, cost);
  let stop = yield { iteration: 0, x, cost, costReduction: 0, stepNorm: 0, optimality };
  let first = true;
  for (;;) {
    const budget = stop ? "aborted" : statusOfBudget(objective, iterations, settings);
    const early = settings.gtol > 0 && optimality <= settings.gtol ? "gtol" : budget;
    if (early) return { x, cost, model, optimality, status: early, iterations };
    const d = inverse.map((_, j) => 1 / scaleAt(inverse, j));
    const spectrum = scaledSpectrum(model, d);
    let status: Status | undefined;
    let accepted = false;
    let reduction = 0;
    let stepNorm = 0;
    while (!status && !stop && !accepted && objective.evaluations < settings.maxEvaluations) {
      const solution = solveSubproblem(spectrum, radius, {
        initialDamping: damping,
        tolerance: 0.1,
        onBoundary: false,
      });
      damping = solution.damping;
      const move = solution.step.map((value, j) => value * d[j]!);
      const length = norm(solution.step);
      if (first) radius = Math.min(radius, length);
      first = false;
      const trial = x.map((value, j) => value + move[j]!);
      const trialCost = objective.cost(trial);
      stop = yield undefined;
      const change = compare(model, move, cost, trialCost);
      const candidate = change.ratio >= ACCEPT ? objective.linearise(trial) : undefined;
      const judged = candidate || change.ratio < ACCEPT ? change : { ...change, actual: -1, ratio: 0 };
      ({ radius, damping } = resize(judged, radius, damping, length));
      status = statusOf(judged, radius, scaledNorm(candidate ? trial : x), settings);
      if (status === "stalled" && isAtMinimum(spectrum, x, d, inverse)) status = "precision-limit";
      const atFloor = status === "precision-limit" && !candidate;
      const next = atFloor ? polished(objective, trial, { cost, trialCost }, model, d) : candidate;
      if (!next) continue;
      accepted = true;
      if (atFloor) status = undefined;
      reduction = cost - trialCost;
      stepNorm = norm(move);
      [x, cost, model] = [trial, trialCost, next];
      updateScale(inverse, model, settings, indices);
      optimality = optimalityOf(x, model, cost);
    }
    iterations++;
    stop = (yield { iteration: iterations, x, cost, costReduction: reduction, stepNorm, optimality }) || stop;
    if (status) return { x, cost, model, optimality, status, iterations };
  }
}

/** Decreases relative to the cost, as MINPACK counts them. */
interface Change {
  /** 1 − new cost / cost, or −1 when the new cost is a hundred times the old or not finite. */
  readonly actual: number;
  readonly predicted: number;
  readonly ratio: number;
  /** gᵀp / (2 cost), negative. */
  readonly slope: number;
}

function compare(model: LinearModel, move: Float64Array, cost: number, trialCost: number): Change {
  if (cost === 0) return { actual: 0, predicted: 0, ratio: 0, slope: 0 };
  let slope = 0;
  for (let j = 0; j < move.length; j++) slope += model.gradient[j]! * move[j]!;
  const predicted = Math.max(0, -(slope + 0.5 * innerProduct(model, move, move)) / cost);
  const actual = trialCost < 100 * cost ? 1 - trialCost / cost : -1;
  return { actual, predicted, ratio: predicted > 0 ? actual / predicted : 0, slope: slope / (2 * cost) };
}

function resize(change: Change, radius: number, damping: number, length: number): { radius: number; damping: number } {
  const { actual, ratio, slope } = change;
  if (ratio <= 0.25) {
    // The minimum of the parabola through both values and the slope, within [0.1, 0.5].
    let factor = actual >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * actual);
    if (actual === -1 || !(factor >= 0.1)) factor = 0.1;
    return { radius: factor * Math.min(radius, length / 0.1), damping: damping / factor };
  }
  if (damping === 0 || ratio >= 0.75) return { radius: 2 * length, damping: 0.5 * damping };
  return { radius, damping };
}

function statusOf(change: Change, radius: number, scaledNorm: number, settings: Settings): Status | undefined {
  const { actual, predicted, ratio } = change;
  const meets = (tolerance: number): boolean => Math.abs(actual) <= tolerance && predicted <= tolerance && ratio <= 2;
  const ftolMet = settings.ftol > 0 && meets(settings.ftol);
  const xtolMet = settings.xtol > 0 && radius <= settings.xtol * scaledNorm;
  if (ftolMet && xtolMet) return "both";
  if (ftolMet) return "ftol";
  if (xtolMet) return "xtol";
  if (predicted <= Number.EPSILON && Math.abs(actual) <= 8 * Number.EPSILON) return "precision-limit";
  return radius <= Number.EPSILON * scaledNorm ? "stalled" : undefined;
}
