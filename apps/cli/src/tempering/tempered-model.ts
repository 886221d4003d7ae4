import type { TemperedProblem } from "@siegert/pt-tempering";

/** A model file made ready to run. */
export interface TemperedModel {
  readonly problem: TemperedProblem;
  /** β of the target, at the end of the ladder. */
  readonly beta: number;
  /** log Z of the reference relative to counting measure: the logarithm of the number of states; 0 for densities. */
  readonly logReference: number;
  /** Such as "Ising model, 4 × 4 torus". */
  readonly title: string;
  /** Checksum of all that defines the model, to tell a checkpoint of another one. */
  readonly fingerprint: string;
  /** Whether states are spins or categories, small numbers to be saved as such. */
  readonly isDiscrete: boolean;
}
