import type { LogDensity } from "@siegert/log-density";
import type { Random } from "@siegert/random";
import type { KernelChoice } from "../chain/settings.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { NutsKernel } from "../kernel/nuts-kernel.ts";
import { StaticHmcKernel } from "../kernel/static-hmc-kernel.ts";
import type { Metric, MetricData } from "../metric/metric.ts";
import { metricFromData } from "../metric/metric-from-data.ts";
import { must, mustBePositive } from "../must.ts";

/** Which transitions a kernel makes. */
export interface TransitionKernelOptions {
  /** Number of coordinates. */
  readonly dim: number;
  /** Default `{ kind: "nuts" }`. */
  readonly kernel?: KernelChoice;
  /** Most doublings of a trajectory of the no-U-turn sampler. Default 10. */
  readonly maxTreeDepth?: number;
  /** Rise of the energy that counts as a divergence. Default 1000. */
  readonly maxEnergyError?: number;
}

/** A point with what is known there; `step` reads and writes it. */
export interface TransitionState {
  /** Length dim. */
  readonly position: Float64Array;
  /** Gradient of the log density at the position. */
  readonly gradient: Float64Array;
  /** Log density at the position; finite. */
  logDensity: number;
}

/** What a transition did. The object is used again by the next one. */
export interface TransitionInfo {
  /** Mean over the trajectory of min(1, exp(H₀ − H)). */
  readonly acceptRate: number;
  /** Doublings of the trajectory; 0 for static trajectories. */
  readonly treeDepth: number;
  /** Gradients evaluated. */
  readonly leapfrogs: number;
  /** Hamiltonian of the new point. */
  readonly energy: number;
  /** H − H₀ of the new point, and that of largest size on the trajectory. */
  readonly energyError: number;
  readonly maxEnergyError: number;
  /** Steps between the old and the new position along the trajectory, signed; 0 when it stayed. */
  readonly indexInTrajectory: number;
  /** Whether the trajectory ended in a divergence. */
  readonly isDivergent: boolean;
}

/** Single transitions that leave a density invariant, with a metric and a step size that the caller chooses. */
export interface TransitionKernel {
  readonly dim: number;
  /**
   * One transition of the density from `state`, which becomes the new point. A density that is not finite, or whose
   * gradient is not, ends the trajectory as a divergence.
   * @param density its `logDensityAndGradient` is called at positions that it must not change. Errors pass through and
   *   leave `state` as it was.
   * @param metric made by `transitionMetric`, of the same dimension.
   * @param stepSize positive.
   * @throws {InvalidArgumentError} for a step size that is not positive and finite, and a metric of another dimension.
   */
  step(
    density: Pick<LogDensity, "logDensityAndGradient">,
    state: TransitionState,
    metric: Metric,
    stepSize: number,
    random: Random,
  ): TransitionInfo;
}

/**
 * A metric ready for transitions: its scales are those of the density's coordinates (standard deviations, or the
 * Cholesky factor of a covariance).
 * @throws {InvalidArgumentError} unless it is one of `dim` coordinates with positive, finite scales.
 */
export function transitionMetric(metric: MetricData, dim: number): Metric {
  return metricFromData(metric, dim);
}

/**
 * A kernel for samplers that adapt by themselves, such as parallel tempering: the transitions of `sample`, one at a
 * time. No-U-turn (Hoffman & Gelman 2014; Betancourt 2017, arXiv 1701.02434), or trajectories of fixed mean length with
 * jitter (Neal 2011, arXiv 1206.1901). Its buffers are its own: one kernel per thread, for any number of states.
 * @throws {InvalidArgumentError} for options out of range.
 */
export function createTransitionKernel(options: TransitionKernelOptions): TransitionKernel {
  const { dim, kernel = { kind: "nuts" }, maxTreeDepth = 10, maxEnergyError = 1000 } = options;
  must(Number.isSafeInteger(dim) && dim > 0, "dim", "be a positive integer", dim);
  must(
    Number.isSafeInteger(maxTreeDepth) && maxTreeDepth > 0 && maxTreeDepth <= 30,
    "maxTreeDepth",
    "be an integer from 1 to 30",
    maxTreeDepth,
  );
  mustBePositive("maxEnergyError", maxEnergyError);
  return new SingleTransitions(dim, makeKernel(kernel, dim, maxEnergyError), maxTreeDepth);
}

function makeKernel(kernel: KernelChoice, dim: number, maxEnergyError: number): Kernel {
  switch (kernel.kind) {
    case "nuts":
      return new NutsKernel(dim, maxEnergyError);
    case "static-hmc": {
      const { leapfrogs, jitter } = kernel;
      must(Number.isSafeInteger(leapfrogs) && leapfrogs > 0, "kernel.leapfrogs", "be a positive integer", leapfrogs);
      must(jitter >= 0 && jitter < 1, "kernel.jitter", "lie in [0, 1)", jitter);
      return new StaticHmcKernel(dim, maxEnergyError, leapfrogs, jitter);
    }
    default:
      must(false, "kernel.kind", "be nuts or static-hmc", (kernel as KernelChoice).kind);
  }
}

class SingleTransitions implements TransitionKernel {
  readonly dim: number;
  readonly #kernel: Kernel;
  readonly #maxTreeDepth: number;
  readonly #info = {
    acceptRate: 0,
    treeDepth: 0,
    leapfrogs: 0,
    energy: 0,
    energyError: 0,
    maxEnergyError: 0,
    indexInTrajectory: 0,
    isDivergent: false,
  };

  constructor(dim: number, kernel: Kernel, maxTreeDepth: number) {
    this.dim = dim;
    this.#kernel = kernel;
    this.#maxTreeDepth = maxTreeDepth;
  }

  step(
    density: Pick<LogDensity, "logDensityAndGradient">,
    state: TransitionState,
    metric: Metric,
    stepSize: number,
    random: Random,
  ): TransitionInfo {
    mustBePositive("stepSize", stepSize);
    must(metric.dim === this.dim, "metric", `have ${this.dim} coordinates`, metric.dim);
    const kernel = this.#kernel;
    kernel.begin(state, metric, stepSize, random, this.#maxTreeDepth);
    while (!kernel.advance(density.logDensityAndGradient(kernel.position, kernel.gradient)));
    const { transition } = kernel;
    const info = this.#info;
    info.acceptRate = transition.acceptRate;
    info.treeDepth = transition.treeDepth;
    info.leapfrogs = transition.leapfrogs;
    info.energy = transition.energy;
    info.energyError = transition.energyError;
    info.maxEnergyError = transition.maxEnergyError;
    info.indexInTrajectory = transition.indexInTrajectory;
    info.isDivergent = transition.divergence !== undefined;
    return info;
  }
}
