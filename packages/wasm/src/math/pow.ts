/**
 * x^y = exp(y log x) with the logarithm and the product as sums of two float64 (Dekker 1971).
 * Special values are those of ECMAScript: x^NaN = NaN, x^±0 = 1 for every x, (±1)^±∞ = NaN.
 */
import { when } from "../control.ts";
import type { Expr, Statement } from "../expression.ts";
import type { FunctionBuilder, FunctionRef } from "../function-builder.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i64x2, v128 } from "../vector-instructions.ts";
import { EXP, LN2_HIGH, LN2_LOW, LOG2_E, POW_LOG, ROUNDER, SPLITTER } from "./coefficients.ts";
import { EXP_HIGHEST, EXP_LOWEST, reduce, scale, scalePlain } from "./exp.ts";
import { SMALLEST_NORMAL, split, splitLanes, splitPlain } from "./log.ts";
import { polynomial as polynomialPlain } from "./plain-arithmetic.ts";
import { both, polynomial } from "./vector-arithmetic.ts";

/** Larger exponents overflow or underflow for every base but 1, whose logarithm is 0. */
const LARGEST_EXPONENT: number = 2 ** 65;
const THIRD = 0.3333333333333333;
const THIRD_LOW = 1.850371707708594e-17;

const { abs, add, sub, mul, div, trunc, eq, ne, lt, gt, ge, pmin, pmax } = f64x2;

/** Function of two vectors. */
export type VectorFunction2 = FunctionRef<readonly ["v128", "v128"], readonly ["v128"]>;

/** Sum of two float64 that `logPartsPlain` sets. */
const parts = { high: 0, low: 0 };

/** x^y as ECMAScript's `**`, bit for bit as the vector function of `addPow`; error below 1 ulp. */
export function powPlain(x: number, y: number): number {
  if (y === 0) return 1;
  const base = Math.abs(x);
  const size = Math.abs(y);
  if (Number.isNaN(x) || Number.isNaN(y) || (size === Infinity && base === 1)) return Number.NaN;
  const isInteger = Math.trunc(y) === y;
  if (x < 0 && x > -Infinity && !isInteger) return Number.NaN;
  logPartsPlain(base);
  const c = size > LARGEST_EXPONENT ? Math.sign(y) * LARGEST_EXPONENT : y;
  const product = c * parts.high;
  const low = productErrorPlain(c, parts.high, product) + c * parts.low;
  const value = expOfSumPlain(product, low);
  const isOdd = isInteger && Math.trunc(0.5 * y) !== 0.5 * y;
  return isOdd && (x < 0 || Object.is(x, -0)) ? -value : value;
}

