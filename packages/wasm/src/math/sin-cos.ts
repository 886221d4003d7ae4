/**
 * sin and cos: the angle less the nearest multiple of π/2, as a sum of two float64, then polynomials.
 * Up to 2²⁰ the multiple is taken off in three exact products and a rest (Cody & Waite 1980, with the rounding
 * errors kept by Knuth's two-sum); beyond, one lane at a time by the digits of 2/π.
 */
import { setAll, when } from "../control.ts";
import type { Expr, Statement } from "../expression.ts";
import type { FunctionBuilder, FunctionRef } from "../function-builder.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32 } from "../scalar-instructions.ts";
import { f64x2, i64x2, v128 } from "../vector-instructions.ts";
import { COS, HALF_PI_1, HALF_PI_2, HALF_PI_3, HALF_PI_4, ROUNDER, SIN, TWO_OVER_PI } from "./coefficients.ts";
import { polynomial as polynomialPlain } from "./plain-arithmetic.ts";
import { addReduceHuge, hugeRemainder, reduceHugePlain } from "./reduce-huge.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** Angles from here on are reduced by the digits of 2/π. */
const HUGE = 1048576;
/** Below, sin x rounds to x. */
const TINY: number = 2 ** -27;

const { abs, add, sub, mul, lt } = f64x2;

/** Fused sine and cosine of two lanes. */
export type SinCosFunction = FunctionRef<readonly ["v128"], readonly ["v128", "v128"]>;

/** sin(x) of an angle in radians, bit for bit as the vector function of `addSin`; error below 1 ulp. NaN for ±∞. */
export function sinPlain(x: number): number {
  if (Math.abs(x) < TINY) return x;
  return circularPlain(x, 0);
}

/** cos(x) of an angle in radians, bit for bit as the vector function of `addCos`; error below 1 ulp. NaN for ±∞. */
export function cosPlain(x: number): number {
  return circularPlain(x, 1);
}

function circularPlain(x: number, turn: number): number {
  let quadrant: number;
  let high: number;
  let low: number;
  if (Math.abs(x) < HUGE) {
    const n = x * TWO_OVER_PI + ROUNDER - ROUNDER;
    const a = x - n * HALF_PI_1;
    const w = n * HALF_PI_2;
    const b = a - w;
    const bPart = b - a;
    const bError = a - (b - bPart) - (w + bPart);
    const v = n * HALF_PI_3;
    const c = b - v;
    const cPart = c - b;
    const cError = b - (c - cPart) - (v + cPart);
    const rest = bError + cError - n * HALF_PI_4;
    high = c + rest;
    low = c - high + rest;
    quadrant = n + turn;
  } else {
    reduceHugePlain(x);
    ({ high, low } = hugeRemainder);
    quadrant = hugeRemainder.quadrant + turn;
  }
  const z = high * high;
  const half = 0.5 * z;
  const whole = 1 - half;
  const value =
    quadrant & 1
      ? whole + (1 - whole - half + (z * z * polynomialPlain(z, COS) - high * low))
      : high + (high * z * polynomialPlain(z, SIN) + low * whole);
  return quadrant & 2 ? -value : value;
}

/** Adds sin(x) of two lanes to a module (once); error below 1 ulp. */
export function addSin(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "sin", (fn, x) => {
    const parts = circular(module, fn, x);
    return [...parts.statements, parts.sin];
  });
}

/** Adds cos(x) of two lanes to a module (once); error below 1 ulp. */
export function addCos(module: ModuleBuilder): VectorFunction {
  return addOnce(module, "cos", (fn, x) => {
    const parts = circular(module, fn, x);
    return [...parts.statements, parts.cos];
  });
}

/** Adds [sin(x), cos(x)] of two lanes to a module (once): `setAll([s, c], sincos(x))`. Errors below 1 ulp. */
export function addSinCos(module: ModuleBuilder): SinCosFunction {
  return module.once("sincos", () =>
    module.function("sincos", { params: ["v128"], results: ["v128", "v128"] }, (fn, x) => {
      const parts = circular(module, fn, x);
      return [...parts.statements, parts.sin, parts.cos];
    }),
  );
}

