import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector } from "./bijector.ts";
import { checkSize } from "./sum-to-zero.ts";

/**
 * Increasing vectors: x₁ = u₁, xₖ = xₖ₋₁ + exp(uₖ). log |J| = Σ_{k≥2} uₖ.
 * @throws {InvalidArgumentError} unless size is a positive integer.
 */
export function ordered(size: number): Bijector {
  return increasing(size, false);
}

/**
 * Increasing vectors of positive numbers: x₁ = exp(u₁), xₖ = xₖ₋₁ + exp(uₖ). log |J| = Σ uₖ.
 * @throws {InvalidArgumentError} unless size is a positive integer.
 */
export function positiveOrdered(size: number): Bijector {
  return increasing(size, true);
}

function increasing(size: number, isPositive: boolean): Bijector {
  checkSize(size, 1);
  return {
    kind: isPositive ? "positive-ordered" : "ordered",
    unconstrainedDim: size,
    constrainedDim: size,
    shape: [size],
    constrain(u, uAt, x, xAt) {
      let value = isPositive ? Math.exp(u[uAt]!) : u[uAt]!;
      let logJacobian = isPositive ? u[uAt]! : 0;
      x[xAt] = value;
      for (let k = 1; k < size; k++) {
        value += Math.exp(u[uAt + k]!);
        logJacobian += u[uAt + k]!;
        x[xAt + k] = value;
      }
      return logJacobian;
    },
    unconstrain(x, xAt, u, uAt) {
      for (let k = 0; k < size; k++) {
        const isFree = k === 0 && !isPositive;
        const step = k === 0 ? x[xAt]! : x[xAt + k]! - x[xAt + k - 1]!;
        if (!(Number.isFinite(step) && (isFree || step > 0))) {
          throw new InvalidArgumentError(`x[${k}]`, "be finite and above what comes before it", x[xAt + k]);
        }
        u[uAt + k] = isFree ? step : Math.log(step);
      }
    },
    pullBack(u, uAt, _x, xAt, gradientX, gradientU) {
      let sum = 0;
      for (let k = size - 1; k >= 0; k--) {
        sum += gradientX[xAt + k]!;
        gradientU[uAt + k] = k === 0 && !isPositive ? sum : sum * Math.exp(u[uAt + k]!) + 1;
      }
    },
  };
}
