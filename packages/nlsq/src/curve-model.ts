/** The forms in which `curveFit` takes a model, and the residual problem made of each. */
import { type Arithmetic, COMPLEX_STEP, type Complex, complexArithmetic, realArithmetic } from "./arithmetic.ts";
import type { ResidualProblem } from "./problem.ts";

/** y at one x. The array of parameters is reused between calls. */
export type PointModel<X> = (x: X, parameters: Float64Array) => number;

/** y at every x, written to `out`, length m. */
export type VectorizedModel<X> = (x: ArrayLike<X>, parameters: Float64Array, out: Float64Array) => void;

/** y at one x, written against {@link Arithmetic} so that it can be evaluated for numbers and for complex numbers. */
export type ArithmeticModel<X> = <T>(x: X, parameters: readonly T[], math: Arithmetic<T>) => T;

/** Writes ∂y/∂parameter at one x, length n. */
export type PointJacobian<X> = (x: X, parameters: Float64Array, out: Float64Array) => void;

/** Writes ∂y/∂parameter at every x, row-major m × n. */
export type VectorizedJacobian<X> = (x: ArrayLike<X>, parameters: Float64Array, out: Float64Array) => void;

/** Data of a curve: m points with their standard deviations. */
export interface CurveData<X> {
  readonly x: ArrayLike<X>;
  readonly y: Float64Array;
  /** 1/σ, length m. */
  readonly weight: Float64Array;
}

/** Model values at every x, whatever the form of the model. */
export type Evaluate = (parameters: Float64Array, out: Float64Array) => void;

export function evaluatePoints<X>(model: PointModel<X>, x: ArrayLike<X>): Evaluate {
  return (parameters, out) => {
    for (let i = 0; i < out.length; i++) out[i] = model(x[i] as X, parameters);
  };
}

export function evaluateArithmetic<X>(model: ArithmeticModel<X>, x: ArrayLike<X>): Evaluate {
  return (parameters, out) => {
    const values = Array.from(parameters);
    for (let i = 0; i < out.length; i++) out[i] = model(x[i] as X, values, realArithmetic);
  };
}

export function pointJacobian<X>(jacobian: PointJacobian<X>, x: ArrayLike<X>, m: number): Evaluate {
  return (parameters, out) => {
    const n = parameters.length;
    for (let i = 0; i < m; i++) jacobian(x[i] as X, parameters, out.subarray(i * n, (i + 1) * n));
  };
}

/** Jacobian by complex step, exact to rounding: one complex evaluation of the model per parameter. */
export function complexStepJacobian<X>(model: ArithmeticModel<X>, x: ArrayLike<X>, m: number): Evaluate {
  return (parameters, out) => {
    const n = parameters.length;
    const values: Complex[] = Array.from(parameters, (value) => ({ re: value, im: 0 }));
    for (let j = 0; j < n; j++) {
      const real = values[j]!;
      values[j] = { re: real.re, im: COMPLEX_STEP };
      for (let i = 0; i < m; i++) {
        const value: Complex | number = model(x[i] as X, values, complexArithmetic);
        // A model that ignores its parameters may return the plain number it was given.
        out[i * n + j] = typeof value === "number" ? 0 : value.im / COMPLEX_STEP;
      }
      values[j] = real;
    }
  };
}

/** Residuals (f − y)/σ and, where there is one, their Jacobian. */
export function curveProblem<X>(
  data: CurveData<X>,
  evaluate: Evaluate,
  jacobian: Evaluate | undefined,
): ResidualProblem {
  const { y, weight } = data;
  const m = y.length;
  const residuals = (parameters: Float64Array, out: Float64Array): void => {
    evaluate(parameters, out);
    for (let i = 0; i < m; i++) out[i] = (out[i]! - y[i]!) * weight[i]!;
  };
  if (!jacobian) return { residualCount: m, residuals };
  return {
    residualCount: m,
    residuals,
    jacobian: (parameters, out) => {
      const n = parameters.length;
      jacobian(parameters, out);
      for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[i * n + j]! *= weight[i]!;
    },
  };
}
