/**
 * Levenberg–Marquardt in the scaled trust-region form of MINPACK, for unbounded problems.
 *
 * Source: Moré (1978), The Levenberg–Marquardt algorithm: implementation and theory; constants of MINPACK's LMDER
 * (Moré, Garbow & Hillstrom 1980). The subproblem is solved through the singular values of the scaled triangle rather
 * than by Givens rotations, and ‖r‖² is read as twice the cost, which makes the method serve robust losses as well.
 */
import { isAtMinimum, isAtRounding, type LocalView, polished, statusOfShortStep } from "./convergence.ts";
import { innerProduct, type LinearModel, scaledSpectrum } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import { optimalityOf } from "./optimality.ts";
import type { Settings } from "./options.ts";
import { ParameterScale } from "./scaling.ts";
import { evaluateStart, type FitStatus, iterate, type Point, type Round, type Solver } from "./solver.ts";
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
  const first = evaluateStart(objective, start.slice());
  const scale = new ParameterScale(settings, indices);
  scale.update(first.model);
  const region: Region = { radius: FACTOR * (scale.norm(first.x) || 1), damping: 0, isFresh: true };
  return yield* iterate(first, objective, settings, (point) =>
    searchStep(point, { objective, settings, scale, region }),
  );
}

/** What the steps hand on to each other. */
interface Region {
  radius: number;
  damping: number;
  /** Whether no step was made yet: the first one sets the radius. */
  isFresh: boolean;
}

interface Search {
  readonly objective: Objective;
  readonly settings: Settings;
  readonly scale: ParameterScale;
  readonly region: Region;
}

/** One iteration: shrinks the region until a step lowers the cost by its share of what the model expects. */
function* searchStep(point: Point, search: Search): Generator<undefined, Round, boolean> {
  const { objective, settings, scale, region } = search;
  const { x, cost, model } = point;
  const d = x.map((_, j) => 1 / scale.inverseAt(j));
  const view: LocalView = { point, d, scale, spectrum: scaledSpectrum(model, d) };
  let stop = false;
  while (!stop && objective.evaluations < settings.maxEvaluations) {
    const options = { initialDamping: region.damping, tolerance: 0.1, onBoundary: false };
    const solution = solveSubproblem(view.spectrum, region.radius, options);
    const move = solution.step.map((value, j) => value * d[j]!);
    const length = norm(solution.step);
    if (region.isFresh) region.radius = Math.min(region.radius, length);
    region.isFresh = false;
    const trial = x.map((value, j) => value + move[j]!);
    const trialCost = objective.cost(trial);
    stop = yield undefined;
    let change = compare(model, move, cost, trialCost);
    let next = change.ratio >= ACCEPT ? objective.linearise(trial) : undefined;
    if (!next && change.ratio >= ACCEPT) change = { ...change, actual: -1, ratio: 0 };
    resize(region, change, solution.damping, length);
    let status = statusOf(change, region.radius, scale.norm(next ? trial : x), next !== undefined, view, settings);
    if (status === "precision-limit" && !next) {
      next = polished(objective, trial, trialCost, view);
      if (next) status = undefined;
    }
    if (next) {
      scale.update(next);
      const optimality = optimalityOf(trial, next, trialCost);
      return { point: { x: trial, cost: trialCost, model: next, optimality }, stepNorm: norm(move), status, stop };
    }
    if (status) return { stepNorm: 0, status, stop };
  }
  return { stepNorm: 0, stop };
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

function resize(region: Region, change: Change, damping: number, length: number): void {
  const { actual, ratio, slope } = change;
  region.damping = damping;
  if (ratio <= 0.25) {
    // The minimum of the parabola through both values and the slope, within [0.1, 0.5].
    let factor = actual >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * actual);
    if (actual === -1 || !(factor >= 0.1)) factor = 0.1;
    region.radius = factor * Math.min(region.radius, length / 0.1);
    region.damping = damping / factor;
  } else if (damping === 0 || ratio >= 0.75) {
    region.radius = 2 * length;
    region.damping = 0.5 * damping;
  }
}

/** MINPACK's tests for the end, with a short radius taken for convergence only where the model agrees. */
function statusOf(
  change: Change,
  radius: number,
  xNorm: number,
  isAccepted: boolean,
  view: LocalView,
  settings: Settings,
): FitStatus | undefined {
  const { actual, predicted, ratio } = change;
  const isSmall = Math.abs(actual) <= settings.ftol && predicted <= settings.ftol && ratio <= 2;
  const ftolMet = settings.ftol > 0 && isSmall;
  const xtolMet = settings.xtol > 0 && radius <= settings.xtol * xNorm;
  if (ftolMet && xtolMet) return "both";
  if (ftolMet) return "ftol";
  if (xtolMet) return isAccepted ? "xtol" : statusOfShortStep(view, settings);
  const isAtFloor = predicted <= Number.EPSILON && Math.abs(actual) <= 8 * Number.EPSILON;
  if (isAtFloor && isAtMinimum(view)) return "precision-limit";
  if (radius > Number.EPSILON * xNorm) return undefined;
  return isAtMinimum(view) || isAtRounding(view) ? "precision-limit" : "stalled";
}
