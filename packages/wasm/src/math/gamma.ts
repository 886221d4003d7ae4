/**
 * log|Γ(x)| and its derivative ψ(x). For |x| < 8 a rational function on [1, 3] from which the zero (1 and 2, or the
 * root of ψ) is divided out, with the recurrence; from 8 on Stirling's series; below 0 reflection.
 * Source of the identities: NIST Digital Library of Mathematical Functions, sections 5.5 and 5.11.
 */
import { forLoop, sequence, when } from "../control.ts";
import type { Expr } from "../expression.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i64x2, v128 } from "../vector-instructions.ts";
import {
  DIGAMMA_DENOMINATOR,
  DIGAMMA_NUMERATOR,
  DIGAMMA_TAIL,
  LGAMMA_DENOMINATOR,
  LGAMMA_NUMERATOR,
  SIN_PI,
  STIRLING,
} from "./coefficients.ts";
import { addLog, logPlain, NEGLIGIBLE } from "./log.ts";
import { polynomial as polynomialPlain } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** Stirling's series from here on. */
const LARGE = 8;
/** (log 2π − 1)/2 */
const STIRLING_CONSTANT = 0.4189385332046727;
/** Positive root of ψ, less 1, and the rest of it. */
const ROOT_LESS_1 = 0.46163214496836225;
const ROOT_REST = 9.549995429965697e-17;

const { abs, nearest, add, sub, mul, div, lt, ge, eq } = f64x2;

/**
 * log|Γ(x)|, bit for bit as the vector function of `addLgamma`. Error below 6 ulp for x > 0; for x < 0, where there
 * are zeros between the poles, below 6 ulp of max(1, |log|Γ(x)||, log Γ(1 − x)). ∞ at 0, −1, −2, … and for ±∞.
 */
export function lgammaPlain(x: number): number {
  const a = Math.abs(x);
  if (!(x < 0 && a >= NEGLIGIBLE)) return lgammaPositivePlain(a);
  const rest = a - nearestPlain(a);
  const sine = Math.abs(rest * polynomialPlain(rest * rest, SIN_PI));
  return sine > 0
    ? logPlain(Math.PI / (a * sine)) - lgammaPositivePlain(a)
    : sine === 0 || a === Infinity
      ? Infinity
      : sine;
}

function lgammaPositivePlain(a: number): number {
  if (!(a < LARGE)) {
    const inverse = 1 / a;
    const w = polynomialPlain(inverse * inverse, STIRLING);
    return (a - 0.5) * (logPlain(a) - 1) + (STIRLING_CONSTANT + w * inverse);
  }
  let product = 1;
  let y = a;
  while (y >= 3) {
    y -= 1;
    product *= y;
  }
  const t = a < 1 ? a : y - 1;
  const core = (t * (t - 1) * polynomialPlain(t, LGAMMA_NUMERATOR)) / polynomialPlain(t, LGAMMA_DENOMINATOR);
  return a < 1 ? core - logPlain(a) : core + logPlain(product);
}

/**
 * ψ(x) = Γ′(x)/Γ(x), bit for bit as the vector function of `addDigamma`. Error below 6 ulp for x > 0; for x < 0,
 * where there are roots between the poles, below 10 ulp of max(1, |ψ(x)|, ψ(1 − x)). NaN at −1, −2, … and −∞; ∓∞ at ±0.
 */
export function digammaPlain(x: number): number {
  if (!(x < 0)) return digammaPositivePlain(x);
  const rest = x - nearestPlain(x);
  const other = 0.5 - Math.abs(rest);
  const cosine = other * polynomialPlain(other * other, SIN_PI);
  const cotangent = (Math.PI * cosine) / (rest * polynomialPlain(rest * rest, SIN_PI));
  return rest === 0 ? Number.NaN : digammaPositivePlain(1 - x) - cotangent;
}

