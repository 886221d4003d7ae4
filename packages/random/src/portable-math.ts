/**
 * log, log1p and exp from IEEE 754 additions, multiplications and divisions alone, so that a random variate has the
 * same bits on every engine: ECMAScript leaves the rounding of Math.log and Math.exp open. Errors stay below
 * 1.2 units in the last place (log1p: 2.5); the arguments are those that the distributions use, so NaN is not looked for.
 */

const view = new DataView(new ArrayBuffer(8));

/** ln 2 as a 33-bit head, whose multiples by an exponent are exact, and the rest. */
const LN2_HEAD = 0.6931471803691238;
const LN2_REST = 1.9082149292705877e-10;
const SQRT_2 = 1.4142135623730951;

/** Natural logarithm of a positive finite number. */
export function log(x: number): number {
  let exponent = 0;
  if (x < 2 ** -1022) {
    x *= 2 ** 54;
    exponent = -54;
  }
  view.setFloat64(0, x);
  const head = view.getInt32(0);
  exponent += (head >> 20) - 1023;
  view.setInt32(0, (head & 0xfffff) | 0x3ff00000);
  let mantissa = view.getFloat64(0);
  if (mantissa > SQRT_2) {
    mantissa *= 0.5;
    exponent++;
  }
  const f = mantissa - 1;
  if (exponent === 0) return f - logCorrection(f);
  return exponent * LN2_HEAD - (logCorrection(f) - exponent * LN2_REST - f);
}

/** log(1 + x) for x > −1 and finite, with full relative accuracy near 0. */
export function log1p(x: number): number {
  return x > -0.29 && x < 0.41 ? x - logCorrection(x) : log(1 + x);
}

/**
 * f − log(1 + f) for 1 + f in [√½, √2], from log(1 + f) = 2 artanh s with s = f / (2 + f) and 2s = f − s·f.
 * The series of artanh is cut after s²¹, where |s| ≤ 0.172 leaves 1e-19 of the sum.
 */
function logCorrection(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = z * (2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19)))));
  const even = w * (2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21)))));
  return s * (f - (odd + even));
}

/** exp(x); 0 below −745.14 and Infinity above 709.79, as rounding gives. */
export function exp(x: number): number {
  if (x > 709.79) return Infinity;
  if (x < -745.14) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * LN2_HEAD - k * LN2_REST;
  const y = 1 + (r + r * r * expCorrection(r));
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** (exp r − 1 − r) / r² for |r| ≤ ½ ln 2: Taylor series to r¹³/15!, below 1e-18. */
function expCorrection(r: number): number {
  const z = r * r;
  const even = 1 / 2 + z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600)))));
  const odd = 1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800)))));
  return even + r * odd;
}

/** 2^k for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  view.setInt32(0, (k + 1023) << 20);
  view.setInt32(4, 0);
  return view.getFloat64(0);
}
