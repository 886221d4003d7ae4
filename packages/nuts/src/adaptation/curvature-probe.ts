import type { Point } from "../kernel/kernel.ts";
import { usable } from "./usable-scale.ts";

/** Beyond this many coordinates a gradient for each would cost too much. */
const LIMIT = 1000;
const TRIES = 8;

/**
 * Guesses the scale of every coordinate at the start from the second derivative along it, one or two gradients each:
 * σ⁻² = |h| + 0.01 g². The second term keeps σ near the length over which the density falls where it is nearly
 * exponential. Steps are chosen by how much they change the log density, so the guess is the same whatever units the
 * coordinates have.
 */
export class CurvatureProbe {
  readonly gradient: Float64Array;
  readonly position: Float64Array;
  readonly scale: Float64Array;
  #point!: Point;
  #index = 0;
  #step = 0;
  #tries = 0;

  constructor(dim: number) {
    this.gradient = new Float64Array(dim);
    this.position = new Float64Array(dim);
    this.scale = new Float64Array(dim);
  }

  /** Starts; true when there is nothing to evaluate, because there are too many coordinates: then σ² = 1/|g|. */
  begin(point: Point): boolean {
    this.#point = point;
    this.position.set(point.position);
    this.#index = 0;
    if (point.position.length > LIMIT) {
      for (let i = 0; i < this.scale.length; i++) this.scale[i] = usable(Math.abs(point.gradient[i]!) ** -0.5, 1);
      return true;
    }
    this.#propose(0.1 / Math.abs(point.gradient[0]!));
    return false;
  }

  /** Takes the log density at `position`; true when `scale` is complete. */
  advance(logDensity: number): boolean {
    const i = this.#index;
    const point = this.#point;
    const change = Math.abs(logDensity - point.logDensity);
    const slope = (this.gradient[i]! - point.gradient[i]!) / this.#step;
    const isUsable = change <= 1 && Number.isFinite(slope);
    if (!isUsable && ++this.#tries < TRIES) {
      this.#propose(this.#step * (change > 1 && change < Infinity ? Math.max(1e-8, 0.7 / Math.sqrt(change)) : 0.1));
      return false;
    }
    const g = point.gradient[i]!;
    this.scale[i] = usable(1 / Math.sqrt((isUsable ? Math.abs(slope) : 0) + 0.01 * g * g), 1);
    this.position[i] = point.position[i]!;
    this.#tries = 0;
    if (++this.#index === this.scale.length) return true;
    this.#propose(0.1 / Math.abs(point.gradient[this.#index]!));
    return false;
  }

  /** A step along the current coordinate that is not lost in rounding. */
  #propose(step: number): void {
    const x = this.#point.position[this.#index]!;
    const finite = step < 1e150 ? step : Math.max(0.1 * Math.abs(x), 1e-8);
    this.position[this.#index] = x + Math.max(finite, Math.abs(x) * 1e-10, 1e-200);
    this.#step = this.position[this.#index]! - x;
  }
}
