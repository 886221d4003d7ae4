/**
 * The choice of heat bath in single precision: whether a spin stands against its local field, with probability
 * σ(−x) = 1/(1 + e^x) for x = 2β|h| ≥ 0. A uniform u of 31 bits says yes where u (1 + 2^y) < 1, y = x log2 e.
 *
 * 2^y is a polynomial of degree 5 on [−½, ½] (Chebyshev interpolation, constant term 1 so that h = 0 is a fair coin) and
 * an exponent. The probability is right to a relative error of 4e-7 + 2e-7·x (rounding of x, of u and of the
 * polynomial), and absolutely to 3e-7 < 2^−21: as good as thresholds of 20 bits in the middle and far better
 * in the tail, down to 2^−32, below which nothing happens.
 */
import { type Expr, type FunctionBuilder, f32x4, i32, i32x4, type Local, type Statement, v128 } from "@siegert/wasm";

/** Coefficients of f, f², … f⁵. */
const COEFFICIENTS: readonly number[] = [
  0.6931471824645996, 0.2402210682630539, 0.055503569543361664, 0.009676031768321991, 0.0013390863314270973,
];
/** Adding 1.5·2²³ rounds to an integer, which is then in the low bits. */
const ROUNDING = 12582912;
/** 2^y stays finite. */
const LARGEST = 126;
const RANGE: number = 2 ** 31;

/** Constants that the vector code reads from memory, where they cost less than in the code: four lanes of each. */
const CONSTANTS: readonly number[] = [...COEFFICIENTS, ROUNDING, LARGEST, 0.5, 1, RANGE];
/** Float32 numbers of the table of constants. */
export const CONSTANTS_LENGTH: number = 4 * CONSTANTS.length;

/** Fills the table of constants. */
export function fillConstants(table: Float32Array): void {
  CONSTANTS.forEach((value, k) => {
    table.fill(value, 4 * k, 4 * k + 4);
  });
}

/** Locals that the choice uses. */
export interface LogisticLocals {
  readonly y: Local<"v128">;
  readonly rounded: Local<"v128">;
  readonly power: Local<"v128">;
}

/** Declares them. */
export function logisticLocals(fn: FunctionBuilder): LogisticLocals {
  const [y, rounded, power] = fn.locals("v128", 3);
  return { y, rounded, power };
}

/**
 * Statements that put a mask of the lanes that stand against the field into `power`.
 * @param size |h| as float32 lanes.
 * @param constants address of the table of constants.
 * @param factor 2β log2 e in the same units, finite.
 */
export function emitAgainst(
  { y, rounded, power }: LogisticLocals,
  size: Expr<"v128">,
  factor: Expr<"v128">,
  random: Expr<"v128">,
  constants: Expr<"i32">,
): Statement[] {
  const constant = (value: number) => v128.load(constants, 16 * CONSTANTS.indexOf(value));
  const horner = COEFFICIENTS.toReversed().reduce<Expr<"v128"> | undefined>((sum, coefficient) => {
    return sum ? f32x4.add(f32x4.mul(sum, y), constant(coefficient)) : constant(coefficient);
  }, undefined)!;
  const uniform = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(random, i32.const(1))), constant(0.5));
  const one = constant(1);
  return [
    y.set(f32x4.pmin(f32x4.mul(size, factor), constant(LARGEST))),
    rounded.set(f32x4.add(y, constant(ROUNDING))),
    y.set(f32x4.sub(y, f32x4.sub(rounded, constant(ROUNDING)))),
    power.set(f32x4.add(f32x4.mul(horner, y), one)),
    power.set(i32x4.add(power, i32x4.shl(rounded, i32.const(23)))),
    power.set(f32x4.lt(f32x4.mul(uniform, f32x4.add(power, one)), constant(RANGE))),
  ];
}

const { fround } = Math;
const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

/** The same for one lane: `random` is a word of 32 bits, `size` and `factor` are float32. */
export function isAgainst(size: number, factor: number, random: number): boolean {
  return fround(fround(fround(random >>> 1) + 0.5) * onePlusPower(size, factor)) < RANGE;
}

/** 1 + 2^(size · factor) as the vector code computes it. */
export function onePlusPower(size: number, factor: number): number {
  const y = Math.min(fround(size * factor), LARGEST);
  float[0] = y + ROUNDING;
  const shift = integer[0]! << 23;
  const rest = fround(y - fround(float[0] - ROUNDING));
  let sum = COEFFICIENTS[4]!;
  for (let k = 3; k >= 0; k--) sum = fround(fround(sum * rest) + COEFFICIENTS[k]!);
  float[0] = fround(fround(sum * rest) + 1);
  integer[0] = integer[0]! + shift;
  return fround(float[0] + 1);
}
