/**
 * log x and log(1 + x): the argument is 2ᵏ (1 + f) with 1 + f in [√½, √2), and with s = f/(2 + f)
 * log(1 + f) = f − f²/2 + s (f²/2 + R(s²)), in the arrangement of Ng's fdlibm (Sun Microsystems 1993).
 */
import { when } from "../control.ts";
import type { Expr, Statement } from "../expression.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i32x4, i64x2, v128 } from "../vector-instructions.ts";
import { LN2_HIGH, LN2_LOW, LOG } from "./coefficients.ts";
import { highWord, polynomial as polynomialPlain, powerOfTwo } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** Upper word of √½. */
const SQRT_HALF = 0x3fe6a09e;
export const SMALLEST_NORMAL: number = 2 ** -1022;
/** Below, log(1 + x) and exp(x) − 1 round to x. */
export const NEGLIGIBLE: number = 2 ** -54;

const { abs, add, sub, mul, div, eq, lt, gt, ge } = f64x2;

/** Exponent and significand of a positive normal number: x = 2ᵏ m with m in [√½, √2). */
export const split: { exponent: number; significand: number } = { exponent: 0, significand: 1 };

/** Sets `split`. */
export function splitPlain(x: number): void {
  const exponent = (highWord(x) - SQRT_HALF) >> 20;
  split.exponent = exponent;
  // In two steps where 2^−exponent is subnormal.
  split.significand = exponent > 1022 ? x * powerOfTwo(-1022) * powerOfTwo(1022 - exponent) : x * powerOfTwo(-exponent);
}

/** log(x), bit for bit as the vector function of `addLog`; error below 1 ulp. NaN for x < 0, −∞ for ±0. */
export function logPlain(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x === Infinity ? x : Number.NaN;
  const isSubnormal = x < SMALLEST_NORMAL;
  splitPlain(isSubnormal ? x * 2 ** 54 : x);
  return combinePlain(isSubnormal ? split.exponent - 54 : split.exponent, split.significand - 1, 0);
}

/** log(1 + x), bit for bit as the vector function of `addLog1p`; error below 1 ulp. NaN for x < −1, −∞ for −1. */
export function log1pPlain(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x === Infinity ? x : Number.NaN;
  if (Math.abs(x) < NEGLIGIBLE) return x;
  const u = 1 + x;
  splitPlain(u);
  if (split.exponent === 0) return combinePlain(0, x, 0);
  const carry = x > 1 ? 1 - (u - x) : x - (u - 1);
  return combinePlain(split.exponent, split.significand - 1, carry / u);
}

/** k log 2 + log(1 + f) + carry, |carry| ≪ 1. */
function combinePlain(k: number, f: number, carry: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const half = 0.5 * f * f;
  const rest = s * (half + z * polynomialPlain(z, LOG)) + (k * LN2_LOW + carry);
  return k * LN2_HIGH - (half - rest - f);
}

/** Adds log(x) of two lanes to a module (once); error below 1 ulp. */
export function addLog(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "log", (fn, x) => {
    const [m, k, moved, shift] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i32x4"), fn.local("f64x2")];
    const [special, subnormal, result] = [fn.local("i32"), fn.local("i64x2"), fn.local("f64x2")];
    const isOrdinary = v128.and(ge(x, both(SMALLEST_NORMAL)), lt(x, both(Infinity)));
    return [
      special.set(i32.eqz(i64x2.all_true(isOrdinary))),
      m.set(x),
      when(special, [
        subnormal.set(lt(x, both(SMALLEST_NORMAL))),
        m.set(v128.bitselect(mul(x, both(2 ** 54)), x, subnormal)),
        shift.set(v128.and(both(54), subnormal)),
      ]),
      ...splitLanes(m, k, moved),
      k.set(sub(k, shift)),
      ...combine(fn, k, m.set(sub(m, both(1))), m, both(0), result),
      when(special, [result.set(patched(result, x, gt(x, both(0)), eq(x, both(0))))]),
      result,
    ];
  });
}

/** Adds log(1 + x) of two lanes to a module (once); error below 1 ulp. */
export function addLog1p(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "log1p", (fn, x) => {
    const [u, m, k, moved] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("f64x2"), fn.local("i32x4")];
    const [near, carry, result] = [fn.local("i64x2"), fn.local("f64x2"), fn.local("f64x2")];
    const isOrdinary = v128.and(gt(x, both(-1)), lt(x, both(Infinity)));
    return [
      u.set(add(both(1), x)),
      m.set(u),
      ...splitLanes(m, k, moved),
      near.set(eq(k, both(0))),
      carry.set(v128.bitselect(sub(both(1), sub(u, x)), sub(x, sub(u, both(1))), gt(x, both(1)))),
      carry.set(v128.andnot(div(carry, u), near)),
      ...combine(fn, k, m.set(v128.bitselect(x, sub(m, both(1)), near)), m, carry, result),
      result.set(v128.bitselect(x, result, lt(abs(x), both(NEGLIGIBLE)))),
      when(i32.eqz(i64x2.all_true(isOrdinary)), [result.set(patched(result, x, gt(x, both(-1)), eq(x, both(-1))))]),
      result,
    ];
  });
}

/** Replaces m > 0, normal, by its significand in [√½, √2) and sets k to its exponent. */
export function splitLanes(m: Local<"v128">, k: Local<"v128">, moved: Local<"v128">): Statement[] {
  return [
    moved.set(i32x4.sub(m, i32x4.const(0, SQRT_HALF, 0, SQRT_HALF))),
    k.set(i32x4.shr_s(moved, i32.const(20))),
    k.set(f64x2.convert_low_i32x4_s(i32x4.shuffle(k, k, [1, 3, 1, 3]))),
    m.set(i32x4.sub(m, v128.and(moved, i32x4.const(0, 0xfff00000, 0, 0xfff00000)))),
  ];
}

function combine(
  fn: FunctionBuilder,
  k: Local<"v128">,
  setF: Statement,
  f: Local<"v128">,
  carry: Expr<"v128">,
  result: Local<"v128">,
): Statement[] {
  const [s, z, half, rest] = fn.locals("f64x2", 4);
  return [
    setF,
    s.set(div(f, add(both(2), f))),
    z.set(mul(s, s)),
    half.set(mul(mul(both(0.5), f), f)),
    rest.set(add(mul(s, add(half, mul(z, polynomial(fn, z, LOG)))), add(mul(k, both(LN2_LOW)), carry))),
    result.set(sub(mul(k, both(LN2_HIGH)), sub(sub(half, rest), f))),
  ];
}

/** The result inside the domain, −∞ at its end, ∞ for ∞, NaN elsewhere. */
function patched(result: Expr<"v128">, x: Expr<"v128">, isInside: Expr<"v128">, isEnd: Expr<"v128">): Expr<"v128"> {
  const outside = v128.bitselect(both(-Infinity), both(Number.NaN), isEnd);
  return v128.bitselect(v128.bitselect(both(Infinity), result, eq(x, both(Infinity))), outside, isInside);
}
