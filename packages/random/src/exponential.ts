import type { PhiloxWords } from "./philox-words.ts";
import { log, log1p } from "./portable-math.ts";
import { signedTail } from "./uniform.ts";

/**
 * Exponential variate of mean 1 by inversion, from the nearer tail: full relative accuracy both near 0 and far out
 * (to 81). Takes 2 words, and 2 more with probability 2⁻¹⁰.
 */
export function standardExponential(words: PhiloxWords): number {
  const tail = signedTail(words);
  return tail < 0 ? -log1p(tail) : -log(tail);
}
