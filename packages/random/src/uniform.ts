/** Uniform variates from 32-bit words; only exact operations, so the same bits on every engine. */
import type { PhiloxWords } from "./philox-words.ts";

const TWO_32 = 2 ** 32;
const SIGNED_2_64 = Float64Array.of(2 ** -64, -(2 ** -64));

/** Uniform on the odd multiples of 2⁻⁵³ in (0, 1), symmetric about ½; never 0 or 1. Takes 2 words. */
export function uniform(words: PhiloxWords): number {
  const high = words.next();
  return (high * 2 ** 20 + (words.next() >>> 12) + 0.5) * 2 ** -52;
}

/**
 * A uniform variate told by its nearer end: ±p, where p, the probability of the tail beyond it, is uniform in
 * (0, ½] and the sign, fair and independent, says which tail. p keeps 53 significant bits however small it is, down to
 * 2⁻⁶⁴, and goes down to 2⁻¹¹⁷, so that a quantile function of it has exact tails.
 * Takes 2 words, and 2 more with probability 2⁻¹⁰.
 */
export function signedTail(words: PhiloxWords): number {
  const first = words.next();
  const high = first >>> 1;
  let p = high * TWO_32 + words.next();
  if (high < 2 ** 21) p += uniform(words);
  return p * SIGNED_2_64[first & 1]!;
}

/**
 * Uniform on 0, 1, …, n − 1, without bias; n is an integer from 1 to 2⁵³.
 * Takes 1 word for n ≤ 2³² and 2 above, and as many again in the rare case of a rejection.
 */
export function integerBelow(words: PhiloxWords, n: number): number {
  return n <= TWO_32 ? integerBelow32(words, n) : integerBelow53(words, n);
}

/** Lemire (2019), Fast random integer generation in an interval, ACM TOMACS 29, 10.1145/3230636, algorithm 5. */
function integerBelow32(words: PhiloxWords, n: number): number {
  let word = words.next();
  let low = Math.imul(word, n) >>> 0;
  if (low < n) {
    const threshold = (TWO_32 - n) % n;
    while (low < threshold) {
      word = words.next();
      low = Math.imul(word, n) >>> 0;
    }
  }
  // word·n and the difference are rounded by at most 2^11 in all, so the quotient is within 2^-21 of an integer.
  return Math.round((word * n - low) / TWO_32);
}

/** Rejection of the incomplete last multiple of n among 53-bit integers. */
function integerBelow53(words: PhiloxWords, n: number): number {
  const limit = 2 ** 53 - (2 ** 53 % n);
  for (;;) {
    const high = words.next() >>> 11;
    const integer = high * TWO_32 + words.next();
    if (integer < limit) return integer % n;
  }
}
