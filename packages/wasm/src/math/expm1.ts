/**
 * exp(x) − 1 = (2ⁿ − 1) + 2ⁿ (exp(r) − 1), x reduced as for exp; both summands with their rounding errors, so that
 * only the last addition rounds by half an ulp.
 */
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i32x4, i64x2, v128 } from "../vector-instructions.ts";
import { EXP, LN2_HIGH, LN2_LOW, LOG2_E, ROUNDER } from "./coefficients.ts";
import { EXP_HIGHEST, reduce } from "./exp.ts";
import { NEGLIGIBLE } from "./log.ts";
import { polynomial as polynomialPlain, powerOfTwo } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** From here down the result is −1. */
const LOWEST = -38;

const { abs, add, sub, mul, lt, pmin, pmax } = f64x2;

/** exp(x) − 1, bit for bit as the vector function of `addExpm1`; error below 1.5 ulp. */
export function expm1Plain(x: number): number {
  if (Math.abs(x) < NEGLIGIBLE) return x;
  const c = x < LOWEST ? LOWEST : x > EXP_HIGHEST ? EXP_HIGHEST : x;
  const n = c * LOG2_E + ROUNDER - ROUNDER;
  const head = c - n * LN2_HIGH;
  const tail = n * LN2_LOW;
  const r = head - tail;
  const q = r * r * polynomialPlain(r, EXP) + (head - r - tail);
  const p = r + q;
  const pError = r - p + q;
  const half = powerOfTwo((n | 0) - 1);
  const whole = half - 0.5;
  const scaled = half * p;
  const sum = whole + scaled;
  return 2 * (sum + (whole - sum + scaled + half * pError));
}

/** Adds exp(x) − 1 of two lanes to a module (once); error below 1.5 ulp. */
export function addExpm1(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "expm1", (fn, x) => {
    const [c, rounded, n, head] = fn.locals("f64x2", 4);
    const [tail, r, q, p] = fn.locals("f64x2", 4);
    const [half, whole, scaled, sum] = fn.locals("f64x2", 4);
    const pError = add(sub(r, p), q);
    const error = add(add(sub(whole, sum), scaled), mul(half, pError));
    return [
      c.set(pmin(pmax(x, both(LOWEST)), both(EXP_HIGHEST))),
      ...reduce(c, rounded, n),
      head.set(sub(c, mul(n, both(LN2_HIGH)))),
      tail.set(mul(n, both(LN2_LOW))),
      r.set(sub(head, tail)),
      q.set(add(mul(mul(r, r), polynomial(fn, r, EXP)), sub(sub(head, r), tail))),
      p.set(add(r, q)),
      half.set(i64x2.shl(i32x4.add(rounded, i32x4.const(1022)), i32.const(52))),
      whole.set(sub(half, both(0.5))),
      scaled.set(mul(half, p)),
      sum.set(add(whole, scaled)),
      v128.bitselect(x, mul(both(2), add(sum, error)), lt(abs(x), both(NEGLIGIBLE))),
    ];
  });
}
