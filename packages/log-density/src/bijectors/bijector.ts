/**
 * A smooth one-to-one map x = f(u) from unconstrained coordinates u ∈ R^n onto a constrained set. A density of x
 * becomes one of u by log p(u) = log p(x) + log |J|, where |J| is the volume that f gives a unit cube of u, in the
 * measure that each bijector names.
 *
 * All methods work on a part of a larger vector: an array and the index where the part begins.
 */
export interface Bijector {
  /** What the set is, such as "positive" or "simplex". */
  readonly kind: string;
  /** Length of u. */
  readonly unconstrainedDim: number;
  /** Length of x. */
  readonly constrainedDim: number;
  /** Shape of x, row-major; empty for a scalar. */
  readonly shape: readonly number[];
  /** Writes x and gives log |J|. */
  constrain(u: Float64Array, uAt: number, x: Float64Array, xAt: number): number;
  /**
   * Writes u = f⁻¹(x).
   * @throws {InvalidArgumentError} when x lies outside the set or on its boundary.
   */
  unconstrain(x: Float64Array, xAt: number, u: Float64Array, uAt: number): void;
  /**
   * Gradient with respect to u of h(x(u)) + log |J(u)|, given that of h with respect to x (entry k of it at
   * `gradientX[xAt + k]`). `x` must hold f(u).
   * @param gradientU written, at uAt.
   */
  pullBack(
    u: Float64Array,
    uAt: number,
    x: Float64Array,
    xAt: number,
    gradientX: Float64Array,
    gradientU: Float64Array,
  ): void;
}

/** A one-to-one map of the real line onto an interval, to be used for each entry of an array. */
export interface ScalarMap {
  readonly kind: string;
  constrain(u: number): number;
  /** @throws {InvalidArgumentError} when x lies outside or on the boundary. */
  unconstrain(x: number): number;
  /** log dx/du. */
  logJacobian(u: number): number;
  /** dx/du, given u and x. */
  slope(u: number, x: number): number;
  /** d log(dx/du) / du. */
  logJacobianSlope(u: number): number;
}
