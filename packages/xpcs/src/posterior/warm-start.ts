import type { FitResult } from "../fit/fit-result.ts";
import type { SampledQuantity } from "./posterior-spec.ts";

/** Of the coordinate of a quantity that is uniform within its bounds; one that is wider the fit does not know. */
const WIDEST = Math.PI / Math.sqrt(3);
/** Step of the differences, in standard errors of the fit. */
const STEP = 1e-3;

/** Coordinates of a posterior, with or without its data. */
export interface Coordinates {
  readonly dim: number;
  unconstrain(values: Float64Array, position: Float64Array): Float64Array;
}

/**
 * Covariance of the unconstrained coordinates that the least-squares fit implies, row-major; `undefined` when the fit does
 * not determine every quantity. It only tunes the sampler.
 *
 * @param start values of the sampled quantities (and sigma).
 */
export function warmCovariance(
  quantities: readonly SampledQuantity[],
  start: Float64Array,
  { covariance, pairs }: FitResult,
  target: Coordinates,
): Float64Array | undefined {
  const count = quantities.length;
  if (covariance.names.length !== count || !covariance.matrix.every(Number.isFinite)) return undefined;
  const toCoordinates = coordinateSlopes(start, covariance.matrix, count, target);
  if (toCoordinates === undefined) return undefined;
  const { dim } = target;
  const result = new Float64Array(dim * dim);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const left = toCoordinates[a * count + i]!;
        if (left === 0) continue;
        for (let j = 0; j < count; j++) sum += left * covariance.matrix[i * count + j]! * toCoordinates[b * count + j]!;
      }
      result[a * dim + b] = sum;
    }
  }
  // ln σ of as many independent residuals.
  if (dim > count) result[dim * dim - 1] = 1 / (2 * pairs);
  for (let a = 0; a < dim; a++) {
    const variance = result[a * dim + a]!;
    if (!(variance > 0 && variance < WIDEST ** 2)) return undefined;
  }
  return result;
}

/** ∂coordinates/∂quantities by central differences, row-major; `undefined` when a bound is too near to step. */
function coordinateSlopes(
  start: Float64Array,
  covariance: Float64Array,
  count: number,
  target: Coordinates,
): Float64Array | undefined {
  const slopes = new Float64Array(count * count);
  const [up, down] = [new Float64Array(target.dim), new Float64Array(target.dim)];
  for (let i = 0; i < count; i++) {
    const step = STEP * Math.sqrt(covariance[i * count + i]!);
    const moved = start.slice();
    try {
      moved[i] = start[i]! + step;
      target.unconstrain(moved, up);
      moved[i] = start[i]! - step;
      target.unconstrain(moved, down);
    } catch {
      return undefined;
    }
    for (let a = 0; a < count; a++) slopes[a * count + i] = (up[a]! - down[a]!) / (2 * step);
  }
  return slopes;
}
