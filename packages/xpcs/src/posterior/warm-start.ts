import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorPlan } from "./build-spec.ts";
import type { XpcsPosterior } from "./xpcs-posterior.ts";

/** Step of the differences, in standard errors of the fit. */
const STEP = 1e-3;

/**
 * Covariance of the unconstrained coordinates that the least-squares fit implies, row-major; `undefined` when the fit does
 * not determine every quantity. It only tunes the sampler.
 */
export function warmCovariance(
  { spec, start }: PosteriorPlan,
  { covariance }: FitResult,
  target: XpcsPosterior,
): Float64Array | undefined {
  const count = spec.quantities.length;
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
  if (dim > count) result[dim * dim - 1] = 1 / (2 * target.pairCount);
  for (let a = 0; a < dim; a++) if (!(result[a * dim + a]! > 0)) return undefined;
  return result;
}

/** ∂coordinates/∂quantities by central differences, row-major; `undefined` when a bound is too near to step. */
function coordinateSlopes(
  start: Float64Array,
  covariance: Float64Array,
  count: number,
  target: XpcsPosterior,
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
