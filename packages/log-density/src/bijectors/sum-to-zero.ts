import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector } from "./bijector.ts";

/**
 * Vectors of `size` numbers whose sum is 0: x = V u, where the columns of V are the orthonormal Helmert contrasts vₙ =
 * (1, …, 1, −n, 0, …, 0)/√(n(n+1)) with n ones. An isometry of R^(size−1) onto the hyperplane, in whose own measure log
 * |J| = 0: independent standard normal u give x a standard normal law on the hyperplane.
 * @throws {InvalidArgumentError} unless size is an integer ≥ 2.
 */
export function sumToZero(size: number): Bijector {
  checkSize(size, 2);
  return {
    kind: "sum-to-zero",
    unconstrainedDim: size - 1,
    constrainedDim: size,
    shape: [size],
    constrain(u, uAt, x, xAt) {
      contrasts(size, u, uAt, x, xAt);
      return 0;
    },
    unconstrain(x, xAt, u, uAt) {
      let sum = 0;
      let largest = 0;
      for (let k = 0; k < size; k++) {
        sum += x[xAt + k]!;
        largest = Math.max(largest, Math.abs(x[xAt + k]!));
      }
      if (!(Math.abs(sum) <= 1e-10 * size * largest))
        throw new InvalidArgumentError("x", "be finite and sum to 0", sum);
      contrastCoordinates(size, x, xAt, u, uAt);
    },
    pullBack(_u, uAt, _x, xAt, gradientX, gradientU) {
      contrastCoordinates(size, gradientX, xAt, gradientU, uAt);
    },
  };
}

/** x = V u in O(size). */
export function contrasts(size: number, u: Float64Array, uAt: number, x: Float64Array, xAt: number): void {
  let tail = 0;
  x[xAt + size - 1] = 0;
  for (let n = size - 1; n >= 1; n--) {
    const weight = u[uAt + n - 1]! / Math.sqrt(n * (n + 1));
    x[xAt + n] = tail - n * weight;
    tail += weight;
  }
  x[xAt] = tail;
}

/** u = Vᵀ x in O(size). */
export function contrastCoordinates(size: number, x: Float64Array, xAt: number, u: Float64Array, uAt: number): void {
  let sum = 0;
  for (let n = 1; n < size; n++) {
    sum += x[xAt + n - 1]!;
    u[uAt + n - 1] = (sum - n * x[xAt + n]!) / Math.sqrt(n * (n + 1));
  }
}

/** @throws {InvalidArgumentError} unless size is an integer ≥ least. */
export function checkSize(size: number, least: number): void {
  if (!(Number.isSafeInteger(size) && size >= least)) {
    throw new InvalidArgumentError("size", `be an integer of at least ${least}`, size);
  }
}
