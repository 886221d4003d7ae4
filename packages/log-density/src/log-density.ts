/**
 * The contract between models and samplers: an unnormalised log density on R^dim with its gradient.
 *
 * A value that is not finite says that the point cannot be: samplers reject it. It is never an exception; a density
 * that throws a `LogDensityError` which is `isRecoverable` is understood the same way. An implementation neither keeps
 * nor changes `position`. The interface is that of LogDensityProblems.jl.
 */
export interface LogDensity {
  /** Number of unconstrained coordinates. */
  readonly dim: number;
  /** Log density at `position` (length dim), up to a constant that must not depend on the position. */
  logDensity(position: Float64Array): number;
  /** Writes the gradient (length dim) and gives the log density. */
  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number;
}

/** A log density that evaluates several positions in one call, as a vectorised or parallel engine can. */
export interface BatchLogDensity extends LogDensity {
  /**
   * Values and gradients of the first `count` positions. Row k must come out the same to the last bit whatever the
   * other rows and the count are; otherwise draws depend on how chains happen to meet.
   * @param positions row-major, (count, dim).
   * @param values written, length at least count.
   * @param gradients written, row-major, (count, dim).
   */
  logDensitiesAndGradients(positions: Float64Array, count: number, values: Float64Array, gradients: Float64Array): void;
}

/** One summand of a log density, for reports on where a value stops being finite. */
export interface LogDensityTerm {
  /** Such as "prior of tau" or "likelihood of group 3". */
  readonly name: string;
  readonly value: number;
}

/** A log density that can say what it is the sum of. */
export interface ExplainedLogDensity extends LogDensity {
  /** The summands at `position`; slow, for reports only. */
  terms(position: Float64Array): readonly LogDensityTerm[];
}

/** Whether a target evaluates batches itself. */
export function isBatched(target: LogDensity): target is BatchLogDensity {
  return typeof (target as Partial<BatchLogDensity>).logDensitiesAndGradients === "function";
}

/** Whether a target can say what it is the sum of. */
export function isExplained(target: LogDensity): target is ExplainedLogDensity {
  return typeof (target as Partial<ExplainedLogDensity>).terms === "function";
}
