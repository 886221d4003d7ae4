import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector } from "./bijector.ts";
import { checkSize, contrastCoordinates, contrasts } from "./sum-to-zero.ts";

/**
 * Probabilities: `size` positive numbers of sum 1. x = softmax(V u) with the Helmert contrasts of `sumToZero` (the
 * isometric log-ratio coordinates of Egozcue et al. 2003, 10.1023/A:1023818214614), so that all categories are alike
 * and u = 0 is the uniform distribution. In the measure of the first size − 1 entries log |J| = ½ log size + Σ log xₖ.
 * @throws {InvalidArgumentError} unless size is an integer ≥ 2.
 */
export function simplex(size: number): Bijector {
  checkSize(size, 2);
  const slope = new Float64Array(size);
  return {
    kind: "simplex",
    unconstrainedDim: size - 1,
    constrainedDim: size,
    shape: [size],
    constrain: (u, uAt, x, xAt) => constrainSimplex(size, u, uAt, x, xAt),
    unconstrain: (x, xAt, u, uAt) => unconstrainSimplex(size, x, xAt, u, uAt),
    pullBack(_u, uAt, x, xAt, gradientX, gradientU) {
      let mean = 0;
      for (let k = 0; k < size; k++) mean += x[xAt + k]! * gradientX[xAt + k]!;
      for (let k = 0; k < size; k++) slope[k] = x[xAt + k]! * (gradientX[xAt + k]! - mean) + 1 - size * x[xAt + k]!;
      contrastCoordinates(size, slope, 0, gradientU, uAt);
    },
  };
}

function constrainSimplex(size: number, u: Float64Array, uAt: number, x: Float64Array, xAt: number): number {
  contrasts(size, u, uAt, x, xAt);
  let largest = -Infinity;
  let logJacobian = 0.5 * Math.log(size);
  for (let k = 0; k < size; k++) largest = Math.max(largest, x[xAt + k]!);
  let sum = 0;
  for (let k = 0; k < size; k++) {
    const logit = x[xAt + k]! - largest;
    logJacobian += logit;
    x[xAt + k] = Math.exp(logit);
    sum += x[xAt + k]!;
  }
  for (let k = 0; k < size; k++) x[xAt + k] = x[xAt + k]! / sum;
  return logJacobian - size * Math.log(sum);
}

function unconstrainSimplex(size: number, x: Float64Array, xAt: number, u: Float64Array, uAt: number): void {
  const logarithms = new Float64Array(size);
  let sum = 0;
  for (let k = 0; k < size; k++) {
    if (!(x[xAt + k]! > 0)) throw new InvalidArgumentError(`x[${k}]`, "be positive", x[xAt + k]);
    sum += x[xAt + k]!;
    logarithms[k] = Math.log(x[xAt + k]!);
  }
  if (!(Math.abs(sum - 1) <= 1e-8)) throw new InvalidArgumentError("x", "sum to 1", sum);
  contrastCoordinates(size, logarithms, 0, u, uAt);
}
