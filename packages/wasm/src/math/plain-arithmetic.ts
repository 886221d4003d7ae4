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

/** Polynomial, coefficients lowest degree first: even and odd part by Horner's rule in x². */
export function polynomial(x: number, coefficients: readonly number[]): number {
  const square = x * x;
  const top = coefficients.length - 1;
  let upper = coefficients[top]!;
  let lower = coefficients[top - 1]!;
  for (let k = top - 2; k > 0; k -= 2) {
    upper = upper * square + coefficients[k]!;
    lower = lower * square + coefficients[k - 1]!;
  }
  if (top % 2 === 1) return lower + upper * x;
  return upper * square + coefficients[0]! + lower * x;
}
