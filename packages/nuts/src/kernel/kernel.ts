import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";

/** A point with what is known there; its arrays belong to whoever made it. */
export interface Point {
  readonly position: Float64Array;
  readonly gradient: Float64Array;
  logDensity: number;
}

/** Where a trajectory lost its energy: the last good position and the one after it. */
export interface Divergence {
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Infinity when the log density or its gradient was not finite. */
  readonly energyError: number;
}

/** What a transition did; the object is used again by the next one. */
export interface Transition {
  /** Mean over the trajectory of min(1, exp(H₀ − H)). */
  acceptRate: number;
  /** Mean of 2 min(1, e^Δ)/(1 + e^Δ) with Δ = H₀ − H: as low for too small energies as for too large ones. */
  acceptRateSymmetric: number;
  /** Doublings of the trajectory. */
  treeDepth: number;
  leapfrogs: number;
  /** Hamiltonian of the new draw's phase point, −log density + kinetic energy. */
  energy: number;
  /** H − H₀ of the new draw. */
  energyError: number;
  /** H − H₀ of largest size on the trajectory. */
  maxEnergyError: number;
  /** Steps between the old and the new position along the trajectory, signed; 0 when it stayed. */
  indexInTrajectory: number;
  /** Set when the trajectory ended in a divergence. */
  divergence: Divergence | undefined;
}

/**
 * A Markov kernel as a machine that asks for gradients one at a time, so that chains can be run alone or many at once:
 * `begin`, then evaluate at `position` into `gradient` and `advance` with the value until that says true.
 */
export interface Kernel {
  /** Where value and gradient are wanted. Read it again before each evaluation: the array changes. */
  readonly position: Float64Array;
  /** To be written by the caller before `advance`. */
  readonly gradient: Float64Array;
  readonly transition: Transition;
  /** Starts a transition from `point`, which is updated when it ends. */
  begin(point: Point, metric: Metric, stepSize: number, random: Random, maxTreeDepth: number): void;
  /** Takes the log density at `position`; true when the transition is over. */
  advance(logDensity: number): boolean;
}

/** Nothing done yet. */
export function emptyTransition(): Transition {
  return {
    acceptRate: 0,
    acceptRateSymmetric: 0,
    treeDepth: 0,
    leapfrogs: 0,
    energy: 0,
    energyError: 0,
    maxEnergyError: 0,
    indexInTrajectory: 0,
    divergence: undefined,
  };
}
