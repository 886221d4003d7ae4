/** Steps that the plain twins share: the same float64 operations, in the same order, as the vector code. */

const words = new Int32Array(2);
const double = new Float64Array(words.buffer);
const isLittleEndian: boolean = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;
const LOW = isLittleEndian ? 0 : 1;
const HIGH = 1 - LOW;

/** Upper 32 bits of a float64: sign, exponent and 20 bits of the significand. */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH]!;
}

/** `x` with its upper 32 bits replaced. */
export function withHighWord(x: number, high: number): number {
  double[0] = x;
  words[HIGH] = high;
  return double[0];
}

/** 2ⁿ for −1022 ≤ n ≤ 1023. */
export function powerOfTwo(n: number): number {
  words[HIGH] = (n + 1023) << 20;
  words[LOW] = 0;
  return double[0]!;
}

/** Polynomial by Horner's rule, coefficients lowest degree first. */
export function horner(x: number, coefficients: readonly number[]): number {
  let value = coefficients[coefficients.length - 1]!;
  for (let k = coefficients.length - 2; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
}
