/** `curveFit`: a model, x and y; in the manner of SciPy's `curve_fit`. */
import { InvalidArgumentError } from "@siegert/errors";
import type { Bounds } from "./bounds.ts";
import {
  type ArithmeticModel,
  type CurveData,
  complexStepJacobian,
  curveProblem,
  type Evaluate,
  evaluateArithmetic,
  evaluatePoints,
  type PointJacobian,
  type PointModel,
  pointJacobian,
  type VectorizedJacobian,
  type VectorizedModel,
} from "./curve-model.ts";
import type { FiniteDifferenceMethod } from "./finite-difference.ts";
import { leastSquares, leastSquaresAsync } from "./least-squares.ts";
import { type LeastSquaresOptions, optionNames, refuseUnknown } from "./options.ts";
import type { ResidualProblem } from "./problem.ts";
import type { LeastSquaresResult } from "./result.ts";

interface CurveFitBase extends LeastSquaresOptions {
  /**
   * Initial parameters. Default: the middle of two finite bounds, 1 inside a single one, 1 without; the number of
   * parameters then comes from the length of the bounds or of `parameterNames`.
   */
  readonly p0?: ArrayLike<number> | undefined;
  /** Standard deviation of y: one for all or one per point. Default 1. Relative unless `absoluteSigma` is true. */
  readonly sigma?: number | ArrayLike<number> | undefined;
}

/** Options for a model of one x. */
export interface CurveFitOptions<X> extends CurveFitBase {
  readonly vectorized?: false | undefined;
  /** Derivatives of the model, or how to difference them. Default '3-point'. */
  readonly jacobian?: FiniteDifferenceMethod | PointJacobian<X> | undefined;
}

/** Options for a model that computes all points in one call. */
export interface VectorizedCurveFitOptions<X> extends CurveFitBase {
  readonly vectorized: true;
  readonly jacobian?: FiniteDifferenceMethod | VectorizedJacobian<X> | undefined;
}

/** Options for a model written against `Arithmetic`, whose derivatives are exact to rounding. */
export interface ComplexStepCurveFitOptions extends CurveFitBase {
  readonly vectorized?: false | undefined;
  readonly jacobian: "complex-step";
}

/** A least-squares result that also speaks of the curve. */
export interface CurveFitResult extends LeastSquaresResult {
  /** The fitted parameters; the same array as `x`. */
  readonly parameters: Float64Array;
  /** The model at every x. */
  readonly fitted: Float64Array;
  /** y − fitted, in the units of y. */
  readonly residuals: Float64Array;
}

type AnyModel<X> = PointModel<X> | VectorizedModel<X> | ArithmeticModel<X>;
type AnyOptions<X> = CurveFitOptions<X> | VectorizedCurveFitOptions<X> | ComplexStepCurveFitOptions;

/**
 * Fits y ≈ f(x, parameters) by least squares.
 *
 * @param f the model: at one x, or `vectorized: true`, or written against `Arithmetic` with `jacobian: "complex-step"`.
 * @param x m points of any kind that the model understands.
 * @param y m finite numbers.
 * @throws {InvalidArgumentError} for x and y of different lengths, y or x not finite, sigma not positive, no way to
 * tell the number of parameters, and all that `leastSquares` refuses.
 */
export function curveFit<X = number>(
  f: PointModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options?: CurveFitOptions<X>,
): CurveFitResult;
export function curveFit<X = number>(
  f: VectorizedModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: VectorizedCurveFitOptions<X>,
): CurveFitResult;
export function curveFit<X = number>(
  f: ArithmeticModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: ComplexStepCurveFitOptions,
): CurveFitResult;
export function curveFit<X>(
  f: AnyModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: AnyOptions<X> = {},
): CurveFitResult {
  const task = prepare(f, x, y, options);
  return withCurve(leastSquares(task.problem, task.start, task.options), task);
}

/** As {@link curveFit}, to the same bits, with a turn of the event loop about every 50 ms. */
export function curveFitAsync<X = number>(
  f: PointModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options?: CurveFitOptions<X>,
): Promise<CurveFitResult>;
export function curveFitAsync<X = number>(
  f: VectorizedModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: VectorizedCurveFitOptions<X>,
): Promise<CurveFitResult>;
export function curveFitAsync<X = number>(
  f: ArithmeticModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: ComplexStepCurveFitOptions,
): Promise<CurveFitResult>;
export async function curveFitAsync<X>(
  f: AnyModel<X>,
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  options: AnyOptions<X> = {},
): Promise<CurveFitResult> {
  const task = prepare(f, x, y, options);
  return withCurve(await leastSquaresAsync(task.problem, task.start, task.options), task);
}

interface Task {
  readonly problem: ResidualProblem;
  readonly start: Float64Array;
  readonly options: LeastSquaresOptions;
  readonly evaluate: Evaluate;
  readonly y: Float64Array;
}

