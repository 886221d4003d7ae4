/** What the solvers see of a problem: a cost and a linear model over the parameters that are free to move. */
import type { Box } from "./bounds.ts";
import type { LinearModel } from "./linear-model.ts";
import type { NonFiniteStartError } from "./non-finite-start-error.ts";

/** Which entries of the full parameter vector the solver moves. */
export interface FreeParameters {
  /** Indices into the full vector, ascending. */
  readonly indices: Int32Array;
  /** Bounds of the full vector. */
  readonly box: Box;
  /** The full vector; its fixed entries never change, its free ones are overwritten by every evaluation. */
  readonly full: Float64Array;
}

/** Writes the free entries into the full vector and returns it. */
export function scatter(parameters: FreeParameters, x: Float64Array): Float64Array {
  const { indices, full } = parameters;
  for (let j = 0; j < indices.length; j++) full[indices[j]!] = x[j]!;
  return full;
}

export interface Objective {
  /** Cost at the free parameters x; not finite means that the point is to be rejected. */
  cost(x: Float64Array): number;
  /** Linear model at the x of the latest call of `cost`; `undefined` when a derivative there is not finite. */
  linearise(x: Float64Array): LinearModel | undefined;
  /** Whether all residuals at the latest x are 0 themselves, and not only their squares; as far as can be told. */
  isExact(): boolean;
  /** Σ s sᵀ of the contributions to the gradient at x, free × free; `undefined` when the problem cannot tell. */
  scoreOuterProducts(x: Float64Array): Float64Array | undefined;
  /** Σ r² at x, whatever the loss. */
  residualSumOfSquares(x: Float64Array): number;
  /** Name of the first part that is not finite at x, for the refusal of a bad start. */
  firstNonFinite(x: Float64Array): NonFiniteStartError;
  /** Calls of `cost` so far. */
  readonly evaluations: number;
  /** Calls of `linearise` so far. */
  readonly jacobianEvaluations: number;
  /** Relative size below which a singular value of the column-scaled J cannot be told from 0. */
  readonly rankTolerance: number;
}
