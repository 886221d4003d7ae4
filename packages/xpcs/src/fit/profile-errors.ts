import { leastSquaresAsync } from "@siegert/nlsq";
import { plainCoordinates } from "./coordinates.ts";
import { FitProblem } from "./fit-problem.ts";
import { followLaw, lawsOf } from "./law.ts";
import type { FitPoint, FitSetting } from "./local-fit.ts";

/** How far χ² lets a parameter go, against what the linear standard error says. */
export interface ProfileRatio {
  /** Half-widths of the interval in which χ² stays within 1 of its minimum, over the linear standard error. */
  readonly below: number;
  readonly above: number;
  /** Whether a bound is reached on that side before χ² has risen by 1. */
  readonly isOpenBelow: boolean;
  readonly isOpenAbove: boolean;
}

/** One side of a profile. */
interface Side {
  readonly width: number;
  readonly isOpen: boolean;
}

/** Δχ² one linear standard error out, along the valley, beyond which it is not the straight one that linear errors assume. */
const [LEAST, MOST] = [0.4, 3];
const PROBE = 1;
/** Points tried per side of a profile. */
const TRIES = 7;

interface Optimum {
  readonly z: Float64Array;
  readonly cost: number;
  readonly covariance: Float64Array;
  /** s², residual variance. */
  readonly variance: number;
}

/**
 * Profiles the parameters whose valley is curved: amplitude, exponent and offset of a power law determine each other along a
 * bent sheet, on which linear standard errors can be several times too small. Straight ones are left out.
 *
 * @param setting data to profile on: those of the fit, or coarse ones without noise that have the same optimum.
 * @param start the best fit.
 * @param variance of the residuals; that of the data themselves when not given.
 * @returns by index of the physical parameter.
 */
export async function profileRatios(
  setting: FitSetting,
  start: FitPoint,
  variance?: number,
): Promise<Map<number, ProfileRatio>> {
  const ratios = new Map<number, ProfileRatio>();
  const { box } = setting;
  const best = await optimum(setting, start, variance);
  if (best === undefined) return ratios;
  for (const [c, index] of box.free.entries()) {
    if (setting.options.signal?.aborted) break;
    const error = Math.sqrt(best.covariance[c * best.z.length + c]!);
    if (!(error > 0 && error < Infinity) || !isCurved(setting, best, c, error)) continue;
    const below = await halfWidth(setting, best, c, index, -error);
    const above = await halfWidth(setting, best, c, index, error);
    const widths = { below: below.width / error, above: above.width / error };
    ratios.set(index, { ...widths, isOpenBelow: below.isOpen, isOpenAbove: above.isOpen });
  }
  return ratios;
}

async function optimum(setting: FitSetting, start: FitPoint, given: number | undefined): Promise<Optimum | undefined> {
  const result = await solve(setting, start.vector, start.coefficients);
  if (!result.success || result.covariance === undefined || !(result.degreesOfFreedom > 0)) return undefined;
  const variance = given ?? (2 * result.cost) / result.degreesOfFreedom;
  const covariance = result.covariance.map((value) => value * variance);
  return variance > 0 ? { z: result.x, cost: result.cost, covariance, variance } : undefined;
}

function solve(
  { meshgrid, box, basis, fScale, options }: FitSetting,
  vector: Float64Array,
  coefficients: Float64Array,
) {
  const coordinates = plainCoordinates(box);
  const problem = new FitProblem(meshgrid, coordinates, basis);
  const z = new Float64Array(problem.dim);
  coordinates.fromParameters(vector, z);
  z.set(coefficients, coordinates.dim);
  const lower = Float64Array.of(...coordinates.lower, ...basis.lower);
  const upper = Float64Array.of(...coordinates.upper, ...basis.upper);
  for (let k = 0; k < z.length; k++) z[k] = Math.min(Math.max(z[k]!, lower[k]!), upper[k]!);
  const loss = options.loss ?? "linear";
  const tolerance = { ftol: 1e-7, xtol: 1e-7, gtol: 1e-7 };
  return leastSquaresAsync(problem, z, {
    bounds: { lower, upper },
    loss,
    fScale,
    ...tolerance,
    absoluteSigma: true,
    maxIterations: 60,
    signal: options.signal,
  });
}