interface Circular {
  readonly statements: readonly Statement[];
  readonly sin: Expr<"v128">;
  readonly cos: Expr<"v128">;
}

function circular(module: ModuleBuilder, fn: FunctionBuilder, x: Local<"v128">): Circular {
  const [quadrant, high, low] = [fn.local("i64x2"), fn.local("f64x2"), fn.local("f64x2")];
  const [z, half, whole] = fn.locals("f64x2", 3);
  const [s, c, odd] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i64x2")];
  const tail = sub(mul(mul(z, z), polynomial(fn, z, COS)), mul(high, low));
  const negated = (q: Expr<"v128">) => i64x2.shl(v128.and(q, i64x2.const(2n)), i32.const(62));
  const sine = v128.xor(v128.bitselect(c, s, odd), negated(quadrant));
  return {
    statements: [
      ...reduceModerate(fn, x, quadrant, high, low),
      when(i32.eqz(i64x2.all_true(lt(abs(x), both(HUGE)))), reduceHugeLanes(module, fn, x, quadrant, high, low)),
      z.set(mul(high, high)),
      half.set(mul(both(0.5), z)),
      whole.set(sub(both(1), half)),
      c.set(add(whole, add(sub(sub(both(1), whole), half), tail))),
      s.set(add(high, add(mul(mul(high, z), polynomial(fn, z, SIN)), mul(low, whole)))),
      odd.set(i64x2.eq(v128.and(quadrant, i64x2.const(1n)), i64x2.const(1n))),
    ],
    sin: v128.bitselect(x, sine, lt(abs(x), both(TINY))),
    cos: v128.xor(v128.bitselect(s, c, odd), negated(i64x2.add(quadrant, i64x2.const(1n)))),
  };
}

/** x less a multiple of π/2 below 2²⁰, as high + low; the low bits of `quadrant` are the multiple. */
function reduceModerate(
  fn: FunctionBuilder,
  x: Local<"v128">,
  quadrant: Local<"v128">,
  high: Local<"v128">,
  low: Local<"v128">,
): Statement[] {
  const [n, a, w, b, v, c] = fn.locals("f64x2", 6);
  const [bPart, bError, cPart, cError, rest] = fn.locals("f64x2", 5);
  return [
    quadrant.set(add(mul(x, both(TWO_OVER_PI)), both(ROUNDER))),
    n.set(sub(quadrant, both(ROUNDER))),
    a.set(sub(x, mul(n, both(HALF_PI_1)))),
    w.set(mul(n, both(HALF_PI_2))),
    b.set(sub(a, w)),
    bPart.set(sub(b, a)),
    bError.set(sub(sub(a, sub(b, bPart)), add(w, bPart))),
    v.set(mul(n, both(HALF_PI_3))),
    c.set(sub(b, v)),
    cPart.set(sub(c, b)),
    cError.set(sub(sub(b, sub(c, cPart)), add(v, cPart))),
    rest.set(sub(add(bError, cError), mul(n, both(HALF_PI_4)))),
    high.set(add(c, rest)),
    low.set(add(sub(c, high), rest)),
  ];
}

/** Replaces the lanes whose angle is huge, infinite or NaN. */
function reduceHugeLanes(
  module: ModuleBuilder,
  fn: FunctionBuilder,
  x: Local<"v128">,
  quadrant: Local<"v128">,
  high: Local<"v128">,
  low: Local<"v128">,
): Statement[] {
  const reduceHuge = addReduceHuge(module);
  const [q, h, l] = [fn.local("i64"), fn.local("f64"), fn.local("f64")];
  return [0, 1].map((lane) =>
    when(i32.eqz(f64.lt(f64.abs(f64x2.extract_lane(x, lane)), f64.const(HUGE))), [
      setAll([q, h, l], reduceHuge(f64x2.extract_lane(x, lane))),
      quadrant.set(i64x2.replace_lane(quadrant, lane, q)),
      high.set(f64x2.replace_lane(high, lane, h)),
      low.set(f64x2.replace_lane(low, lane, l)),
    ]),
  );
}
