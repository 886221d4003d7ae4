/**
 * Remainder of a huge angle by π/2 with the digits of 2/π that matter for its exponent.
 * Source: Payne & Hanek (1983), Radian reduction for trigonometric functions, SIGNUM Newsletter 18.
 */

import { return_, select, setAll, when } from "../control.ts";
import type { Expr } from "../expression.ts";
import type { FunctionRef } from "../function-builder.ts";
import type { Local } from "../local.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32, i64 } from "../scalar-instructions.ts";
import { HALF_PI_HIGH, HALF_PI_LOW, SPLITTER } from "./coefficients.ts";

/** x = (quadrant + 4k) π/2 + high + low with |high| ≤ π/4. */
export type ReduceHuge = FunctionRef<readonly ["f64"], readonly ["i64", "f64", "f64"]>;

/** 64 zero bits, then the first 1216 bits of 2/π. */
const TWO_OVER_PI_WORDS: readonly bigint[] = [
  0n,
  0xa2f9836e4e441529n,
  0xfc2757d1f534ddc0n,
  0xdb6295993c439041n,
  0xfe5163abdebbc561n,
  0xb7246e3a424dd2e0n,
  0x06492eea09d1921cn,
  0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n,
  0xe99c7026b45f7e41n,
  0x3991d639835339f4n,
  0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn,
  0xef2f118b5a0a6d1fn,
  0x6d367ecf27cb09b7n,
  0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn,
  0x3d0739f78a5292ean,
  0x6bfb5fb11f8d5d08n,
  0x56033046fc7b6babn,
];
const TWO_OVER_PI_BITS: bigint = TWO_OVER_PI_WORDS.reduce((bits, word) => (bits << 64n) | word, 0n);

const SIGNIFICAND = (1n << 52n) - 1n;
const WORD = (1n << 64n) - 1n;
const MASK_192 = (1n << 192n) - 1n;

/** Result of `reduceHugePlain`: quadrant, high and low part of the remainder. */
export const hugeRemainder: { quadrant: number; high: number; low: number } = { quadrant: 0, high: 0, low: 0 };

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** Sets `hugeRemainder` for |x| ≥ 2⁻³²; ±∞ and NaN give NaN. */
export function reduceHugePlain(x: number): void {
  double[0] = x;
  const exponent = Number((bits[0]! >> 52n) & 0x7ffn);
  if (exponent === 0x7ff) {
    Object.assign(hugeRemainder, { quadrant: 0, high: Number.NaN, low: 0 });
    return;
  }
  // |x| = significand 2^(exponent − 1075); the bits of 2/π above 4 ulp(x) give whole turns and are left out.
  const significand = (bits[0]! & SIGNIFICAND) | (SIGNIFICAND + 1n);
  const offset = exponent - 1013;
  const digits = (TWO_OVER_PI_BITS >> BigInt(1280 - 192 - offset)) & MASK_192;
  const product = (significand * digits) & MASK_192;
  const quadrant = Number(((product + (1n << 189n)) >> 190n) & 3n);
  const fraction = BigInt.asIntN(192, product - (BigInt(quadrant) << 190n));
  const magnitude = fraction < 0n ? ~fraction : fraction;
  const shift = 192 - magnitude.toString(2).length;
  const top = magnitude << BigInt(shift);
  const unit = 2 ** (2 - shift);
  const f = Number(top >> 139n) * 2 ** -53 * unit;
  const g = Number((top >> 75n) & WORD) * 2 ** -117 * unit;
  const isNegative = fraction < 0n !== x < 0;
  toRadiansPlain(isNegative ? -f : f, isNegative ? -g : g);
  hugeRemainder.quadrant = x < 0 ? (4 - quadrant) & 3 : quadrant;
}

