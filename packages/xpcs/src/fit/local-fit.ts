import { type LeastSquaresResult, leastSquaresAsync } from "@siegert/nlsq";
import type { Model } from "@siegert/physics-core";
import type { Meshgrid } from "@siegert/physics-meshgrid";
import { type Coordinates, type ParameterBox, plainCoordinates, referenceTimeCoordinates } from "./coordinates.ts";
import type { FitOptions } from "./fit-options.ts";
import { FitProblem } from "./fit-problem.ts";
import { projectScaling, type ScalingBasis, type ScalingBounds } from "./scaling-basis.ts";

/** What every local fit of one search shares. */
export interface FitSetting {
  readonly model: Model;
  readonly times: Float64Array;
  readonly meshgrid: Meshgrid;
  readonly box: ParameterBox;
  readonly basis: ScalingBasis;
  readonly bounds: ScalingBounds;
  /** Loss threshold in units of the data. */
  readonly fScale: number;
  readonly options: FitOptions;
}

/** A point from which a fit can go on: the full vector and the scaling coefficients that made it. */
export interface FitPoint {
  readonly vector: Float64Array;
  readonly coefficients: Float64Array;
}

/** How far a local fit goes. */
export interface LocalFitOptions {
  readonly isFinal: boolean;
  readonly onIteration?: (iteration: number, evaluations: number, cost: number) => void;
}

/** A local fit and where it ended. */
export interface LocalFit extends FitPoint {
  readonly result: LeastSquaresResult;
  readonly problem: FitProblem;
  /** By how much the last iterations lowered the cost; Infinity when there were too few to tell. */
  readonly lateDecrease: number;
  /** Of both stages. */
  readonly iterations: number;
  readonly evaluations: number;
}

/**
 * A starting point with the scaling that suits its physics best: contrast and offset are linear given the physics, so
 * they come from a regression of the data on the model instead of from guesses.
 */
export function pointAt(setting: FitSetting, physical: Float64Array): FitPoint {
  const { meshgrid, basis, bounds } = setting;
  const vector = new Float64Array(meshgrid.parameterCount);
  vector.set(physical);
  const scaling = vector.subarray(physical.length);
  for (let k = 0; k < meshgrid.angles; k++) {
    const { contrast, offset } = meshgrid.linearScaling(vector, k);
    scaling[2 * k] = within(contrast, bounds.contrast);
    scaling[2 * k + 1] = within(offset, bounds.offset);
  }
  const coefficients = projectScaling(basis, scaling);
  const problem = new FitProblem(meshgrid, plainCoordinates(setting.box), basis);
  const z = new Float64Array(problem.dim);
  z.set(Float64Array.from(setting.box.free, (k) => physical[k]!));
  z.set(coefficients, setting.box.free.length);
  return { vector: problem.expand(z).slice(), coefficients };
}

function within(value: number, [lower, upper]: readonly [number, number]): number {
  // A flat model leaves the contrast undetermined; half of its range is as good a start as any.
  if (!Number.isFinite(value)) return 0.5 * (lower + upper);
  const margin = 1e-3 * (upper - lower);
  return Math.min(Math.max(value, lower + margin), upper - margin);
}

/** Iterations over which `lateDecrease` is taken. */
const LATE_ITERATIONS = 50;

/**
 * Fits from a point, first in reference-time coordinates, where the power laws' valleys are straight, then in the
 * parameters themselves, where their bounds hold.
 */
export async function fitFrom(setting: FitSetting, start: FitPoint, options: LocalFitOptions): Promise<LocalFit> {
  const { model, times, meshgrid, box, basis } = setting;
  const curved = new FitProblem(meshgrid, referenceTimeCoordinates(model, box, times), basis);
  const plain = new FitProblem(meshgrid, plainCoordinates(box), basis);
  let point = start;
  let iterations = 0;
  let evaluations = 0;
  let costs: number[] = [];
  const run = async (problem: FitProblem, coordinates: Coordinates, tolerance: number, limit: number) => {
    costs = [];
    const result = await solve(setting, problem, coordinates, point, tolerance, limit, (iteration, count, cost) => {
      costs.push(cost);
      options.onIteration?.(iterations + iteration, evaluations + count, cost);
    });
    iterations += result.iterations;
    evaluations += result.evaluations;
    point = clipped(setting, problem.expand(result.x), result.x.slice(coordinates.dim));
    return result;
  };
  const limit = setting.options.maxIterations ?? 500;
  const coarse = options.isFinal ? 1e-6 : 1e-4;
  await run(curved, referenceTimeCoordinates(model, box, times), coarse, options.isFinal ? limit : Math.min(limit, 60));
  const result = await run(plain, plainCoordinates(box), options.isFinal ? 0 : coarse, limit);
  const lateDecrease = (costs.at(-1 - LATE_ITERATIONS) ?? Infinity) - result.cost;
  return { ...point, result, problem: plain, lateDecrease, iterations, evaluations };
}

function clipped({ box, model }: FitSetting, vector: Float64Array, coefficients: Float64Array): FitPoint {
  const inside = vector.slice();
  for (let k = 0; k < model.parameters.length; k++) {
    if (box.free.includes(k)) inside[k] = Math.min(Math.max(inside[k]!, box.lower[k]!), box.upper[k]!);
  }
  return { vector: inside, coefficients };
}

/** Tolerance 0 asks for the final tolerances of the options. */
function solve(
  setting: FitSetting,
  problem: FitProblem,
  coordinates: Coordinates,
  point: FitPoint,
  tolerance: number,
  maxIterations: number,
  onIteration: (iteration: number, evaluations: number, cost: number) => void,
): Promise<LeastSquaresResult> {
  const { basis, box, fScale, model, options } = setting;
  const z = new Float64Array(problem.dim);
  coordinates.fromParameters(point.vector, z);
  z.set(point.coefficients, coordinates.dim);
  const lower = Float64Array.of(...coordinates.lower, ...basis.lower);
  const upper = Float64Array.of(...coordinates.upper, ...basis.upper);
  for (let k = 0; k < z.length; k++) z[k] = Math.min(Math.max(z[k]!, lower[k]!), upper[k]!);
  const final = { ftol: 1e-10, xtol: 1e-10, gtol: 1e-10, ...options.tolerance };
  const { ftol, xtol, gtol } = tolerance > 0 ? { ftol: tolerance, xtol: tolerance, gtol: tolerance } : final;
  return leastSquaresAsync(problem, z, {
    bounds: { lower, upper },
    loss: options.loss ?? "linear",
    fScale,
    ftol,
    xtol,
    gtol,
    maxIterations,
    covariance: "classical",
    parameterNames: [...box.free.map((k) => model.parameters[k]!.name), ...basis.names],
    onProgress: ({ iteration, evaluations, cost }) => onIteration(iteration, evaluations, cost),
    signal: options.signal,
  });
}