function digammaPositivePlain(a: number): number {
  if (!(a < LARGE)) {
    const inverse = 1 / a;
    const z = inverse * inverse;
    return logPlain(a) - (0.5 * inverse + z * polynomialPlain(z, DIGAMMA_TAIL));
  }
  let numerator = a < 1 ? -1 : 0;
  let denominator = a < 1 ? a : 1;
  let y = a;
  while (y >= 3) {
    y -= 1;
    numerator = numerator * y + denominator;
    denominator *= y;
  }
  const t = a < 1 ? a : y - 1;
  const distance = t - ROOT_LESS_1 - ROOT_REST;
  const core = (distance * polynomialPlain(t, DIGAMMA_NUMERATOR)) / polynomialPlain(t, DIGAMMA_DENOMINATOR);
  return core + numerator / denominator;
}

/** Nearest integer of |x| < 2⁵¹ (ties to even) or x itself, as `f64x2.nearest`. */
function nearestPlain(x: number): number {
  const lower = Math.floor(x);
  const rest = x - lower;
  return rest < 0.5 || (rest === 0.5 && lower % 2 === 0) ? lower : rest >= 0.5 ? lower + 1 : x;
}

/** Adds log|Γ(x)| of two lanes to a module (once); error as of `lgammaPlain`. */
export function addLgamma(module: ModuleBuilder): VectorFunction {
  const log = addLog(module);
  const positive = addLgammaPositive(module, log);
  return addOnce(module, "lgamma", (fn, x) => {
    const [a, value, mask] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i64x2")];
    const [rest, sine] = fn.locals("f64x2", 2);
    return [
      a.set(abs(x)),
      value.set(positive(a)),
      mask.set(v128.and(lt(x, both(0)), ge(a, both(NEGLIGIBLE)))),
      when(v128.any_true(mask), [
        rest.set(sub(a, nearest(a))),
        sine.set(abs(sinPi(fn, rest))),
        rest.set(sub(log(div(both(Math.PI), mul(a, sine))), value)),
        rest.set(v128.bitselect(both(Infinity), rest, v128.or(eq(sine, both(0)), eq(a, both(Infinity))))),
        value.set(v128.bitselect(rest, value, mask)),
      ]),
      value,
    ];
  });
}

function addLgammaPositive(module: ModuleBuilder, log: VectorFunction): VectorFunction {
  return addOnce(module, "lgammaPositive", (fn, a) => {
    const [isSmall, isBelow1, t, core] = [fn.local("i64x2"), fn.local("i64x2"), fn.local("f64x2"), fn.local("f64x2")];
    const [y, product, logarithm, inverse] = fn.locals("f64x2", 4);
    const [z, series, mask, k] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i64x2"), fn.local("i32")];
    const steps = forLoop(k, 0, LARGE - 3, 1, [
      mask.set(ge(y, both(3))),
      y.set(v128.bitselect(sub(y, both(1)), y, mask)),
      product.set(v128.bitselect(mul(product, y), product, mask)),
    ]);
    const polynomials = div(
      mul(mul(t, sub(t, both(1))), polynomial(fn, t, LGAMMA_NUMERATOR)),
      polynomial(fn, t, LGAMMA_DENOMINATOR),
    );
    return [
      isSmall.set(lt(a, both(LARGE))),
      isBelow1.set(lt(a, both(1))),
      y.set(a),
      product.set(both(1)),
      when(v128.any_true(v128.and(isSmall, ge(a, both(3)))), [steps]),
      product.set(v128.bitselect(v128.bitselect(a, product, isBelow1), a, isSmall)),
      logarithm.set(log(product)),
      when(v128.any_true(isSmall), [
        t.set(v128.bitselect(a, sub(y, both(1)), isBelow1)),
        core.set(polynomials),
        core.set(v128.bitselect(sub(core, logarithm), add(core, logarithm), isBelow1)),
      ]),
      when(i32.eqz(i64x2.all_true(isSmall)), [
        inverse.set(div(both(1), a)),
        z.set(mul(inverse, inverse)),
        series.set(add(both(STIRLING_CONSTANT), mul(polynomial(fn, z, STIRLING), inverse))),
        series.set(add(mul(sub(a, both(0.5)), sub(logarithm, both(1))), series)),
      ]),
      v128.bitselect(core, series, isSmall),
    ];
  });
}

