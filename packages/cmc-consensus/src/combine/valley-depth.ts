/** Whether two components of a mixture are two modes. */
import { cholesky, inverseOf, solveLower, solveUpper } from "./cholesky.ts";
import { type GaussianComponent, type GaussianMixture, logMixture } from "./gaussian-mixture.ts";

/**
 * Depth of the valley between two components as a share of the density of the lower of the two peaks: 0 when there is no
 * valley, towards 1 when they are apart. Looked for along the ridgeline, on which all critical points of the density of two
 * Gaussians lie (Ray & Lindsay 2005, 10.1214/009053605000000417, section 3): unlike the distance between means along any one
 * coordinate it sees all of them, and units play no role.
 */
export function valleyDepth(a: GaussianComponent, b: GaussianComponent): number {
  const dim = a.mean.length;
  const pair: GaussianMixture = { dim, components: [a, b], logLikelihood: 0 };
  const logs = new Float64Array(2);
  const ridge = ridgeline(a, b);
  const heights = Float64Array.from({ length: STEPS + 1 }, (_, k) => logMixture(pair, ridge(k / STEPS), logs));
  const after = heights.slice();
  for (let k = STEPS - 1; k >= 0; k--) after[k] = Math.max(after[k]!, after[k + 1]!);
  let before = -Infinity;
  let deepest = 0;
  for (let k = 0; k <= STEPS; k++) {
    before = Math.max(before, heights[k]!);
    deepest = Math.max(deepest, -Math.expm1(heights[k]! - Math.min(before, after[k]!)));
  }
  return deepest;
}

const STEPS = 100;

/** t ↦ ((1 − t) W_a + t W_b)⁻¹ ((1 − t) W_a μ_a + t W_b μ_b), from one mean to the other. */
function ridgeline(a: GaussianComponent, b: GaussianComponent): (t: number) => Float64Array {
  const dim = a.mean.length;
  const precisionA = inverseOf(a.factor, dim);
  const precisionB = inverseOf(b.factor, dim);
  const difference = b.mean.map((x, i) => x - a.mean[i]!);
  const pull = new Float64Array(dim);
  for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) pull[i]! += precisionB[i * dim + j]! * difference[j]!;
  return (t) => {
    const precision = precisionA.map((x, at) => (1 - t) * x + t * precisionB[at]!);
    const factor = cholesky(precision, dim)!;
    const point = pull.map((x) => t * x);
    solveLower(factor, dim, point);
    solveUpper(factor, dim, point);
    for (let i = 0; i < dim; i++) point[i]! += a.mean[i]!;
    return point;
  };
}
