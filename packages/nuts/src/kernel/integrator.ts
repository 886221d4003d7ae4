import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import type { Point } from "./kernel.ts";

/**
 * Leapfrog steps in whitened momenta, one gradient each: half a kick, a move, and, when the gradient at the new
 * position is known, the other half. Buffers are used in turn; nothing is allocated.
 */
export class Integrator {
  /** Whitened momentum. */
  momentum: Float64Array;
  /** Gradient at `position`, written by the caller. */
  readonly gradient: Float64Array;
  /** Current position, or after `halfStep` the one where the gradient is wanted. */
  position: Float64Array;
  /** The position before the last move. */
  previous: Float64Array;
  /** Lᵀ∇log π at the last position whose gradient is known. */
  readonly force: Float64Array;

  constructor(dim: number) {
    this.momentum = new Float64Array(dim);
    this.gradient = new Float64Array(dim);
    this.position = new Float64Array(dim);
    this.previous = new Float64Array(dim);
    this.force = new Float64Array(dim);
  }

  /** Stands at a point with a new momentum; gives the energy. */
  start(point: Point, metric: Metric, random: Random): number {
    const { momentum } = this;
    this.position.set(point.position);
    metric.whiten(point.gradient, this.force);
    random.fillNormal(momentum);
    let sum = 0;
    for (let i = 0; i < momentum.length; i++) sum += momentum[i]! * momentum[i]!;
    return 0.5 * sum - point.logDensity;
  }

  /** Half a kick and the move; `signedStep` is negative backward in time. */
  halfStep(metric: Metric, signedStep: number): void {
    const { momentum, force } = this;
    const half = 0.5 * signedStep;
    for (let i = 0; i < momentum.length; i++) momentum[i] = momentum[i]! + half * force[i]!;
    metric.move(this.position, signedStep, momentum, this.previous);
    const from = this.position;
    this.position = this.previous;
    this.previous = from;
  }

  /** The other half of the kick; gives the kinetic energy. */
  finishStep(metric: Metric, signedStep: number): number {
    const { momentum, force } = this;
    metric.whiten(this.gradient, force);
    const half = 0.5 * signedStep;
    let sum = 0;
    for (let i = 0; i < momentum.length; i++) {
      const p = momentum[i]! + half * force[i]!;
      momentum[i] = p;
      sum += p * p;
    }
    return 0.5 * sum;
  }
}