/** (f + g) π/2 as a sum of two. */
function toRadiansPlain(f: number, g: number): void {
  const product = f * HALF_PI_HIGH;
  const scaled = f * SPLITTER;
  const fHigh = scaled - (scaled - f);
  const fLow = f - fHigh;
  const error = fHigh * PI_HEAD - product + fHigh * PI_TAIL + fLow * PI_HEAD + fLow * PI_TAIL;
  const rest = error + (f * HALF_PI_LOW + g * HALF_PI_HIGH);
  const high = product + rest;
  hugeRemainder.high = high;
  hugeRemainder.low = product - high + rest;
}

const PI_HEAD: number = HALF_PI_HIGH * SPLITTER - (HALF_PI_HIGH * SPLITTER - HALF_PI_HIGH);
const PI_TAIL: number = HALF_PI_HIGH - PI_HEAD;

/** Adds the same for one lane to a module (once). */
export function addReduceHuge(module: ModuleBuilder): ReduceHuge {
  return module.once("reduceHuge", () => {
    const word = addWord(module);
    const upperProduct = addUpperProduct(module);
    return module.function("reduceHuge", { params: ["f64"], results: ["i64", "f64", "f64"] }, (fn, x) => {
      const [offset, index] = fn.locals("i32", 2);
      const [significand, quadrant, negative] = fn.locals("i64", 3);
      const [a, b, c, d] = fn.locals("i64", 4);
      const [f, g, unit, shift] = [fn.local("f64"), fn.local("f64"), fn.local("f64"), fn.local("i64")];
      const offsetBits = i64.extend_i32_u(i32.and(offset, i32.const(63)));
      const digits = (k: number) => joined(word(at(index, k)), word(at(index, k + 1)), offsetBits);
      const exponent = i64.and(i64.shr_u(i64.reinterpret_f64(x), i64.const(52n)), i64.const(0x7ffn));
      const [high, low] = fn.locals("f64", 2);
      return [
        offset.set(i32.sub(i32.wrap_i64(exponent), i32.const(1013))),
        when(i32.eq(offset, i32.const(0x7ff - 1013)), [return_(i64.const(0n), f64.const(Number.NaN), f64.const(0))]),
        significand.set(i64.or(i64.and(i64.reinterpret_f64(x), i64.const(SIGNIFICAND)), i64.const(SIGNIFICAND + 1n))),
        index.set(i32.shr_u(offset, i32.const(6))),
        // Product modulo 2^192 in the words a, b, c.
        d.set(digits(2)),
        c.set(i64.mul(significand, d)),
        b.set(upperProduct(significand, d)),
        d.set(digits(1)),
        a.set(i64.add(i64.mul(significand, digits(0)), upperProduct(significand, d))),
        d.set(i64.add(i64.mul(significand, d), b)),
        a.set(i64.add(a, i64.extend_i32_u(i64.lt_u(d, b)))),
        b.set(d),
        // Nearest quadrant, and the signed rest by its magnitude (one unit of 2^-190 off when negative).
        quadrant.set(i64.shr_u(i64.add(a, i64.const(1n << 61n)), i64.const(62n))),
        a.set(i64.sub(a, i64.shl(quadrant, i64.const(62n)))),
        negative.set(i64.shr_s(a, i64.const(63n))),
        ...[a, b, c].map((part) => part.set(i64.xor(part, negative))),
        when(i64.eqz(a), [a.set(b), b.set(c), c.set(i64.const(0n)), shift.set(i64.const(64n))]),
        d.set(i64.clz(a)),
        shift.set(i64.add(shift, d)),
        a.set(joined(a, b, d)),
        b.set(joined(b, c, d)),
        unit.set(f64.reinterpret_i64(i64.shl(i64.sub(i64.const(1025n), shift), i64.const(52n)))),
        f.set(f64.mul(f64.mul(f64.convert_i64_u(i64.shr_u(a, i64.const(11n))), f64.const(2 ** -53)), unit)),
        d.set(i64.or(i64.shl(a, i64.const(53n)), i64.shr_u(b, i64.const(11n)))),
        g.set(f64.mul(f64.mul(f64.convert_i64_u(d), f64.const(2 ** -117)), unit)),
        when(i32.ne(i64.ne(negative, i64.const(0n)), f64.lt(x, f64.const(0))), [f.set(f64.neg(f)), g.set(f64.neg(g))]),
        quadrant.set(
          select(i64.and(i64.sub(i64.const(4n), quadrant), i64.const(3n)), quadrant, f64.lt(x, f64.const(0))),
        ),
        setAll([high, low], addToRadians(module)(f, g)),
        quadrant,
        high,
        low,
      ];
    });
  });
}

