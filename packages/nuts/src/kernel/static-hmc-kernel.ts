import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import { Integrator, kineticEnergy } from "./integrator.ts";
import { emptyTransition, type Kernel, type Point, resetTransition, type Transition } from "./kernel.ts";

/**
 * Hamiltonian Monte Carlo with trajectories of about the same number of steps (Neal 2011, arXiv 1206.1901): a uniform
 * number between (1 − jitter) and (1 + jitter) times `leapfrogs`, so that no period is met exactly, and acceptance of
 * the last point by Metropolis' rule.
 */
export class StaticHmcKernel implements Kernel {
  readonly transition: Transition = emptyTransition();
  readonly #maxEnergyError: number;
  readonly #shortest: number;
  readonly #lengths: number;
  readonly #integrator: Integrator;
  #point!: Point;
  #metric!: Metric;
  #random!: Random;
  #stepSize = 0;
  #initialEnergy = 0;
  #steps = 0;

  constructor(dim: number, maxEnergyError: number, leapfrogs: number, jitter: number) {
    this.#maxEnergyError = maxEnergyError;
    this.#shortest = Math.max(1, Math.ceil((1 - jitter) * leapfrogs));
    this.#lengths = Math.max(this.#shortest, Math.floor((1 + jitter) * leapfrogs)) - this.#shortest + 1;
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
    this.#stepSize = stepSize;
    const integrator = this.#integrator;
    integrator.position.set(point.position);
    metric.whiten(point.gradient, integrator.force);
    random.fillNormal(integrator.momentum);
    this.#steps = this.#shortest + random.integer(this.#lengths);
    this.#initialEnergy = kineticEnergy(integrator.momentum) - point.logDensity;
    resetTransition(this.transition);
    integrator.halfStep(metric, stepSize);
  }

  advance(logDensity: number): boolean {
    const { transition } = this;
    const integrator = this.#integrator;
    const kinetic = integrator.finishStep(this.#metric, this.#stepSize);
    let energyError = kinetic - logDensity - this.#initialEnergy;
    if (!(energyError > -Infinity)) energyError = Infinity;
    transition.leapfrogs++;
    if (Math.abs(energyError) > Math.abs(transition.maxEnergyError)) transition.maxEnergyError = energyError;
    const isDivergent = !(energyError <= this.#maxEnergyError);
    if (!isDivergent && transition.leapfrogs < this.#steps) {
      integrator.halfStep(this.#metric, this.#stepSize);
      return false;
    }
    if (isDivergent) {
      transition.divergence = { start: integrator.previous.slice(), end: integrator.position.slice(), energyError };
    }
    this.#decide(logDensity, energyError, isDivergent);
    return true;
  }

  #decide(logDensity: number, energyError: number, isDivergent: boolean): void {
    const { transition } = this;
    const point = this.#point;
    const ratio = isDivergent ? 0 : Math.exp(-Math.abs(energyError));
    transition.acceptRate = !isDivergent && energyError <= 0 ? 1 : ratio;
    transition.acceptRateSymmetric = (2 * ratio) / (1 + ratio);
    transition.energy = this.#initialEnergy;
    if (this.#random.uniform() >= transition.acceptRate) return;
    transition.energyError = energyError;
    transition.energy = this.#initialEnergy + energyError;
    transition.indexInTrajectory = transition.leapfrogs;
    point.position.set(this.#integrator.position);
    point.gradient.set(this.#integrator.gradient);
    point.logDensity = logDensity;
  }
}