/** a b − product, exactly but for the last bit. */
function productErrorPlain(a: number, b: number, product: number): number {
  const scaledA = a * SPLITTER;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = b * SPLITTER;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

/** Sets `parts` to log x, x ≥ 0, to about 2⁻⁶⁵ of itself. */
function logPartsPlain(x: number): void {
  if (x === 0 || x === Infinity) {
    parts.high = x === 0 ? -Infinity : Infinity;
    parts.low = 0;
    return;
  }
  const isSubnormal = x < SMALLEST_NORMAL;
  splitPlain(isSubnormal ? x * 2 ** 54 : x);
  const k = isSubnormal ? split.exponent - 54 : split.exponent;
  const m = split.significand;
  // s + sLow = (m − 1)/(m + 1)
  const f = m - 1;
  const d = m + 1;
  const dLow = m - (d - 1);
  const inverse = 1 / d;
  const s = f * inverse;
  const sd = s * d;
  const sLow = (f - sd - productErrorPlain(s, d, sd) - s * dLow) * inverse;
  // u + uLow = s²/3 + s⁴ Q(s²), so that log m = 2 s (1 + u)
  const z = s * s;
  const zLow = productErrorPlain(s, s, z) + 2 * s * sLow;
  const third = THIRD * z;
  const thirdLow = productErrorPlain(THIRD, z, third) + (THIRD * zLow + THIRD_LOW * z);
  const q = z * z * polynomialPlain(z, POW_LOG);
  const u = third + q;
  const uLow = third - u + q + thirdLow;
  const su = s * u;
  const suLow = productErrorPlain(s, u, su) + (s * uLow + sLow * u);
  const g = s + su;
  const gLow = s - g + su + (suLow + sLow);
  const a = k * LN2_HIGH;
  const b = 2 * g;
  const sum = a + b;
  const sumLow = a - sum + b + (k * LN2_LOW + 2 * gLow);
  parts.high = sum + sumLow;
  parts.low = sum - parts.high + sumLow;
}

/** exp(high + low). */
function expOfSumPlain(high: number, low: number): number {
  const c = high < EXP_LOWEST ? EXP_LOWEST : high > EXP_HIGHEST ? EXP_HIGHEST : high;
  const n = c * LOG2_E + ROUNDER - ROUNDER;
  const head = c - n * LN2_HIGH;
  const tail = n * LN2_LOW - (c === high ? low : 0);
  const r = head - tail;
  const error = head - r - tail;
  return scalePlain(1 + (r + (r * r * polynomialPlain(r, EXP) + error)), n);
}

/** Adds x^y of two lanes to a module (once); error below 1 ulp. */
export function addPow(module: ModuleBuilder): VectorFunction2 {
  return module.once("pow", () =>
    module.function("pow", { params: ["v128", "v128"], results: ["v128"] }, (fn, x, y) => {
      const [base, shift, exponent, isSpecial] = [
        fn.local("f64x2"),
        fn.local("f64x2"),
        fn.local("f64x2"),
        fn.local("i32"),
      ];
      const [high, low, product, value] = fn.locals("f64x2", 4);
      const isOrdinaryBase = v128.and(ge(x, both(SMALLEST_NORMAL)), lt(x, both(Infinity)));
      const isOrdinary = v128.and(isOrdinaryBase, lt(abs(y), both(LARGEST_EXPONENT)));
      return [
        isSpecial.set(i32.eqz(i64x2.all_true(isOrdinary))),
        base.set(x),
        exponent.set(y),
        when(isSpecial, [
          base.set(abs(x)),
          shift.set(v128.and(both(54), lt(base, both(SMALLEST_NORMAL)))),
          base.set(v128.bitselect(mul(base, both(2 ** 54)), base, lt(base, both(SMALLEST_NORMAL)))),
          exponent.set(pmin(pmax(y, both(-LARGEST_EXPONENT)), both(LARGEST_EXPONENT))),
        ]),
        ...logParts(fn, base, shift, high, low),
        when(isSpecial, patchLog(x, high, low, fn.local("i64x2"))),
        ...multiply(fn, exponent, high, low, product),
        ...expOfSum(fn, product, low, value),
        when(isSpecial, patchValue(x, y, value, fn.local("i64x2"))),
        value,
      ];
    }),
  );
}

type Vector = Local<"v128">;

/** ±∞ for the logarithms of ∞ and 0. */
function patchLog(x: Vector, high: Vector, low: Vector, mask: Vector): Statement[] {
  return [
    mask.set(eq(x, both(0))),
    high.set(v128.bitselect(both(-Infinity), high, mask)),
    low.set(v128.andnot(low, mask)),
    mask.set(eq(abs(x), both(Infinity))),
    high.set(v128.bitselect(both(Infinity), high, mask)),
    low.set(v128.andnot(low, mask)),
  ];
}

/** Signs, and the special values of ECMAScript. */
function patchValue(x: Vector, y: Vector, value: Vector, mask: Vector): Statement[] {
  const half = mul(both(0.5), y);
  const isInteger = eq(trunc(y), y);
  const isOdd = v128.and(isInteger, ne(trunc(half), half));
  const isNegative = v128.and(lt(x, both(0)), gt(x, both(-Infinity)));
  const isOneToInfinity = v128.and(eq(abs(x), both(1)), eq(abs(y), both(Infinity)));
  return [
    value.set(v128.xor(value, v128.and(v128.and(x, both(-0)), isOdd))),
    mask.set(v128.or(v128.andnot(isNegative, isInteger), isOneToInfinity)),
    mask.set(v128.or(mask, v128.or(ne(x, x), ne(y, y)))),
    value.set(v128.bitselect(both(Number.NaN), value, mask)),
    value.set(v128.bitselect(both(1), value, eq(y, both(0)))),
  ];
}

/** Halves of 26 bits. */
interface Halves {
  readonly high: Expr<"v128">;
  readonly low: Expr<"v128">;
}

/** Declares the halves of `a` and adds what sets them to `statements`. */
function splitHalves(fn: FunctionBuilder, a: Vector, statements: Statement[]): Halves {
  const [scaled, high, low] = fn.locals("f64x2", 3);
  statements.push(scaled.set(mul(a, both(SPLITTER))), high.set(sub(scaled, sub(scaled, a))), low.set(sub(a, high)));
  return { high, low };
}

/** a b − product, exactly but for the last bit. */
function productError(a: Halves, b: Halves, product: Vector): Expr<"v128"> {
  return add(add(add(sub(mul(a.high, b.high), product), mul(a.high, b.low)), mul(a.low, b.high)), mul(a.low, b.low));
}

const THIRD_HEAD: number = THIRD * SPLITTER - (THIRD * SPLITTER - THIRD);
const THIRD_HALVES: Halves = { high: both(THIRD_HEAD), low: both(THIRD - THIRD_HEAD) };

/** high + low = log x of `base` = 2^shift x, which is overwritten. */
function logParts(fn: FunctionBuilder, base: Vector, shift: Vector, high: Vector, low: Vector): Statement[] {
  const [k, moved, f, d, dLow, inverse, s, sd] = fn.locals("f64x2", 8);
  const [sLow, z, zLow, third, thirdLow, q, u, uLow] = fn.locals("f64x2", 8);
  const [su, suLow, g, gLow, a, b, sum, sumLow] = fn.locals("f64x2", 8);
  const m = base;
  const statements = [
    ...splitLanes(m, k, moved),
    k.set(sub(k, shift)),
    f.set(sub(m, both(1))),
    d.set(add(m, both(1))),
    dLow.set(sub(m, sub(d, both(1)))),
    inverse.set(div(both(1), d)),
    s.set(mul(f, inverse)),
    sd.set(mul(s, d)),
  ];
  const [sHalves, dHalves] = [splitHalves(fn, s, statements), splitHalves(fn, d, statements)];
  statements.push(
    sLow.set(mul(sub(sub(sub(f, sd), productError(sHalves, dHalves, sd)), mul(s, dLow)), inverse)),
    z.set(mul(s, s)),
    zLow.set(add(productError(sHalves, sHalves, z), mul(mul(both(2), s), sLow))),
    third.set(mul(both(THIRD), z)),
  );
  const zHalves = splitHalves(fn, z, statements);
  statements.push(
    thirdLow.set(add(productError(THIRD_HALVES, zHalves, third), add(mul(both(THIRD), zLow), mul(both(THIRD_LOW), z)))),
    q.set(mul(mul(z, z), polynomial(fn, z, POW_LOG))),
    u.set(add(third, q)),
    uLow.set(add(add(sub(third, u), q), thirdLow)),
    su.set(mul(s, u)),
  );
  const uHalves = splitHalves(fn, u, statements);
  statements.push(
    suLow.set(add(productError(sHalves, uHalves, su), add(mul(s, uLow), mul(sLow, u)))),
    g.set(add(s, su)),
    gLow.set(add(add(sub(s, g), su), add(suLow, sLow))),
    a.set(mul(k, both(LN2_HIGH))),
    b.set(mul(both(2), g)),
    sum.set(add(a, b)),
    sumLow.set(add(add(sub(a, sum), b), add(mul(k, both(LN2_LOW)), mul(both(2), gLow)))),
    high.set(add(sum, sumLow)),
    low.set(add(sub(sum, high), sumLow)),
  );
  return statements;
}

/** product + low = factor (high + low). */
function multiply(fn: FunctionBuilder, factor: Vector, high: Vector, low: Vector, product: Vector): Statement[] {
  const statements = [product.set(mul(factor, high))];
  const [factorHalves, highHalves] = [splitHalves(fn, factor, statements), splitHalves(fn, high, statements)];
  statements.push(low.set(add(productError(factorHalves, highHalves, product), mul(factor, low))));
  return statements;
}

function expOfSum(fn: FunctionBuilder, high: Vector, low: Vector, result: Vector): Statement[] {
  const [c, rounded, n, head, tail, r, half] = fn.locals("f64x2", 7);
  const error = sub(sub(head, r), tail);
  return [
    c.set(pmin(pmax(high, both(EXP_LOWEST)), both(EXP_HIGHEST))),
    ...reduce(c, rounded, n),
    head.set(sub(c, mul(n, both(LN2_HIGH)))),
    tail.set(sub(mul(n, both(LN2_LOW)), v128.and(low, eq(c, high)))),
    r.set(sub(head, tail)),
    result.set(scale(add(both(1), add(r, add(mul(mul(r, r), polynomial(fn, r, EXP)), error))), rounded, half)),
  ];
}
