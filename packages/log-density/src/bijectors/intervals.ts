/**
 * Arrays of numbers with bounds of their own. The measure of x is Lebesgue's in every entry. Far out in u the value of
 * x rounds to its bound (log |J| stays exact), so a density should be finite there or −∞, not NaN.
 */
import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector, ScalarMap } from "./bijector.ts";
import { elementwise } from "./elementwise.ts";

/** All real numbers: x = u. @throws {InvalidArgumentError} for a bad shape. */
export function real(shape: readonly number[] = []): Bijector {
  return elementwise(
    {
      kind: "real",
      constrain: (u) => u,
      unconstrain(x) {
        if (!Number.isFinite(x)) throw new InvalidArgumentError("x", "be finite", x);
        return x;
      },
      logJacobian: () => 0,
      slope: () => 1,
      logJacobianSlope: () => 0,
    },
    shape,
  );
}

/** x > 0: x = exp(u), log |J| = u. @throws {InvalidArgumentError} for a bad shape. */
export function positive(shape: readonly number[] = []): Bijector {
  return elementwise(exponentialFrom(0, 1, "positive"), shape);
}

/** x > lower: x = lower + exp(u). @throws {InvalidArgumentError} for a bad shape, and unless lower is finite. */
export function lowerBounded(lower: number, shape: readonly number[] = []): Bijector {
  if (!Number.isFinite(lower)) throw new InvalidArgumentError("lower", "be finite", lower);
  return elementwise(exponentialFrom(lower, 1, "lower-bounded"), shape);
}

/** x < upper: x = upper − exp(u). @throws {InvalidArgumentError} for a bad shape, and unless upper is finite. */
export function upperBounded(upper: number, shape: readonly number[] = []): Bijector {
  if (!Number.isFinite(upper)) throw new InvalidArgumentError("upper", "be finite", upper);
  return elementwise(exponentialFrom(upper, -1, "upper-bounded"), shape);
}

/**
 * lower < x < upper: x = lower + (upper − lower) σ(u) with σ(u) = 1/(1 + e⁻ᵘ), log |J| = log(upper − lower) + log σ(u)
 * + log σ(−u).
 * @throws {InvalidArgumentError} for a bad shape, and unless both are finite and lower < upper.
 */
export function interval(lower: number, upper: number, shape: readonly number[] = []): Bijector {
  if (!Number.isFinite(lower)) throw new InvalidArgumentError("lower", "be finite", lower);
  if (!(Number.isFinite(upper) && upper > lower && Number.isFinite(upper - lower))) {
    throw new InvalidArgumentError("upper", `be finite and greater than lower (${lower})`, upper);
  }
  return elementwise(logisticBetween(lower, upper), shape);
}

function exponentialFrom(bound: number, sign: 1 | -1, kind: string): ScalarMap {
  return {
    kind,
    constrain: (u) => bound + sign * Math.exp(u),
    unconstrain(x) {
      const distance = sign * (x - bound);
      if (!(distance > 0 && distance < Infinity)) {
        throw new InvalidArgumentError("x", `be finite and ${sign > 0 ? "greater" : "less"} than ${bound}`, x);
      }
      return Math.log(distance);
    },
    logJacobian: (u) => u,
    slope: (u) => sign * Math.exp(u),
    logJacobianSlope: () => 1,
  };
}

function logisticBetween(lower: number, upper: number): ScalarMap {
  const width = upper - lower;
  const logWidth = Math.log(width);
  return {
    kind: "interval",
    // From the nearer end, which keeps the relative accuracy of the distance to it.
    constrain: (u) => (u < 0 ? lower + width * logistic(u) : upper - width * logistic(-u)),
    unconstrain(x) {
      if (!(x > lower && x < upper)) throw new InvalidArgumentError("x", `lie between ${lower} and ${upper}`, x);
      return Math.log((x - lower) / (upper - x));
    },
    logJacobian: (u) => logWidth - Math.abs(u) - 2 * Math.log1p(Math.exp(-Math.abs(u))),
    slope: (u) => width * logistic(u) * logistic(-u),
    logJacobianSlope: (u) => -Math.tanh(0.5 * u),
  };
}

function logistic(u: number): number {
  return 1 / (1 + Math.exp(-u));
}
