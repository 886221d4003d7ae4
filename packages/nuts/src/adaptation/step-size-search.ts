import type { Random } from "@siegert/random";
import { Integrator } from "../kernel/integrator.ts";
import type { Point } from "../kernel/kernel.ts";
import type { Metric } from "../metric/metric.ts";

/** Acceptance probability of one step at which the search stops. */
const LOG_ACCEPT = Math.log(0.8);
const LARGEST = 1e7;
const SMALLEST = 1e-10;

/**
 * A reasonable first step size: doubled or halved until the acceptance probability of a single leapfrog step crosses
 * 0.8 (Hoffman & Gelman 2014, algorithm 4, with a new momentum for each try as in Stan). One gradient per `advance`.
 */
export class StepSizeSearch {
  readonly #integrator: Integrator;
  #point!: Point;
  #metric!: Metric;
  #random!: Random;
  #direction = 0;
  #initialEnergy = 0;
  stepSize = 1;

  constructor(dim: number) {
    this.#integrator = new Integrator(dim);
  }

  get position(): Float64Array {
    return this.#integrator.position;
  }

  get gradient(): Float64Array {
    return this.#integrator.gradient;
  }

  begin(point: Point, metric: Metric, stepSize: number, random: Random): void {
    this.#point = point;
    this.#metric = metric;
    this.#random = random;
    this.#direction = 0;
    this.stepSize = stepSize;
    this.#try();
  }

  /** Takes the log density; true when `stepSize` is found. */
  advance(logDensity: number): boolean {
    const energy = this.#integrator.finishStep(this.#metric, this.stepSize) - logDensity;
    const difference = this.#initialEnergy - energy;
    const direction = difference > LOG_ACCEPT && difference < Infinity ? 1 : -1;
    if (this.#direction !== 0 && direction !== this.#direction) {
      // The last size on the good side.
      if (direction < 0) this.stepSize /= 2;
      return true;
    }
    this.#direction = direction;
    const next = this.stepSize * 2 ** direction;
    if (!(next < LARGEST && next > SMALLEST)) return true;
    this.stepSize = next;
    this.#try();
    return false;
  }

  #try(): void {
    const integrator = this.#integrator;
    this.#initialEnergy = integrator.start(this.#point, this.#metric, this.#random);
    integrator.halfStep(this.#metric, this.stepSize);
  }
}
