export { type Arithmetic, type Complex, complexArithmetic, realArithmetic } from "./arithmetic.ts";
export type { Bounds } from "./bounds.ts";
export {
  type ComplexStepCurveFitOptions,
  type CurveFitOptions,
  type CurveFitResult,
  curveFit,
  curveFitAsync,
  type VectorizedCurveFitOptions,
} from "./curve-fit.ts";
export type {
  ArithmeticModel,
  PointJacobian,
  PointModel,
  VectorizedJacobian,
  VectorizedModel,
} from "./curve-model.ts";
export type { StopSignal } from "./event-loop.ts";
export type { FiniteDifferenceMethod, FiniteDifferenceOptions } from "./finite-difference.ts";
export { latinHypercube } from "./latin-hypercube.ts";
export { leastSquares, leastSquaresAsync } from "./least-squares.ts";
export { type Loss, type LossName, lossNames, rho, robustCost, robustFactors } from "./loss.ts";
export { type LocalOptimum, type MultistartResult, multistart, multistartAsync } from "./multistart.ts";
export type { MultistartEvent, MultistartOptions } from "./multistart-plan.ts";
export { NonFiniteStartError } from "./non-finite-start-error.ts";
export type { CovarianceKind, IterationEvent, LeastSquaresOptions, Method } from "./options.ts";
export type { LeastSquaresProblem, NormalEquationsProblem, ResidualProblem } from "./problem.ts";
export type { LeastSquaresResult } from "./result.ts";
export { sandwichCovariance } from "./sandwich-covariance.ts";
export type { Spacing } from "./search-space.ts";
export type { FitStatus } from "./solver.ts";
export type { FitWarning } from "./statistics.ts";
