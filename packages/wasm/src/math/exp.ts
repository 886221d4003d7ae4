/**
 * exp(x) = 2ⁿ exp(r), r = x − n log 2 with |r| ≤ ½ log 2; r is carried with its rounding error, so the sum
 * 1 + (r + …) is the only rounding of full size. Two powers of two, so that subnormal results are rounded once.
 */

import type { Expr, Statement } from "../expression.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i32x4, i64x2 } from "../vector-instructions.ts";
import { EXP, LN2_HIGH, LN2_LOW, LOG2_E, ROUNDER } from "./coefficients.ts";
import { polynomial as polynomialPlain, powerOfTwo } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** Beyond these the result is 0 or ∞ whatever x. */
export const EXP_LOWEST = -746;
export const EXP_HIGHEST = 710;

const { add, sub, mul, pmin, pmax } = f64x2;

/** exp(x), bit for bit as the vector function of `addExp`; error below 1 ulp. */
export function expPlain(x: number): number {
  const c = x < EXP_LOWEST ? EXP_LOWEST : x > EXP_HIGHEST ? EXP_HIGHEST : x;
  const n = c * LOG2_E + ROUNDER - ROUNDER;
  const head = c - n * LN2_HIGH;
  const tail = n * LN2_LOW;
  const r = head - tail;
  const error = head - r - tail;
  return scalePlain(1 + (r + (r * r * polynomialPlain(r, EXP) + error)), n);
}

/** 2ⁿ y for an integer n between −1076 and 1025, rounded once. */
export function scalePlain(y: number, n: number): number {
  const half = n >> 1;
  return y * powerOfTwo(half) * powerOfTwo((n | 0) - half);
}

/** Adds exp(x) of two lanes to a module (once); error below 1 ulp. */
export function addExp(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "exp", (fn, x) => {
    const rounded = fn.local("f64x2");
    const [n, head, tail, r] = fn.locals("f64x2", 4);
    const error = sub(sub(head, r), tail);
    return [
      x.set(pmin(pmax(x, both(EXP_LOWEST)), both(EXP_HIGHEST))),
      ...reduce(x, rounded, n),
      head.set(sub(x, mul(n, both(LN2_HIGH)))),
      tail.set(mul(n, both(LN2_LOW))),
      r.set(sub(head, tail)),
      scale(add(both(1), add(r, add(mul(mul(r, r), polynomial(fn, r, EXP)), error))), rounded, fn.local("i32x4")),
    ];
  });
}

/** Sets n to the integer nearest to x / log 2, and `rounded` to n + ROUNDER, whose low words are n as an integer. */
export function reduce(x: Expr<"v128">, rounded: Local<"v128">, n: Local<"v128">): Statement[] {
  return [rounded.set(add(mul(x, both(LOG2_E)), both(ROUNDER))), n.set(sub(rounded, both(ROUNDER)))];
}

/** 2ⁿ y, where the low word of each lane of `rounded` is n. */
export function scale(y: Expr<"v128">, rounded: Local<"v128">, half: Local<"v128">): Expr<"v128"> {
  const power = (n: Expr<"v128">) => i64x2.shl(i32x4.add(n, i32x4.const(1023)), i32.const(52));
  const first = power(half.tee(i32x4.shr_s(rounded, i32.const(1))));
  return mul(mul(y, first), power(i32x4.sub(rounded, half)));
}
