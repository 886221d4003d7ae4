/** Steps that the plain twins share: the same float64 operations, in the same order, as the vector code. */

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const HIGH: number = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** 2ⁿ from n = −1022 on. A table, because putting a float64 together from words stalls its reading. */
const POWERS: Float64Array = new Float64Array(
  BigUint64Array.from({ length: 2046 }, (_, k) => BigInt(k + 1) << 52n).buffer,
);

/** Upper 32 bits of a float64: sign, exponent and 20 bits of the significand. */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH]!;
}

/** 2ⁿ for −1022 ≤ n ≤ 1023. */
export function powerOfTwo(n: number): number {
  return POWERS[n + 1022]!;
}

/** Polynomial by Horner's rule, coefficients lowest degree first. */
export function horner(x: number, coefficients: readonly number[]): number {
  let value = coefficients[coefficients.length - 1]!;
  for (let k = coefficients.length - 2; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
}
