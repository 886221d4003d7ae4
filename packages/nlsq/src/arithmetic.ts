/**
 * Arithmetic over numbers and over complex numbers behind one interface: a model written against it can be evaluated
 * for its value and, a complex step away, for derivatives without any subtraction.
 *
 * Source: Squire & Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40,
 * 110: ∂f/∂x = Im f(x + ih)/h, exact to rounding for h far below ε.
 */

/** A complex number; immutable. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** The operations that a model may use. Operands may be plain numbers; every result is a T. */
export interface Arithmetic<T> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  div(a: T | number, b: T | number): T;
  neg(a: T): T;
  /** a to the power b; NaN for a negative base with an exponent that is not a whole plain number. */
  pow(a: T | number, b: T | number): T;
  sqrt(a: T): T;
  exp(a: T): T;
  log(a: T): T;
  sin(a: T): T;
  cos(a: T): T;
  tan(a: T): T;
  atan(a: T): T;
  sinh(a: T): T;
  cosh(a: T): T;
  tanh(a: T): T;
  /** a or −a, by the sign of the real part. */
  abs(a: T): T;
  /** The value itself, for comparisons. */
  real(a: T): number;
}

/** Arithmetic on plain numbers. */
export const realArithmetic: Arithmetic<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  pow: Math.pow,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  abs: Math.abs,
  real: (a) => a,
};

type Operand = Complex | number;

const complex = (re: number, im: number): Complex => ({ re, im });
const re = (a: Operand): number => (typeof a === "number" ? a : a.re);
const im = (a: Operand): number => (typeof a === "number" ? 0 : a.im);

function multiply(a: Operand, b: Operand): Complex {
  return complex(re(a) * re(b) - im(a) * im(b), re(a) * im(b) + im(a) * re(b));
}

/** Smith's (1962) division, which does not overflow in between. */
function divide(a: Operand, b: Operand): Complex {
  const [c, d] = [re(b), im(b)];
  if (Math.abs(c) >= Math.abs(d)) {
    const ratio = d / c;
    const denominator = c + d * ratio;
    return complex((re(a) + im(a) * ratio) / denominator, (im(a) - re(a) * ratio) / denominator);
  }
  const ratio = c / d;
  const denominator = c * ratio + d;
  return complex((re(a) * ratio + im(a)) / denominator, (im(a) * ratio - re(a)) / denominator);
}

function exponential(a: Operand): Complex {
  const size = Math.exp(re(a));
  return complex(size * Math.cos(im(a)), size * Math.sin(im(a)));
}

/** Principal logarithm; NaN on the left of the imaginary axis, where the logarithm of a real number has no value. */
function logarithm(a: Operand): Complex {
  if (re(a) < 0) return complex(Number.NaN, Number.NaN);
  return complex(Math.log(Math.hypot(re(a), im(a))), Math.atan2(im(a), re(a)));
}

function wholePower(a: Operand, exponent: number): Complex {
  let result = complex(1, 0);
  let square = complex(re(a), im(a));
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square);
    if (left > 1) square = multiply(square, square);
  }
  return exponent < 0 ? divide(1, result) : result;
}

function power(a: Operand, b: Operand): Complex {
  if (typeof b !== "number") return exponential(multiply(b, logarithm(a)));
  if (Number.isInteger(b) && Math.abs(b) <= 1024) return wholePower(a, b);
  if (re(a) < 0) return complex(Number.NaN, Number.NaN);
  const size = Math.hypot(re(a), im(a)) ** b;
  const angle = b * Math.atan2(im(a), re(a));
  return complex(size * Math.cos(angle), size * Math.sin(angle));
}

function squareRoot(a: Complex): Complex {
  if (a.re < 0) return complex(Number.NaN, Number.NaN);
  const root = Math.sqrt((Math.hypot(a.re, a.im) + a.re) / 2);
  return complex(root, root === 0 ? 0 : a.im / (2 * root));
}

function arcTangent(a: Complex): Complex {
  const real = 0.5 * Math.atan2(2 * a.re, 1 - a.re * a.re - a.im * a.im);
  // log1p keeps an imaginary part far below ε, which the textbook quotient of two logarithms rounds away.
  return complex(real, 0.25 * Math.log1p((4 * a.im) / (a.re * a.re + (1 - a.im) ** 2)));
}

function hyperbolicTangent(a: Complex): Complex {
  const [x, y] = [Math.tanh(a.re), Math.tan(a.im)];
  // Im = (1 − x²) y / (1 + x²y²), with 1 − tanh² as 1/cosh², which keeps its digits in the tails.
  const denominator = 1 + x * x * y * y;
  return complex((x * (1 + y * y)) / denominator, y / Math.cosh(a.re) ** 2 / denominator);
}

/** Arithmetic on complex numbers, analytic wherever the real function is smooth. */
export const complexArithmetic: Arithmetic<Complex> = {
  add: (a, b) => complex(re(a) + re(b), im(a) + im(b)),
  sub: (a, b) => complex(re(a) - re(b), im(a) - im(b)),
  mul: multiply,
  div: divide,
  neg: (a) => complex(-a.re, -a.im),
  pow: power,
  sqrt: squareRoot,
  exp: exponential,
  log: logarithm,
  sin: (a) => complex(Math.sin(a.re) * Math.cosh(a.im), Math.cos(a.re) * Math.sinh(a.im)),
  cos: (a) => complex(Math.cos(a.re) * Math.cosh(a.im), -Math.sin(a.re) * Math.sinh(a.im)),
  tan: (a) => divide(complexArithmetic.sin(a), complexArithmetic.cos(a)),
  atan: arcTangent,
  sinh: (a) => complex(Math.sinh(a.re) * Math.cos(a.im), Math.cosh(a.re) * Math.sin(a.im)),
  cosh: (a) => complex(Math.cosh(a.re) * Math.cos(a.im), Math.sinh(a.re) * Math.sin(a.im)),
  tanh: hyperbolicTangent,
  abs: (a) => (a.re < 0 ? complex(-a.re, -a.im) : a),
  real: (a) => a.re,
};

/** Far below ε relative to any value, and its square far above the smallest double. */
export const COMPLEX_STEP = 1e-100;
