import { solveFactor, solveTransposed, timesFactor, timesTransposed } from "../references/cholesky.ts";
import type { RungShape } from "./rung-shapes.ts";

const ITERATIONS = 50;

/**
 * How much longer a step in units of a rung's shape becomes at most, in any direction, when the shape is replaced: the
 * largest ratio of standard deviations, or, where covariances are known, the largest singular value of B = L⁻¹ L′ with
 * the old factor L and the new one L′, by power iteration to a few per cent.
 */
export function shapeGrowth(before: RungShape, after: RungShape): number {
  const dim = after.sd.length;
  if (!before.factor || !after.factor) {
    let largest = 0;
    for (let i = 0; i < dim; i++) largest = Math.max(largest, after.sd[i]! / before.sd[i]!);
    return largest;
  }
  const vector = new Float64Array(dim).fill(1 / Math.sqrt(dim));
  const image = new Float64Array(dim);
  let square = 1;
  for (let n = 0; n < ITERATIONS; n++) {
    timesFactor(after.factor, vector, image);
    solveFactor(before.factor, image);
    solveTransposed(before.factor, image);
    timesTransposed(after.factor, image, vector);
    square = 0;
    for (let i = 0; i < dim; i++) square += vector[i]! * vector[i]!;
    square = Math.sqrt(square);
    for (let i = 0; i < dim; i++) vector[i] = vector[i]! / square;
  }
  return Math.sqrt(square);
}
