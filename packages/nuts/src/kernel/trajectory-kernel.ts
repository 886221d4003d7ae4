import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import { Integrator } from "./integrator.ts";
import { emptyTransition, type Kernel, type Point, type Transition } from "./kernel.ts";

/** What kernels that follow Hamiltonian trajectories have in common. */
export abstract class TrajectoryKernel implements Kernel {
  readonly transition: Transition = emptyTransition();
  protected readonly integrator: Integrator;
  protected point!: Point;
  protected metric!: Metric;
  protected random!: Random;
  protected stepSize = 0;
  protected initialEnergy = 0;
  readonly #maxEnergyError: number;

  /** @param maxEnergyError rise of the energy that counts as a divergence. */
  constructor(dim: number, maxEnergyError: number) {
    this.integrator = new Integrator(dim);
    this.#maxEnergyError = maxEnergyError;
  }

  get position(): Float64Array {
    return this.integrator.position;
  }

  get gradient(): Float64Array {
    return this.integrator.gradient;
  }

  /** Puts the integrator at the point with a new momentum. */
  begin(point: Point, metric: Metric, stepSize: number, random: Random, _maxTreeDepth: number): void {
    this.point = point;
    this.metric = metric;
    this.random = random;
    this.stepSize = stepSize;
    this.initialEnergy = this.integrator.start(point, metric, random);
    Object.assign(this.transition, emptyTransition(), { energy: this.initialEnergy });
  }

  abstract advance(logDensity: number): boolean;

  /** Finishes a leapfrog step; gives how much the energy has risen, Infinity where it is none. */
  protected energyErrorAt(logDensity: number, signedStep: number): number {
    const { transition } = this;
    const rise = this.integrator.finishStep(this.metric, signedStep) - logDensity - this.initialEnergy;
    // NaN, and a log density of +∞, which no point can have.
    const energyError = rise > -Infinity ? rise : Infinity;
    transition.leapfrogs++;
    if (Math.abs(energyError) > Math.abs(transition.maxEnergyError)) transition.maxEnergyError = energyError;
    return energyError;
  }

  /** Adds the probability of accepting a point with this rise of the energy, and the symmetric one. */
  protected countAcceptance(energyError: number): void {
    const ratio = Math.exp(-Math.abs(energyError));
    this.transition.acceptRate += energyError <= 0 ? 1 : ratio;
    this.transition.acceptRateSymmetric += (2 * ratio) / (1 + ratio);
  }

  /** Whether the trajectory has diverged with this rise of the energy; if so, notes where. */
  protected diverges(energyError: number): boolean {
    if (energyError <= this.#maxEnergyError) return false;
    const { previous, position } = this.integrator;
    this.transition.divergence = { start: previous.slice(), end: position.slice(), energyError };
    return true;
  }
}
