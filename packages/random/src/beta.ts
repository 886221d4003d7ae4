import { standardExponential } from "./exponential.ts";
import { gammaFromOne } from "./gamma.ts";
import type { PhiloxWords } from "./philox-words.ts";
import { exp, log } from "./portable-math.ts";

/**
 * Beta variate X = G_a / (G_a + G_b) from two gamma variates; where a shape is below 1, through log(G_b / G_a), so
 * that shapes of any smallness give a number: 0/0 of two underflows cannot occur.
 */
export function beta(words: PhiloxWords, a: number, b: number): number {
  const gammaA = gammaFromOne(words, a < 1 ? a + 1 : a);
  const dropA = a < 1 ? standardExponential(words) : 0;
  const gammaB = gammaFromOne(words, b < 1 ? b + 1 : b);
  const dropB = b < 1 ? standardExponential(words) : 0;
  const ratio = gammaB / gammaA;
  if (a >= 1 && b >= 1) return 1 / (1 + ratio);
  return logistic(-(log(ratio) + logRatioOfPowers(a, b, dropA, dropB)));
}

/** dropA/a − dropB/b over a common denominator, as both quotients can overflow. */
function logRatioOfPowers(a: number, b: number, dropA: number, dropB: number): number {
  const largest = Math.max(a, b);
  return (dropA * (b / largest) - dropB * (a / largest)) / Math.min(a, b);
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
