import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector, ScalarMap } from "./bijector.ts";

/**
 * An array whose entries are mapped one by one.
 * @param shape row-major; empty for a scalar.
 * @throws {InvalidArgumentError} unless every length is a positive integer.
 */
export function elementwise(map: ScalarMap, shape: readonly number[]): Bijector {
  const size = sizeOf(shape);
  return {
    kind: map.kind,
    unconstrainedDim: size,
    constrainedDim: size,
    shape: [...shape],
    constrain(u, uAt, x, xAt) {
      let logJacobian = 0;
      for (let k = 0; k < size; k++) {
        x[xAt + k] = map.constrain(u[uAt + k]!);
        logJacobian += map.logJacobian(u[uAt + k]!);
      }
      return logJacobian;
    },
    unconstrain(x, xAt, u, uAt) {
      for (let k = 0; k < size; k++) u[uAt + k] = map.unconstrain(x[xAt + k]!);
    },
    pullBack(u, uAt, x, xAt, gradientX, gradientU) {
      for (let k = 0; k < size; k++) {
        const at = u[uAt + k]!;
        gradientU[uAt + k] = gradientX[xAt + k]! * map.slope(at, x[xAt + k]!) + map.logJacobianSlope(at);
      }
    },
  };
}

/** Number of entries. @throws {InvalidArgumentError} unless every length is a positive integer. */
export function sizeOf(shape: readonly number[]): number {
  for (const length of shape) {
    if (!(Number.isSafeInteger(length) && length > 0)) {
      throw new InvalidArgumentError("shape", "have positive integer lengths", shape);
    }
  }
  return shape.reduce((product, length) => product * length, 1);
}
