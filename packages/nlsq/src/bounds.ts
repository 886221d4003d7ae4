/** Box bounds: reading them, staying strictly inside them, and the distance along a step at which they are met. */
import { InvalidArgumentError } from "@siegert/errors";

/** Lower and upper bounds on the parameters. A missing side is unbounded; equal bounds hold a parameter fixed. */
export interface Bounds {
  /** One number for all parameters or one per parameter; −Infinity where there is none. */
  readonly lower?: number | ArrayLike<number> | undefined;
  readonly upper?: number | ArrayLike<number> | undefined;
}

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The bounds as two arrays of length n.
 *
 * @throws {InvalidArgumentError} for a wrong length, NaN, lower = +Infinity, upper = −Infinity, or lower > upper.
 */
export function boxOf(bounds: Bounds | undefined, n: number, names: readonly string[]): Box {
  const lower = side("bounds.lower", bounds?.lower ?? -Infinity, n);
  const upper = side("bounds.upper", bounds?.upper ?? Infinity, n);
  for (let j = 0; j < n; j++) {
    if (lower[j] === Infinity) throw new InvalidArgumentError(`bounds.lower[${j}]`, "be less than Infinity", Infinity);
    if (upper[j] === -Infinity) throw new InvalidArgumentError(`bounds.upper[${j}]`, "exceed -Infinity", -Infinity);
    if (lower[j]! > upper[j]!) {
      const requirement = `not exceed bounds.upper[${j}] = ${upper[j]} (parameter ${names[j]})`;
      throw new InvalidArgumentError(`bounds.lower[${j}]`, requirement, lower[j]);
    }
  }
  return { lower, upper };
}

function side(argument: string, given: number | ArrayLike<number>, n: number): Float64Array {
  const values = typeof given === "number" ? new Float64Array(n).fill(given) : Float64Array.from(given);
  if (values.length !== n) throw new InvalidArgumentError(argument, `have one entry per parameter, ${n}`, given);
  const wrong = values.findIndex(Number.isNaN);
  if (wrong >= 0) throw new InvalidArgumentError(`${argument}[${wrong}]`, "be a number", values[wrong]);
  return values;
}

/** @throws {InvalidArgumentError} naming the first entry of the start that is not finite or outside its bounds. */
export function checkInside(argument: string, x: Float64Array, box: Box, names: readonly string[]): void {
  for (let j = 0; j < x.length; j++) {
    const value = x[j]!;
    const name = `${argument}[${j}]`;
    if (!Number.isFinite(value)) throw new InvalidArgumentError(name, `be finite (parameter ${names[j]})`, value);
    if (value < box.lower[j]! || value > box.upper[j]!) {
      const requirement = `lie within its bounds [${box.lower[j]}, ${box.upper[j]}] (parameter ${names[j]})`;
      throw new InvalidArgumentError(name, requirement, value);
    }
  }
}

/**
 * Which bounds are active: −1 lower, 1 upper, 0 none. A bound is active when x is nearer to it than to the other and
 * within `tolerance` · max(1, |bound|); with tolerance 0, when x is at or beyond it.
 */
export function activeBounds(x: Float64Array, box: Box, tolerance: number): Int8Array {
  const active = new Int8Array(x.length);
  for (let j = 0; j < x.length; j++) {
    const lower = box.lower[j]!;
    const upper = box.upper[j]!;
    const below = x[j]! - lower;
    const above = upper - x[j]!;
    if (lower > -Infinity && below <= Math.min(above, tolerance * Math.max(1, Math.abs(lower)))) active[j] = -1;
    else if (upper < Infinity && above <= Math.min(below, tolerance * Math.max(1, Math.abs(upper)))) active[j] = 1;
  }
  return active;
}

/**
 * Moves x (in place) strictly inside the box: away from a bound by `margin` · max(1, |bound|), or by one unit in the
 * last place when the margin is 0; to the middle where the box is narrower than that.
 */
export function moveInside(x: Float64Array, box: Box, margin: number): void {
  for (let j = 0; j < x.length; j++) {
    const lower = box.lower[j]!;
    const upper = box.upper[j]!;
    const nearLower = x[j]! - lower <= margin * Math.max(1, Math.abs(lower)) && Number.isFinite(lower);
    const nearUpper = upper - x[j]! <= margin * Math.max(1, Math.abs(upper)) && Number.isFinite(upper);
    if (!nearLower && !nearUpper) continue;
    if (nearLower && nearUpper) x[j] = middle(lower, upper);
    else if (nearLower)
      x[j] = margin > 0 ? lower + margin * Math.max(1, Math.abs(lower)) : nextTowards(lower, Infinity);
    else x[j] = margin > 0 ? upper - margin * Math.max(1, Math.abs(upper)) : nextTowards(upper, -Infinity);
    if (!(x[j]! > lower && x[j]! < upper)) x[j] = middle(lower, upper);
  }
}

function middle(lower: number, upper: number): number {
  return lower + 0.5 * (upper - lower);
}

const bits = new BigInt64Array(1);
const value = new Float64Array(bits.buffer);

/** The double next to a finite x in the direction of ±Infinity. */
export function nextTowards(x: number, direction: number): number {
  if (x === 0) return direction > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  value[0] = x;
  bits[0]! += x > 0 === direction > 0 ? 1n : -1n;
  return value[0];
}

/** Whether lower ≤ x + step ≤ upper in every entry. */
export function staysInside(x: Float64Array, step: Float64Array, box: Box): boolean {
  for (let j = 0; j < x.length; j++) {
    const moved = x[j]! + step[j]!;
    if (moved < box.lower[j]! || moved > box.upper[j]!) return false;
  }
  return true;
}

/** The multiple of `step` at which x + multiple · step first meets a bound; Infinity when it meets none. */
export function strideToBound(x: Float64Array, step: Float64Array, box: Box): number {
  let stride = Infinity;
  for (let j = 0; j < x.length; j++) stride = Math.min(stride, strideOf(x, step, box, j));
  return stride;
}

/** The same for one entry. */
export function strideOf(x: Float64Array, step: Float64Array, box: Box, j: number): number {
  const direction = step[j]!;
  if (direction === 0) return Infinity;
  return Math.max(0, (direction > 0 ? box.upper[j]! - x[j]! : box.lower[j]! - x[j]!) / direction);
}