function addToRadians(module: ModuleBuilder): FunctionRef<readonly ["f64", "f64"], readonly ["f64", "f64"]> {
  const { add, sub, mul, const: number } = f64;
  return module.once("toRadians", () =>
    module.function("toRadians", { params: ["f64", "f64"], results: ["f64", "f64"] }, (fn, f, g) => {
      const [product, scaled, fHigh, fLow] = fn.locals("f64", 4);
      const [error, rest, high] = fn.locals("f64", 3);
      const [head, tail] = [number(PI_HEAD), number(PI_TAIL)];
      return [
        product.set(mul(f, number(HALF_PI_HIGH))),
        scaled.set(mul(f, number(SPLITTER))),
        fHigh.set(sub(scaled, sub(scaled, f))),
        fLow.set(sub(f, fHigh)),
        error.set(add(add(add(sub(mul(fHigh, head), product), mul(fHigh, tail)), mul(fLow, head)), mul(fLow, tail))),
        rest.set(add(error, add(mul(f, number(HALF_PI_LOW)), mul(g, number(HALF_PI_HIGH))))),
        high.set(add(product, rest)),
        high,
        add(sub(product, high), rest),
      ];
    }),
  );
}

/** Word of 2/π by its number: constants, so that the caller's memory stays the caller's. */
function addWord(module: ModuleBuilder): FunctionRef<readonly ["i32"], readonly ["i64"]> {
  return module.once("twoOverPiWord", () =>
    module.function("twoOverPiWord", { params: ["i32"], results: ["i64"] }, (_, index) => [
      TWO_OVER_PI_WORDS.map((word): Expr<"i64"> => i64.const(word)).reduce((chosen, word, k) =>
        select(word, chosen, i32.eq(index, i32.const(k))),
      ),
    ]),
  );
}

/** Upper 64 bits of a product of two 64-bit integers, the first below 2⁵³. */
function addUpperProduct(module: ModuleBuilder): FunctionRef<readonly ["i64", "i64"], readonly ["i64"]> {
  return module.once("upperProduct", () =>
    module.function("upperProduct", { params: ["i64", "i64"], results: ["i64"] }, (fn, a, b) => {
      const [upperA, upperB, cross, middle] = fn.locals("i64", 4);
      const lower = (x: Expr<"i64">) => i64.and(x, i64.const(0xffffffffn));
      const upper = (x: Expr<"i64">) => i64.shr_u(x, i64.const(32n));
      return [
        upperA.set(upper(a)),
        upperB.set(upper(b)),
        cross.set(i64.mul(upperA, lower(b))),
        middle.set(i64.add(i64.add(upper(i64.mul(lower(a), lower(b))), lower(cross)), i64.mul(lower(a), upperB))),
        i64.add(i64.add(i64.mul(upperA, upperB), upper(cross)), upper(middle)),
      ];
    }),
  );
}

function at(index: Local<"i32">, k: number): Expr<"i32"> {
  return i32.add(index, i32.const(k));
}

/** 64 bits of two words, `count` < 64 bits on; in two shifts, since a shift by 64 would be none. */
function joined(word: Expr<"i64">, next: Expr<"i64">, count: Expr<"i64">): Expr<"i64"> {
  const rest = i64.shr_u(i64.shr_u(next, i64.const(1n)), i64.sub(i64.const(63n), count));
  return i64.or(i64.shl(word, count), rest);
}
