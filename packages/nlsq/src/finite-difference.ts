/**
 * Jacobian of the residuals by finite differences that never leave the bounds.
 *
 * Step sizes: Press et al. (2007), Numerical Recipes, 3rd ed., section 5.7: √ε of the parameter for one-sided and ∛ε
 * for central differences, ε the double's rounding unit.
 */
import { InvalidArgumentError } from "@siegert/errors";
import type { Box } from "./bounds.ts";

/** '2-point': n extra evaluations, about 8 digits; '3-point': 2n, about 10 digits. */
export type FiniteDifferenceMethod = "2-point" | "3-point";

/** How a Jacobian is formed by differences. */
export interface FiniteDifferenceOptions {
  /** Default '3-point'. */
  readonly method?: FiniteDifferenceMethod | undefined;
  /** Step as a fraction of the parameter's size. Default √ε (2-point) or ∛ε (3-point). */
  readonly relativeStep?: number | ArrayLike<number> | undefined;
  /**
   * Size of a parameter, below which its steps do not shrink further. Default: 1e-4 of the largest |x_j| met so far,
   * or 1 while that is 0.
   */
  readonly typicalX?: number | ArrayLike<number> | undefined;
}

export interface FiniteDifferenceSettings {
  readonly method: FiniteDifferenceMethod;
  readonly relativeStep: Float64Array;
  readonly typicalX: Float64Array | undefined;
}

/** @throws {InvalidArgumentError} for an unknown method, a wrong length, or a number that is not positive. */
export function finiteDifferenceSettings(
  options: FiniteDifferenceOptions | undefined,
  n: number,
): FiniteDifferenceSettings {
  const method = options?.method ?? "3-point";
  if (method !== "2-point" && method !== "3-point") {
    throw new InvalidArgumentError("finiteDifference.method", "be '2-point' or '3-point'", method);
  }
  const relativeStep = options?.relativeStep ?? Number.EPSILON ** (method === "2-point" ? 1 / 2 : 1 / 3);
  const typicalX = options?.typicalX;
  return {
    method,
    relativeStep: positive("finiteDifference.relativeStep", relativeStep, n),
    typicalX: typicalX === undefined ? undefined : positive("finiteDifference.typicalX", typicalX, n),
  };
}

function positive(argument: string, given: number | ArrayLike<number>, n: number): Float64Array {
  const values = typeof given === "number" ? new Float64Array(n).fill(given) : Float64Array.from(given);
  if (values.length !== n) throw new InvalidArgumentError(argument, `have one entry per parameter, ${n}`, given);
  const wrong = values.findIndex((value) => !(value > 0 && value < Infinity));
  if (wrong >= 0) throw new InvalidArgumentError(`${argument}[${wrong}]`, "be positive and finite", values[wrong]);
  return values;
}

type Residuals = (x: Float64Array, out: Float64Array) => void;

/** Differences a residual function over the free parameters of a full vector; keeps its buffers between calls. */
export class Differentiator {
  readonly #residuals: Residuals;
  readonly #settings: FiniteDifferenceSettings;
  readonly #box: Box;
  readonly #free: Int32Array;
  readonly #forward: Float64Array;
  readonly #backward: Float64Array;
  readonly #largest: Float64Array;

  constructor(residuals: Residuals, m: number, settings: FiniteDifferenceSettings, box: Box, free: Int32Array) {
    this.#residuals = residuals;
    this.#settings = settings;
    this.#box = box;
    this.#free = free;
    this.#forward = new Float64Array(m);
    this.#backward = new Float64Array(m);
    this.#largest = new Float64Array(box.lower.length);
  }

  /**
   * Writes J (row-major, m × free parameters).
   *
   * @param x full parameter vector; changed during the call and restored.
   * @param atX residuals at x.
   */
  jacobian(x: Float64Array, atX: Float64Array, out: Float64Array): void {
    for (let column = 0; column < this.#free.length; column++) this.#column(x, atX, column, out);
  }

  #column(x: Float64Array, atX: Float64Array, column: number, out: Float64Array): void {
    const j = this.#free[column]!;
    const center = x[j]!;
    const step = this.#stepSize(j, center);
    const down = center - this.#box.lower[j]!;
    const up = this.#box.upper[j]! - center;
    if (this.#settings.method === "3-point" && step <= down && step <= up) {
      const h1 = this.#shifted(x, j, step, this.#forward);
      const h2 = this.#shifted(x, j, -step, this.#backward);
      this.#write(out, column, atX, 0, 1 / (h1 - h2), -1 / (h1 - h2));
    } else if (this.#settings.method === "3-point") {
      // One-sided with three points, into the wider side: −3f(0) + 4f(h) − f(2h) over 2h.
      const h = up >= down ? Math.min(step, up / 2) : -Math.min(step, down / 2);
      const h1 = this.#shifted(x, j, h, this.#forward);
      const h2 = this.#shifted(x, j, 2 * h, this.#backward);
      this.#write(out, column, atX, -1 / h1 - 1 / h2, h2 / (h1 * (h2 - h1)), -h1 / (h2 * (h2 - h1)));
    } else {
      const forwards = step <= up || up >= down;
      const h = this.#shifted(x, j, forwards ? Math.min(step, up) : -Math.min(step, down), this.#forward);
      this.#write(out, column, atX, -1 / h, 1 / h, 0);
    }
  }

  #stepSize(j: number, value: number): number {
    this.#largest[j] = Math.max(this.#largest[j]!, Math.abs(value));
    const typical = this.#settings.typicalX?.[j] ?? (1e-4 * this.#largest[j]! || 1);
    return this.#settings.relativeStep[j]! * Math.max(Math.abs(value), typical);
  }

  /** Residuals at x with entry j moved by h; returns the shift as it came out in floating point. */
  #shifted(x: Float64Array, j: number, h: number, out: Float64Array): number {
    const center = x[j]!;
    x[j] = Math.min(this.#box.upper[j]!, Math.max(this.#box.lower[j]!, center + h));
    const shift = x[j]! - center;
    this.#residuals(x, out);
    x[j] = center;
    return shift;
  }

  #write(out: Float64Array, column: number, atX: Float64Array, w0: number, w1: number, w2: number): void {
    const n = this.#free.length;
    const [forward, backward] = [this.#forward, this.#backward];
    // A weight of 0 must not let a stale or infinite buffer in.
    for (let i = 0; i < forward.length; i++) {
      out[i * n + column] = w0 * atX[i]! + w1 * forward[i]! + (w2 === 0 ? 0 : w2 * backward[i]!);
    }
  }
}
