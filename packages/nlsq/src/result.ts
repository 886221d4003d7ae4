/** The result of a fit, and the reasons in words. */
import type { Box } from "./bounds.ts";
import type { FreeParameters, Objective } from "./objective.ts";
import type { Settings } from "./options.ts";
import type { FitStatus, Outcome } from "./solver.ts";
import { correlationOf, type FitWarning, statisticsOf } from "./statistics.ts";
import { activeAtSolution } from "./trust-region-reflective.ts";

/** A fit of n parameters to m residuals. Matrices are row-major n × n over all parameters. */
export interface LeastSquaresResult {
  /** The best parameters found, fixed ones included. */
  readonly x: Float64Array;
  /** ½ scale² Σ ρ((r/scale)²) at x. */
  readonly cost: number;
  /** Σ r² at x, without the loss. */
  readonly residualSumOfSquares: number;
  /** Gradient of the cost at x; 0 for fixed parameters. */
  readonly gradient: Float64Array;
  /**
   * Largest cosine between the residuals and a column of J, |g_j| / (‖J_j‖ ‖r‖), and near a bound that the gradient
   * pushes against this times the distance to it in units of ‖r‖/‖J_j‖; 0 at a solution, at most 1.
   */
  readonly optimality: number;
  /** −1 where x touches its lower bound, 1 its upper bound, 0 otherwise; 0 for fixed parameters. */
  readonly activeMask: Int8Array;
  readonly status: FitStatus;
  /** Whether the fit converged: 'gtol', 'ftol', 'xtol', 'both' or 'precision-limit'. */
  readonly success: boolean;
  /** The status as a sentence. */
  readonly message: string;
  readonly iterations: number;
  /** Evaluations of the cost, without those inside finite differences. */
  readonly evaluations: number;
  readonly jacobianEvaluations: number;
  /**
   * 'classical': s²(JᵀJ)⁻¹ with s² = 2 cost/(m − n), or s² = 1 with absoluteSigma. 'sandwich': (JᵀJ)⁻¹ M (JᵀJ)⁻¹,
   * M = Σ of outer products of the scores, times m/(m − n) (clusters: G/(G − 1) · (m − 1)/(m − n)). Fixed parameters
   * have zeros. Absent when not asked for, when a parameter is undetermined, or when no degrees of freedom are left.
   */
  readonly covariance?: Float64Array;
  /** Square roots of the variances; Infinity for a parameter that the data do not determine, 0 for a fixed one. */
  readonly standardErrors?: Float64Array;
  /** Present when `covariance` is. */
  readonly correlation?: Float64Array;
  /** Numerical rank of J over the free parameters. */
  readonly rank: number;
  /** Condition number of JᵀJ with J's columns scaled to length 1; Infinity when rank-deficient. */
  readonly conditionNumber: number;
  /** m minus the number of free parameters; may be negative. */
  readonly degreesOfFreedom: number;
  /** 2 cost / degreesOfFreedom, which is χ² per degree of freedom for the linear loss; absent without any. */
  readonly reducedChi2?: number;
  readonly warnings: readonly FitWarning[];
}

const converged: readonly FitStatus[] = ["gtol", "ftol", "xtol", "both", "precision-limit"];

/** Assembles the result over all parameters from what the solver found over the free ones. */
export function resultOf(
  outcome: Outcome,
  objective: Objective,
  parameters: FreeParameters,
  freeBox: Box,
  settings: Settings,
  residualCount: number,
  names: readonly string[],
): LeastSquaresResult {
  const { indices } = parameters;
  const n = parameters.full.length;
  const counts = { evaluations: objective.evaluations, jacobianEvaluations: objective.jacobianEvaluations };
  const freeNames = Array.from(indices, (index) => names[index]!);
  const statistics = statisticsOf(outcome, objective, residualCount, settings, freeNames);
  const residualSumOfSquares =
    settings.loss.name === "linear" ? 2 * outcome.cost : objective.residualSumOfSquares(outcome.x);
  const active = activeAtSolution(outcome.x, freeBox, settings);
  const success = converged.includes(outcome.status);
  const freedom = residualCount - indices.length;
  const covariance = statistics.covariance && spreadMatrix(statistics.covariance, indices, n);
  const x = parameters.full.slice();
  for (let j = 0; j < indices.length; j++) x[indices[j]!] = outcome.x[j]!;
  const message =
    indices.length === 0 ? "all parameters are fixed: there is nothing to fit" : reason(outcome, settings);
  return {
    x,
    cost: outcome.cost,
    residualSumOfSquares,
    gradient: spread(outcome.model.gradient, indices, n),
    optimality: outcome.optimality,
    activeMask: Int8Array.from(spread(Float64Array.from(active), indices, n)),
    status: outcome.status,
    success,
    message,
    iterations: outcome.iterations,
    ...counts,
    ...(covariance && { covariance, correlation: correlationOf(covariance, n) }),
    ...(statistics.standardErrors && { standardErrors: spread(statistics.standardErrors, indices, n) }),
    rank: statistics.rank,
    conditionNumber: statistics.conditionNumber,
    degreesOfFreedom: freedom,
    ...(freedom > 0 && { reducedChi2: (2 * outcome.cost) / freedom }),
    warnings: [...convergenceWarning(success, message), ...statistics.warnings, ...boundWarning(active, freeNames)],
  };
}

function spread(values: Float64Array, indices: Int32Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < indices.length; j++) out[indices[j]!] = values[j]!;
  return out;
}

function spreadMatrix(values: Float64Array, indices: Int32Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  const k = indices.length;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) out[indices[i]! * n + indices[j]!] = values[i * k + j]!;
  return out;
}

function convergenceWarning(success: boolean, reason: string): FitWarning[] {
  if (success) return [];
  const message = `the fit did not converge (${reason}): parameters and errors describe the best point so far`;
  return [{ code: "not-converged", message, parameters: [] }];
}

function boundWarning(active: Int8Array, names: readonly string[]): FitWarning[] {
  const parameters = names.filter((_, j) => active[j] !== 0);
  if (parameters.length === 0) return [];
  const message = `${parameters.join(", ")} ended at a bound: standard errors treat the parameters as free there and are only indicative`;
  return [{ code: "at-bound", message, parameters }];
}

function reason(outcome: Outcome, settings: Settings): string {
  const optimality = outcome.optimality.toExponential(2);
  switch (outcome.status) {
    case "gtol":
      return `the first-order optimality ${optimality} is below gtol = ${settings.gtol}`;
    case "ftol":
      return `the cost changed by less than ftol = ${settings.ftol} of itself`;
    case "xtol":
      return `the step became shorter than xtol = ${settings.xtol} of the parameters`;
    case "both":
      return `the cost changed by less than ftol = ${settings.ftol} of itself and the step was shorter than xtol = ${settings.xtol} of the parameters`;
    case "precision-limit":
      return "the cost cannot be lowered further in double precision";
    case "stalled":
      return `no step, however short, lowers the cost although its gradient says so (optimality ${optimality}): the Jacobian may be wrong, or the residuals not smooth or not finite nearby`;
    case "max-iterations":
      return `the limit of ${settings.maxIterations} iterations was reached at optimality ${optimality}`;
    case "max-evaluations":
      return `the limit of ${settings.maxEvaluations} evaluations was reached at optimality ${optimality}`;
    case "aborted":
      return `the fit was aborted after ${outcome.iterations} iterations at optimality ${optimality}`;
  }
}
