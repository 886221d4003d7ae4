import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import type { Point } from "./kernel.ts";
import { TrajectoryKernel } from "./trajectory-kernel.ts";

/**
 * Hamiltonian Monte Carlo with trajectories of about the same number of steps (Neal 2011, arXiv 1206.1901): a uniform
 * number between (1 − jitter) and (1 + jitter) times `leapfrogs`, so that no period is met exactly, and acceptance of
 * the last point by Metropolis' rule.
 */
export class StaticHmcKernel extends TrajectoryKernel {
  readonly #shortest: number;
  readonly #lengths: number;
  #steps = 0;

  constructor(dim: number, maxEnergyError: number, leapfrogs: number, jitter: number) {
    super(dim, maxEnergyError);
    this.#shortest = Math.max(1, Math.ceil((1 - jitter) * leapfrogs));
    this.#lengths = Math.max(this.#shortest, Math.floor((1 + jitter) * leapfrogs)) - this.#shortest + 1;
  }

  override begin(point: Point, metric: Metric, stepSize: number, random: Random, maxTreeDepth: number): void {
    super.begin(point, metric, stepSize, random, maxTreeDepth);
    this.#steps = this.#shortest + random.integer(this.#lengths);
    this.integrator.halfStep(metric, stepSize);
  }

  advance(logDensity: number): boolean {
    const energyError = this.energyErrorAt(logDensity, this.stepSize);
    const isDivergent = this.diverges(energyError);
    if (!isDivergent && this.transition.leapfrogs < this.#steps) {
      this.integrator.halfStep(this.metric, this.stepSize);
      return false;
    }
    this.#decide(logDensity, isDivergent ? Infinity : energyError);
    return true;
  }

  #decide(logDensity: number, energyError: number): void {
    const { transition } = this;
    const point = this.point;
    this.countAcceptance(energyError);
    if (this.random.uniform() >= transition.acceptRate) return;
    transition.energyError = energyError;
    transition.energy += energyError;
    transition.indexInTrajectory = transition.leapfrogs;
    point.position.set(this.integrator.position);
    point.gradient.set(this.integrator.gradient);
    point.logDensity = logDensity;
  }
}
