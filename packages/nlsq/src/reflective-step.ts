/**
 * The step taken near bounds: the best of the trust-region step cut short, its reflection at the first bound met, and
 * the scaled steepest descent, each kept strictly inside.
 *
 * Source: Branch, Coleman & Li (1999), section 3, in the form that SciPy gave it.
 */
import { type Box, staysInside, strideOf, strideToBound } from "./bounds.ts";
import { innerProduct, type LinearModel } from "./linear-model.ts";
import { norm } from "./trust-region-subproblem.ts";

/** Where the model stands: quadratic gᵀp + ½pᵀJᵀJp + ½ Σ diagonal (p/d)². */
export interface Frame {
  readonly x: Float64Array;
  readonly model: LinearModel;
  readonly d: Float64Array;
  readonly diagonal: Float64Array;
  readonly box: Box;
  /** Fraction of the way to a bound that a step may go, in (0, 1). */
  readonly theta: number;
}

/** A step in the parameters and in the scaled variables, and the decrease of the cost that the model expects. */
export interface Step {
  readonly move: Float64Array;
  readonly hat: Float64Array;
  readonly reduction: number;
}

/** Chooses the step. @param hat solution of the subproblem in the variables p/d, length ≤ radius. */
export function chooseStep(frame: Frame, hat: Float64Array, radius: number): Step {
  const whole = stepOf(frame, hat);
  if (staysInside(frame.x, whole.move, frame.box)) return whole;
  const stride = strideToBound(frame.x, whole.move, frame.box);
  const candidates = [
    stepOf(frame, scaled(hat, stride * frame.theta)),
    reflected(frame, hat, whole.move, stride, radius),
    descent(frame, radius),
  ];
  let best = candidates[0]!;
  for (const candidate of candidates) if (candidate && candidate.reduction > best.reduction) best = candidate;
  return best;
}

function stepOf(frame: Frame, hat: Float64Array): Step {
  const move = hat.map((value, j) => value * frame.d[j]!);
  return { move, hat, reduction: -quadratic(frame, hat, move) };
}

function scaled(a: Float64Array, factor: number): Float64Array {
  return a.map((value) => value * factor);
}

function quadratic(frame: Frame, hat: Float64Array, move: Float64Array): number {
  return slope(frame, move) + 0.5 * curvature(frame, hat, move, hat, move);
}

function slope(frame: Frame, move: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < move.length; j++) sum += frame.model.gradient[j]! * move[j]!;
  return sum;
}

function curvature(
  frame: Frame,
  hat: Float64Array,
  move: Float64Array,
  hat2: Float64Array,
  move2: Float64Array,
): number {
  let sum = innerProduct(frame.model, move, move2);
  for (let j = 0; j < hat.length; j++) sum += frame.diagonal[j]! * hat[j]! * hat2[j]!;
  return sum;
}

/** The subproblem's step up to the bound, then on in the direction mirrored at it, as far as the model likes. */
function reflected(
  frame: Frame,
  hat: Float64Array,
  move: Float64Array,
  stride: number,
  radius: number,
): Step | undefined {
  const { x, d, box, theta } = frame;
  const toBound = scaled(hat, stride);
  const direction = hat.map((value, j) => (strideOf(x, move, box, j) === stride ? -value : value));
  const directionMove = direction.map((value, j) => value * d[j]!);
  const onBound = x.map((value, j) => value + stride * move[j]!);
  const toNextBound = strideToBound(onBound, directionMove, box);
  const toRadius = strideToSphere(toBound, direction, radius);
  const length = Math.min(toNextBound, toRadius);
  if (!(length > 0)) return undefined;
  // Far enough from the bound that was met, and short of the one ahead.
  const shortest = ((1 - theta) * stride) / length;
  const longest = length === toNextBound ? theta * toNextBound : toRadius;
  if (!(shortest <= longest)) return undefined;
  const boundMove = toBound.map((value, j) => value * d[j]!);
  const a = 0.5 * curvature(frame, direction, directionMove, direction, directionMove);
  const b = slope(frame, directionMove) + curvature(frame, toBound, boundMove, direction, directionMove);
  const best = minimiseParabola(a, b, shortest, longest);
  return stepOf(
    frame,
    toBound.map((value, j) => value + best * direction[j]!),
  );
}

function descent(frame: Frame, radius: number): Step | undefined {
  const direction = frame.d.map((value, j) => -value * frame.model.gradient[j]!);
  const move = direction.map((value, j) => value * frame.d[j]!);
  const length = norm(direction);
  if (!(length > 0)) return undefined;
  const toBound = strideToBound(frame.x, move, frame.box);
  const longest = toBound < radius / length ? frame.theta * toBound : radius / length;
  const a = 0.5 * curvature(frame, direction, move, direction, move);
  return stepOf(frame, scaled(direction, minimiseParabola(a, slope(frame, move), 0, longest)));
}

/** Where a t² + b t is least on [low, high]. */
function minimiseParabola(a: number, b: number, low: number, high: number): number {
  const value = (t: number): number => t * (a * t + b);
  let best = value(low) <= value(high) ? low : high;
  const vertex = a !== 0 ? (-0.5 * b) / a : Number.NaN;
  if (vertex > low && vertex < high && value(vertex) < value(best)) best = vertex;
  return best;
}

/** The positive t with ‖start + t · direction‖ = radius, for a start inside the sphere. */
function strideToSphere(start: Float64Array, direction: Float64Array, radius: number): number {
  let a = 0;
  let b = 0;
  let c = -radius * radius;
  for (let j = 0; j < start.length; j++) {
    a += direction[j]! ** 2;
    b += start[j]! * direction[j]!;
    c += start[j]! ** 2;
  }
  if (a === 0) return 0;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  // The root without cancellation.
  return b > 0 ? Math.max(0, -c) / (b + root) : (root - b) / a;
}
