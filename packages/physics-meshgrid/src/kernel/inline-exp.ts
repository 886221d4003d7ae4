import {
  type Expr,
  type FunctionBuilder,
  f64x2,
  i32,
  i64x2,
  type Local,
  type ModuleBuilder,
  type Statement,
  v128,
} from "@siegert/wasm";

type V128 = Local<"v128">;

/** 1.5 · 2⁵²: adding it rounds to an integer, which its low bits then hold. */
const ROUNDER = 6755399441055744;
/** ln 2 in two parts, the first with trailing zeros so that n times it is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Of the Taylor series: |r| ≤ ½ ln 2, so the next term is below 1e-17. */
const DEGREE = 13;

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** Limits of x, constants of the reduction, and the series. Below −708 the result stays 3e-308; 710 gives ∞. */
const CONSTANTS: readonly number[] = [
  -708,
  710,
  Math.LOG2E,
  ROUNDER,
  LN2_HIGH,
  LN2_LOW,
  ...Array.from({ length: DEGREE + 1 }, (_, k) => 1 / factorial(k)),
];

/** Bytes at the beginning of the memory that hold the constants. */
export const CONSTANT_BYTES: number = 8 * CONSTANTS.length;

/** Puts the constants of {@link inlineExp} at the beginning of the memory. */
export function addExpConstants(module: ModuleBuilder): void {
  module.data(0, new Uint8Array(Float64Array.from(CONSTANTS).buffer));
}

/**
 * exp(x) of two lanes to about 2 ulp, written out for loops: `before` loads the constants once, `statements` belong into
 * the loop, in front of `result`. A quarter faster there than a call of the function of `addExp`, which must make its
 * constants anew each time. exp(x) = 2ⁿ exp(r), r = x − n ln 2.
 */
export function inlineExp(
  fn: FunctionBuilder,
  x: Expr<"v128">,
): { readonly before: readonly Statement[]; readonly statements: readonly Statement[]; readonly result: Expr<"v128"> } {
  const held = fn.locals("v128", CONSTANTS.length);
  const before = held.map((local, k) => local.set(v128.load64_splat(i32.const(8 * k), 0, 8)));
  const [low, high, log2e, rounder, ln2High, ln2Low] = held as [V128, V128, V128, V128, V128, V128];
  const series = held.slice(6);
  const { add, sub, mul } = f64x2;
  const [r, rounded, n, square] = fn.locals("v128", 4) as [V128, V128, V128, V128];
  // Even or odd part of the series by Horner's rule in r².
  const part = (parity: number) =>
    series
      .filter((_, k) => k % 2 === parity)
      .reduceRight<Expr<"v128"> | undefined>(
        (value, term) => (value === undefined ? term : add(mul(value, square), term)),
        undefined,
      )!;
  const power = i64x2.shl(i64x2.add(rounded, i64x2.const(1023n)), i32.const(52));
  return {
    before,
    statements: [
      r.set(f64x2.pmin(f64x2.pmax(x, low), high)),
      rounded.set(add(mul(r, log2e), rounder)),
      n.set(sub(rounded, rounder)),
      r.set(sub(sub(r, mul(n, ln2High)), mul(n, ln2Low))),
      square.set(mul(r, r)),
    ],
    result: mul(add(part(0), mul(r, part(1))), power),
  };
}