/** Whether one linear standard error along the valley's direction, either way, costs much else than 1 in χ². */
function isCurved(
  { meshgrid, box, basis, fScale, options }: FitSetting,
  best: Optimum,
  column: number,
  error: number,
): boolean {
  const coordinates = plainCoordinates(box);
  const problem = new FitProblem(meshgrid, coordinates, basis);
  const n = best.z.length;
  return [-PROBE, PROBE].some((side) => {
    const moved = best.z.map((value, k) => {
      const to = value + (side * best.covariance[k * n + column]!) / error;
      return k < coordinates.dim ? Math.min(Math.max(to, coordinates.lower[k]!), coordinates.upper[k]!) : to;
    });
    const rise =
      (2 * (problem.cost(moved, { name: options.loss ?? "linear", scale: fScale }) - best.cost)) / best.variance;
    return !(rise > LEAST * PROBE ** 2 && rise < MOST * PROBE ** 2);
  });
}

/**
 * Distance at which the profile of χ² has risen by 1: the parameter is held at trial values and everything else fitted
 * anew. A bound ends the search.
 *
 * @param step first trial, signed.
 */
async function halfWidth(
  setting: FitSetting,
  best: Optimum,
  column: number,
  index: number,
  step: number,
): Promise<Side> {
  const { box, model } = setting;
  const centre = best.z[column]!;
  const room = step > 0 ? box.upper[index]! - centre : centre - box.lower[index]!;
  const held: FitSetting = {
    ...setting,
    box: { ...box, free: box.free.filter((k) => k !== index), values: box.values.slice() },
  };
  const full = new FitProblem(setting.meshgrid, plainCoordinates(box), setting.basis);
  let vector = full.expand(best.z).slice(0, setting.meshgrid.parameterCount);
  let coefficients = best.z.slice(box.free.length);
  const law = lawsOf(model, vector, setting.times).find(({ parameters }) => parameters.includes(index));
  let [inside, outside] = [0, Infinity];
  let [riseInside, riseOutside] = [0, Infinity];
  let distance = Math.min(Math.abs(step), room);
  for (let k = 0; k < TRIES && distance > 0; k++) {
    held.box.values.set(vector.subarray(0, model.parameters.length));
    held.box.values[index] = centre + Math.sign(step) * distance;
    const from = vector.slice();
    const to = held.box.values[index]!;
    if (law) followLaw(law, from, index, to);
    else from[index] = to;
    const result = await solve(held, from, coefficients);
    const rise = (2 * (result.cost - best.cost)) / best.variance;
    if (rise < 1) {
      [inside, riseInside] = [distance, Math.max(rise, riseInside)];
      const problem = new FitProblem(setting.meshgrid, plainCoordinates(held.box), setting.basis);
      vector = problem.expand(result.x).slice();
      coefficients = result.x.slice(held.box.free.length);
      if (distance >= room) return { width: room, isOpen: true };
    } else [outside, riseOutside] = [distance, rise];
    if (Math.abs(Math.sqrt(Math.max(rise, 0)) - 1) < 0.05) return { width: distance, isOpen: false };
    distance = Math.min(nextDistance(inside, riseInside, outside, riseOutside), room);
  }
  return { width: inside > 0 ? inside : Math.min(Math.abs(step), room), isOpen: room === 0 };
}

/** √Δχ² is nearly linear in the distance: interpolate where both sides are known, else reach out, threefold at most. */
function nextDistance(inside: number, riseInside: number, outside: number, riseOutside: number): number {
  if (outside === Infinity) return inside * Math.min(3, 1 / Math.max(Math.sqrt(riseInside), 1 / 3));
  const [low, high] = [Math.sqrt(riseInside), Math.sqrt(riseOutside)];
  const share = Math.min(0.9, Math.max(0.1, (1 - low) / (high - low)));
  return inside + share * (outside - inside);
}
