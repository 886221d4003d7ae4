import type { EnergyModel } from "../models/energy-model.ts";
import type { GibbsProgram } from "../program/gibbs-program.ts";
import type { TrackedSweep } from "../program/tracked-sweep.ts";

/** A program with the sweep that keeps track of its energy. */
export interface TrackedProgram {
  readonly program: GibbsProgram;
  readonly tracked: TrackedSweep;
}

/** What all replicas of a problem share. */
export interface SharedReplicaParts {
  readonly model: EnergyModel;
  /** A state with the clamped values in it. */
  readonly start: Float64Array;
  /** Numbers of the nodes that move. */
  readonly free: Int32Array;
  readonly sweeps: number;
  readonly refreshEvery: number;
  programAt(beta: number): TrackedProgram;
}
