import { InvalidArgumentError } from "@siegert/errors";
import type { LogDensity } from "./log-density.ts";
import { coordinateName } from "./named-log-density.ts";

/** How a gradient is compared with differences. */
export interface GradientCheckOptions {
  /**
   * Imaginary part of the log density at a complex position: allows a complex step, whose derivative is exact to
   * rounding (Squire & Trapp 1998, 10.1137/S003614459631241X). Without it, central differences are extrapolated.
   */
  readonly imaginaryPart?: (real: Float64Array, imaginary: Float64Array) => number;
  /**
   * Largest disagreement to accept, relative to the larger of both derivatives and `absolute`. Default 1e-6; 1e-10 with
   * a complex step.
   */
  readonly tolerance?: number;
  /** Derivatives below this size are compared absolutely. Default 1e-3 times the largest derivative, at least 1e-8. */
  readonly absolute?: number;
}

/** One coordinate of a gradient and its independent estimate. */
export interface GradientComparison {
  readonly index: number;
  readonly name: string;
  readonly gradient: number;
  readonly reference: number;
  /** How far the reference itself may be off; 0 for a complex step. */
  readonly referenceError: number;
  /** |gradient − reference|, relative as the options say. */
  readonly error: number;
  readonly isGood: boolean;
}

export interface GradientReport {
  readonly isGood: boolean;
  /** log density where it was checked, from both methods of the target; they should agree. */
  readonly value: number;
  readonly valueWithGradient: number;
  readonly coordinates: readonly GradientComparison[];
  /** The report as lines of text: a verdict, then the coordinates, worst first. */
  readonly text: string;
}

/**
 * Compares a target's gradient with derivatives of its value.
 * @throws {InvalidArgumentError} when the position has the wrong length or the log density is not finite there.
 */
export function checkGradient(
  target: LogDensity,
  position: Float64Array,
  options: GradientCheckOptions = {},
): GradientReport {
  if (position.length !== target.dim) throw new InvalidArgumentError("position", `have length ${target.dim}`, position);
  const gradient = new Float64Array(target.dim);
  const valueWithGradient = target.logDensityAndGradient(position.slice(), gradient);
  const value = target.logDensity(position.slice());
  if (!Number.isFinite(value)) throw new InvalidArgumentError("position", "have a finite log density", value);

  const { imaginaryPart } = options;
  const tolerance = options.tolerance ?? (imaginaryPart ? 1e-10 : 1e-6);
  const derivatives = Array.from({ length: target.dim }, (_, index) =>
    imaginaryPart ? complexStep(imaginaryPart, position, index) : extrapolatedDifference(target, position, index),
  );
  const largest = derivatives.reduce((max, { value }) => Math.max(max, Math.abs(value)), 0);
  const absolute = options.absolute ?? Math.max(1e-8, 1e-3 * largest);
  const coordinates = derivatives.map((derivative, index): GradientComparison => {
    const scale = Math.max(Math.abs(derivative.value), Math.abs(gradient[index]!), absolute);
    const difference = Math.abs(gradient[index]! - derivative.value);
    return {
      index,
      name: coordinateName(target, index),
      gradient: gradient[index]!,
      reference: derivative.value,
      referenceError: derivative.error,
      error: difference / scale,
      isGood: difference <= tolerance * scale + derivative.error,
    };
  });
  const doValuesAgree = Math.abs(value - valueWithGradient) <= 1e-9 * Math.max(1, Math.abs(value));
  const isGood = doValuesAgree && coordinates.every((one) => one.isGood);
  const text = reportText(value, valueWithGradient, doValuesAgree, coordinates);
  return { isGood, value, valueWithGradient, coordinates, text };
}

interface Derivative {
  readonly value: number;
  readonly error: number;
}

function complexStep(
  imaginaryPart: (real: Float64Array, imaginary: Float64Array) => number,
  position: Float64Array,
  index: number,
): Derivative {
  const step = 1e-30;
  const imaginary = new Float64Array(position.length);
  imaginary[index] = step;
  return { value: imaginaryPart(position.slice(), imaginary) / step, error: 0 };
}

/**
 * Ridders' extrapolation of central differences to step 0 (Press et al., Numerical Recipes, §5.7): halves of the step
 * fill a tableau; the entry with the smallest estimate of its own error is the answer.
 */
function extrapolatedDifference(target: LogDensity, position: Float64Array, index: number): Derivative {
  const shrink = 1.6;
  const rows = 12;
  const at = position.slice();
  const centre = position[index]!;
  let step = 0.1 * Math.max(1e-3, Math.min(1, Math.abs(centre)));
  let best: Derivative = { value: Number.NaN, error: Infinity };
  let previous: number[] = [];
  for (let row = 0; row < rows; row++, step /= shrink) {
    at[index] = centre + step;
    const above = target.logDensity(at);
    at[index] = centre - step;
    const current = [(above - target.logDensity(at)) / (2 * step)];
    for (let k = 1, factor = shrink ** 2; k <= row; k++, factor *= shrink ** 2) {
      const finer = (current[k - 1]! * factor - previous[k - 1]!) / (factor - 1);
      current.push(finer);
      const error = Math.max(Math.abs(finer - current[k - 1]!), Math.abs(finer - previous[k - 1]!));
      if (error <= best.error) best = { value: finer, error };
    }
    previous = current;
  }
  return best;
}

function reportText(
  value: number,
  valueWithGradient: number,
  doValuesAgree: boolean,
  coordinates: readonly GradientComparison[],
): string {
  const bad = coordinates.filter((one) => !one.isGood);
  const verdict =
    bad.length === 0
      ? `Gradient agrees with the log density in all ${coordinates.length} coordinates.`
      : `Gradient disagrees with the log density in ${bad.length} of ${coordinates.length} coordinates.`;
  const values = doValuesAgree
    ? []
    : [`logDensity gives ${value}, logDensityAndGradient gives ${valueWithGradient}: they must agree.`];
  const rank = (one: GradientComparison) => (Number.isNaN(one.error) ? Infinity : one.error);
  const rows = coordinates
    .toSorted((a, b) => Number(a.isGood) - Number(b.isGood) || rank(b) - rank(a))
    .slice(0, 20)
    .map((one) => {
      const figures = [one.gradient, one.reference, one.error].map((x) => x.toPrecision(7).padStart(15)).join("");
      return `${one.isGood ? "  " : "✗ "}${one.name.padEnd(24)}${figures}`;
    });
  const header = `  ${"coordinate".padEnd(24)}${["gradient", "reference", "error"].map((s) => s.padStart(15)).join("")}`;
  return [verdict, ...values, header, ...rows].join("\n");
}
