/**
 * The two ways in which a model can present itself to the solvers. The arrays that a solver passes in are its own and
 * reused from call to call: read x, write the outputs, keep none of them.
 */
import type { Loss } from "./loss.ts";

/** A model given by its residuals r(x), and by their Jacobian where it is known. */
export interface ResidualProblem {
  /** m, the number of residuals. */
  readonly residualCount: number;
  /** Writes r(x), length m. An entry that is not finite makes x a rejected point. */
  residuals(x: Float64Array, out: Float64Array): void;
  /** Writes J, row-major m × n, J[i, j] = ∂r_i/∂x_j. Finite differences are used where it is absent. */
  jacobian?(x: Float64Array, out: Float64Array): void;
}

/**
 * A model that accumulates its own normal equations, so that J, m × n, is never held. It applies the loss itself:
 * `robustFactors` gives the numbers for one residual.
 */
export interface NormalEquationsProblem {
  /** m, the number of residuals; used for degrees of freedom. */
  readonly residualCount: number;
  /** ½ scale² Σ ρ((r/scale)²), which is ½ Σ r² for the linear loss. Not finite = rejected point. */
  cost(x: Float64Array, loss: Loss): number;
  /**
   * The cost again, and writes `jtj` = J̃ᵀJ̃ (row-major n × n, full and symmetric, positive semidefinite) and
   * `jtr` = J̃ᵀr̃, the gradient of the cost.
   */
  normalEquations(x: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array): number;
  /**
   * For the sandwich covariance: writes Σ s sᵀ (row-major n × n) over independent contributions s to the gradient,
   * one per residual or one per group of residuals that belong together.
   */
  scoreOuterProducts?(x: Float64Array, loss: Loss, out: Float64Array): void;
}

/** What `leastSquares` fits. An object that offers both faces is fitted through its normal equations. */
export type LeastSquaresProblem = ResidualProblem | NormalEquationsProblem;

export function hasNormalEquations(problem: LeastSquaresProblem): problem is NormalEquationsProblem {
  return "normalEquations" in problem && typeof problem.normalEquations === "function";
}
