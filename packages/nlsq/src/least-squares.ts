/** `leastSquares` and `leastSquaresAsync`: one iteration, driven without or with turns of the event loop. */
import { InvalidArgumentError } from "@siegert/errors";
import { type Box, boxOf, checkInside } from "./bounds.ts";
import { nextTurn, nowMs } from "./event-loop.ts";
import { levenbergMarquardt } from "./levenberg-marquardt.ts";
import { NormalEquationsObjective } from "./normal-equations-objective.ts";
import { type FreeParameters, type Objective, scatter } from "./objective.ts";
import { type LeastSquaresOptions, namesOf, type Settings, settingsOf } from "./options.ts";
import { hasNormalEquations, type LeastSquaresProblem } from "./problem.ts";
import { ResidualObjective } from "./residual-objective.ts";
import { type LeastSquaresResult, resultOf } from "./result.ts";
import type { IterationRecord, Solver } from "./solver.ts";
import { trustRegionReflective } from "./trust-region-reflective.ts";

/** Longest time that the asynchronous driver keeps the event loop waiting between two evaluations. */
export const TURN_MS = 50;

interface Fit {
  readonly solver: Solver;
  readonly objective: Objective;
  readonly parameters: FreeParameters;
  readonly freeBox: Box;
  readonly settings: Settings;
  readonly names: readonly string[];
  readonly residualCount: number;
}

/**
 * Minimises ½ scale² Σ ρ((r(x)/scale)²) within bounds.
 *
 * @param problem residuals with or without Jacobian, or normal equations.
 * @param start initial parameters, length n, inside the bounds; not changed.
 * @returns the best point found with its statistics; a fit that ends without converging is a result, not an error.
 * @throws {InvalidArgumentError} for options out of range, a start outside its bounds, residuals or derivatives that
 * are not finite at the start, or residuals so small there (below about 1e-145) that their squares underflow.
 */
export function leastSquares(
  problem: LeastSquaresProblem,
  start: Float64Array | readonly number[],
  options: LeastSquaresOptions = {},
): LeastSquaresResult {
  const fit = prepare(problem, start, options);
  let turn = fit.solver.next(false);
  while (!turn.done) {
    if (turn.value) report(turn.value, fit, options);
    turn = fit.solver.next(options.signal?.aborted ?? false);
  }
  const { objective, parameters, freeBox, settings, residualCount, names } = fit;
  return resultOf(turn.value, objective, parameters, freeBox, settings, residualCount, names);
}

/**
 * As {@link leastSquares}, to the same bits, with a turn of the event loop about every 50 ms, so that an AbortSignal
 * can fire and progress can be drawn.
 */
export async function leastSquaresAsync(
  problem: LeastSquaresProblem,
  start: Float64Array | readonly number[],
  options: LeastSquaresOptions = {},
): Promise<LeastSquaresResult> {
  const fit = prepare(problem, start, options);
  let since = nowMs();
  let turn = fit.solver.next(false);
  while (!turn.done) {
    if (turn.value) report(turn.value, fit, options);
    if (nowMs() - since >= TURN_MS) {
      await nextTurn();
      since = nowMs();
    }
    turn = fit.solver.next(options.signal?.aborted ?? false);
  }
  const { objective, parameters, freeBox, settings, residualCount, names } = fit;
  return resultOf(turn.value, objective, parameters, freeBox, settings, residualCount, names);
}

function report(record: IterationRecord, fit: Fit, options: LeastSquaresOptions): void {
  if (!options.onProgress) return;
  const { iteration, cost, costReduction, stepNorm, optimality } = record;
  const x = scatter(fit.parameters, record.x).slice();
  options.onProgress({
    iteration,
    evaluations: fit.objective.evaluations,
    cost,
    costReduction,
    stepNorm,
    optimality,
    x,
  });
}

function prepare(
  problem: LeastSquaresProblem,
  start: Float64Array | readonly number[],
  options: LeastSquaresOptions,
): Fit {
  const full = Float64Array.from(start);
  const n = full.length;
  if (n === 0) throw new InvalidArgumentError("start", "have at least one parameter", start);
  const residualCount = problem.residualCount;
  if (!Number.isInteger(residualCount) || residualCount < 1) {
    throw new InvalidArgumentError("problem.residualCount", "be a positive integer", residualCount);
  }
  const names = namesOf(options.parameterNames, n);
  const box = boxOf(options.bounds, n, names);
  checkInside("start", full, box, names);
  const indices = Int32Array.from(full.keys()).filter((j) => box.lower[j]! < box.upper[j]!);
  const settings = settingsOf(options, n, indices.length, residualCount);
  const parameters: FreeParameters = { indices, box, full };
  const freeBox = { lower: gather(box.lower, indices), upper: gather(box.upper, indices) };
  checkMethod(settings, freeBox, residualCount, problem);
  const objective = hasNormalEquations(problem)
    ? new NormalEquationsObjective(problem, parameters, settings.loss)
    : new ResidualObjective(problem, parameters, settings.loss, settings.finiteDifference, settings.clusters);
  const free = gather(full, indices);
  const solver =
    settings.method === "lm"
      ? levenbergMarquardt(objective, free, settings, indices)
      : trustRegionReflective(objective, free, freeBox, settings, indices);
  return { solver, objective, parameters, freeBox, settings, names, residualCount };
}

function gather(values: Float64Array, indices: Int32Array): Float64Array {
  return Float64Array.from(indices, (index) => values[index]!);
}

function checkMethod(settings: Settings, freeBox: Box, residualCount: number, problem: LeastSquaresProblem): void {
  if (settings.clusters && hasNormalEquations(problem)) {
    const requirement = "be left out for a normal-equations problem, whose scoreOuterProducts sums its own groups";
    throw new InvalidArgumentError("clusters", requirement, settings.clusters);
  }
  if (settings.method !== "lm") return;
  const isBounded = freeBox.lower.some((value) => value > -Infinity) || freeBox.upper.some((value) => value < Infinity);
  if (isBounded) throw new InvalidArgumentError("method", "be 'trf' when there are bounds", "lm");
  if (residualCount < freeBox.lower.length) {
    const requirement = `be 'trf' when there are fewer residuals (${residualCount}) than free parameters (${freeBox.lower.length})`;
    throw new InvalidArgumentError("method", requirement, "lm");
  }
}
