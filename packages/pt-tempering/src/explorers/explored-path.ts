import type { Random } from "@siegert/random";
import type { CoordinateKind } from "../references/coordinate-kind.ts";

/**
 * The tempered density that one exploration step has to leave invariant, and the state that it moves. An explorer
 * evaluates trial positions of its own, and says where the state goes.
 */
export interface ExploredPath {
  readonly dim: number;
  /** Of every coordinate. */
  readonly kinds: readonly CoordinateKind[];
  /** Chain (rung) of the ladder, the leg that it belongs to, and its β. */
  readonly chain: number;
  readonly leg: number;
  readonly beta: number;
  /** The replica's stream. */
  readonly random: Random;
  /** The state, length dim. Explorers read it and move it by `accept` and `moveTo` alone. */
  readonly position: Float64Array;
  /** Log density of the state at this β; finite. */
  readonly logDensity: number;
  /** Log density of a trial position; −∞ where it cannot be, never NaN or +∞. */
  evaluate(trial: Float64Array): number;
  /** The same, and writes the gradient; zeros where the density is 0. */
  evaluateWithGradient(trial: Float64Array, gradient: Float64Array): number;
  /** Makes the trial that was evaluated last the state. */
  accept(trial: Float64Array): void;
  /** Makes a trial evaluated earlier the state; costs one evaluation in the end. */
  moveTo(trial: Float64Array, logDensity: number): void;
}