/** Adds ψ(x) of two lanes to a module (once); error as of `digammaPlain`. */
export function addDigamma(module: ModuleBuilder): VectorFunction {
  const positive = addDigammaPositive(module, addLog(module));
  return addOnce(module, "digamma", (fn, x) => {
    const [isNegative, value] = [fn.local("i64x2"), fn.local("f64x2")];
    const [rest, other, cotangent] = fn.locals("f64x2", 3);
    return [
      isNegative.set(lt(x, both(0))),
      value.set(positive(v128.bitselect(sub(both(1), x), x, isNegative))),
      when(v128.any_true(isNegative), [
        rest.set(sub(x, nearest(x))),
        other.set(sub(both(0.5), abs(rest))),
        cotangent.set(div(mul(both(Math.PI), sinPi(fn, other)), sinPi(fn, rest))),
        cotangent.set(v128.bitselect(both(Number.NaN), sub(value, cotangent), eq(rest, both(0)))),
        value.set(v128.bitselect(cotangent, value, isNegative)),
      ]),
      value,
    ];
  });
}

function addDigammaPositive(module: ModuleBuilder, log: VectorFunction): VectorFunction {
  return addOnce(module, "digammaPositive", (fn, a) => {
    const [isSmall, isBelow1, mask, k] = [fn.local("i64x2"), fn.local("i64x2"), fn.local("i64x2"), fn.local("i32")];
    const [t, core, distance, y] = fn.locals("f64x2", 4);
    const [numerator, denominator, inverse, z, series] = fn.locals("f64x2", 5);
    const steps = forLoop(k, 0, LARGE - 3, 1, [
      mask.set(ge(y, both(3))),
      y.set(v128.bitselect(sub(y, both(1)), y, mask)),
      numerator.set(v128.bitselect(add(mul(numerator, y), denominator), numerator, mask)),
      denominator.set(v128.bitselect(mul(denominator, y), denominator, mask)),
    ]);
    return [
      isSmall.set(lt(a, both(LARGE))),
      when(v128.any_true(isSmall), [
        isBelow1.set(lt(a, both(1))),
        y.set(a),
        numerator.set(v128.and(both(-1), isBelow1)),
        denominator.set(v128.bitselect(a, both(1), isBelow1)),
        when(v128.any_true(v128.and(isSmall, ge(a, both(3)))), [steps]),
        t.set(v128.bitselect(a, sub(y, both(1)), isBelow1)),
        distance.set(sub(sub(t, both(ROOT_LESS_1)), both(ROOT_REST))),
        core.set(div(mul(distance, polynomial(fn, t, DIGAMMA_NUMERATOR)), polynomial(fn, t, DIGAMMA_DENOMINATOR))),
        core.set(add(core, div(numerator, denominator))),
      ]),
      when(i32.eqz(i64x2.all_true(isSmall)), [
        inverse.set(div(both(1), a)),
        z.set(mul(inverse, inverse)),
        series.set(sub(log(a), add(mul(both(0.5), inverse), mul(z, polynomial(fn, z, DIGAMMA_TAIL))))),
      ]),
      v128.bitselect(core, series, isSmall),
    ];
  });
}

type V = Local<"v128">;

/** sin(πr) for |r| ≤ ½. */
function sinPi(fn: FunctionBuilder, r: V): Expr<"v128"> {
  const square = fn.local("f64x2");
  return sequence([square.set(mul(r, r))], mul(r, polynomial(fn, square, SIN_PI)));
}
