import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector } from "./bijector.ts";
import { checkSize } from "./sum-to-zero.ts";

/**
 * Lower Cholesky factors L of size × size correlation matrices L Lᵀ, row-major with zeros above the diagonal. Row i
 * holds partial correlations z = tanh(u): Lᵢⱼ = zⱼ sⱼ with s₀ = 1, sⱼ₊₁ = sⱼ √(1 − zⱼ²), and Lᵢᵢ = sᵢ (Lewandowski,
 * Kurowicka & Joe 2009, 10.1016/j.jmva.2009.04.008). The entries of u are those of the strict lower triangle, row by
 * row. In the measure of the entries below the diagonal log |J| = Σᵢ Σⱼ (1 + ½(i − 1 − j)) log(1 − zᵢⱼ²).
 * @throws {InvalidArgumentError} unless size is an integer ≥ 2.
 */
export function choleskyCorrelation(size: number): Bijector {
  checkSize(size, 2);
  return {
    kind: "cholesky-correlation",
    unconstrainedDim: (size * (size - 1)) / 2,
    constrainedDim: size * size,
    shape: [size, size],
    constrain: (u, uAt, x, xAt) => constrainFactor(size, u, uAt, x, xAt),
    unconstrain: (x, xAt, u, uAt) => unconstrainFactor(size, x, xAt, u, uAt),
    pullBack: (u, uAt, x, xAt, gradientX, gradientU) => pullBackFactor(size, u, uAt, x, xAt, gradientX, gradientU),
  };
}

function constrainFactor(size: number, u: Float64Array, uAt: number, x: Float64Array, xAt: number): number {
  let logJacobian = 0;
  let from = uAt;
  for (let i = 0; i < size; i++) {
    const row = xAt + i * size;
    let rest = 1;
    for (let j = 0; j < i; j++) {
      const at = u[from++]!;
      x[row + j] = Math.tanh(at) * rest;
      rest *= sech(at);
      logJacobian += (1 + 0.5 * (i - 1 - j)) * logSechSquared(at);
    }
    x[row + i] = rest;
    for (let j = i + 1; j < size; j++) x[row + j] = 0;
  }
  return logJacobian;
}

function unconstrainFactor(size: number, x: Float64Array, xAt: number, u: Float64Array, uAt: number): void {
  let to = uAt;
  for (let i = 0; i < size; i++) {
    const row = xAt + i * size;
    // Backward, from the diagonal: sums of squares of what remains, without cancellation.
    let rest = x[row + i]!;
    if (!(rest > 0)) throw new InvalidArgumentError(`x[${i}, ${i}]`, "be positive", rest);
    for (let j = i - 1; j >= 0; j--) {
      u[to + j] = Math.asinh(x[row + j]! / rest);
      rest = Math.hypot(rest, x[row + j]!);
    }
    if (!(Math.abs(rest - 1) <= 1e-8)) throw new InvalidArgumentError(`row ${i} of x`, "have norm 1", rest);
    to += i;
  }
}

function pullBackFactor(
  size: number,
  u: Float64Array,
  uAt: number,
  x: Float64Array,
  xAt: number,
  gradientX: Float64Array,
  gradientU: Float64Array,
): void {
  let from = uAt;
  for (let i = 1; i < size; i++) {
    const row = xAt + i * size;
    // d/ds of everything to the right of column j, and s itself, walking from the diagonal to the left.
    let restGradient = gradientX[row + i]!;
    let rest = x[row + i]!;
    for (let j = i - 1; j >= 0; j--) {
      const at = u[from + j]!;
      const z = Math.tanh(at);
      const c = sech(at);
      const before = c > 0 ? rest / c : Math.hypot(rest, x[row + j]!);
      gradientU[from + j] = before * c * (gradientX[row + j]! * c - restGradient * z) - 2 * z * (1 + 0.5 * (i - 1 - j));
      restGradient = gradientX[row + j]! * z + restGradient * c;
      rest = before;
    }
    from += i;
  }
}

function sech(u: number): number {
  const e = Math.exp(-Math.abs(u));
  return (2 * e) / (1 + e * e);
}

/** log(1 − tanh²u), exact for large |u|. */
function logSechSquared(u: number): number {
  return 2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u))));
}