function prepare<X>(f: AnyModel<X>, x: ArrayLike<X>, y: ArrayLike<number>, options: AnyOptions<X>): Task {
  refuseUnknown(options, [...optionNames, "p0", "sigma", "vectorized", "jacobian"]);
  const { p0, sigma = 1, vectorized = false, jacobian = "3-point", ...rest } = options;
  const data = curveData(x, y, sigma);
  const isComplexStep = jacobian === "complex-step";
  if (vectorized && isComplexStep) {
    throw new InvalidArgumentError("jacobian", "not be 'complex-step' for a vectorized model", jacobian);
  }
  // The overloads tie the form of the model to the options; here the options tell which form it is.
  const evaluate: Evaluate = vectorized
    ? (parameters, out) => (f as VectorizedModel<X>)(x, parameters, out)
    : isComplexStep
      ? evaluateArithmetic(f as ArithmeticModel<X>, x)
      : evaluatePoints(f as PointModel<X>, x);
  const problem = curveProblem(data, evaluate, derivatives(f, data, jacobian, vectorized));
  const start = p0 === undefined ? defaultStart(rest.bounds, rest.parameterNames) : Float64Array.from(p0);
  const isDifferenced = jacobian === "2-point" || jacobian === "3-point";
  const finiteDifference = isDifferenced ? { ...rest.finiteDifference, method: jacobian } : rest.finiteDifference;
  return { problem, start, options: { ...rest, finiteDifference }, evaluate, y: data.y };
}

function derivatives<X>(
  f: AnyModel<X>,
  data: CurveData<X>,
  jacobian: NonNullable<AnyOptions<X>["jacobian"]>,
  vectorized: boolean,
): Evaluate | undefined {
  const { x, y } = data;
  if (jacobian === "complex-step") return complexStepJacobian(f as ArithmeticModel<X>, x, y.length);
  if (jacobian === "2-point" || jacobian === "3-point") return undefined;
  if (typeof jacobian !== "function") {
    throw new InvalidArgumentError("jacobian", "be a function, '2-point', '3-point' or 'complex-step'", jacobian);
  }
  if (!vectorized) return pointJacobian(jacobian as PointJacobian<X>, x, y.length);
  return (parameters, out) => (jacobian as VectorizedJacobian<X>)(x, parameters, out);
}

function curveData<X>(x: ArrayLike<X>, y: ArrayLike<number>, sigma: number | ArrayLike<number>): CurveData<X> {
  const m = y.length;
  if (m === 0) throw new InvalidArgumentError("y", "have at least one point", y);
  if (x.length !== m) throw new InvalidArgumentError("x", `have one entry per entry of y, ${m}`, x);
  const isArray = typeof sigma !== "number";
  if (isArray && sigma.length !== m) throw new InvalidArgumentError("sigma", `have one entry per point, ${m}`, sigma);
  const weight = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const point: unknown = x[i];
    if (!Number.isFinite(y[i])) throw new InvalidArgumentError(`y[${i}]`, "be finite", y[i]);
    if (typeof point === "number" && !Number.isFinite(point))
      throw new InvalidArgumentError(`x[${i}]`, "be finite", point);
    const deviation = isArray ? sigma[i]! : sigma;
    if (!(deviation > 0 && deviation < Infinity)) {
      throw new InvalidArgumentError(isArray ? `sigma[${i}]` : "sigma", "be positive and finite", deviation);
    }
    weight[i] = 1 / deviation;
  }
  return { x, y: Float64Array.from(y), weight };
}

function defaultStart(bounds: Bounds | undefined, names: readonly string[] | undefined): Float64Array {
  const { lower = -Infinity, upper = Infinity } = bounds ?? {};
  const n = typeof lower !== "number" ? lower.length : typeof upper !== "number" ? upper.length : names?.length;
  if (n === undefined) {
    const requirement = "be given, or parameterNames or bounds per parameter, to tell how many parameters there are";
    throw new InvalidArgumentError("p0", requirement, undefined);
  }
  return Float64Array.from({ length: n }, (_, j) => {
    const low = typeof lower === "number" ? lower : lower[j]!;
    const high = typeof upper === "number" ? upper : (upper[j] ?? Infinity);
    if (low > -Infinity && high < Infinity) return low + 0.5 * (high - low);
    if (low > -Infinity) return low + 1;
    return high < Infinity ? high - 1 : 1;
  });
}

function withCurve(result: LeastSquaresResult, task: Task): CurveFitResult {
  const fitted = new Float64Array(task.y.length);
  task.evaluate(result.x.slice(), fitted);
  const residuals = fitted.map((value, i) => task.y[i]! - value);
  return { ...result, parameters: result.x, fitted, residuals };
}
