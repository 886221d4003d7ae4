import { standardExponential } from "./exponential.ts";
import type { PhiloxWords } from "./philox-words.ts";
import { exp, log } from "./portable-math.ts";
import { uniform } from "./uniform.ts";

/** Poisson variate of any mean ≥ 0 up to 1e15. */
export function poisson(words: PhiloxWords, mean: number): number {
  if (mean >= 10) return transformedRejection(words, mean);
  return mean >= 0.5 ? inversion(words, mean) : arrivals(words, mean);
}

/** Arrivals of a unit-rate process before `mean`; keeps P(X > 0) accurate however small the mean. */
function arrivals(words: PhiloxWords, mean: number): number {
  let count = 0;
  for (let time = standardExponential(words); time < mean; time += standardExponential(words)) count++;
  return count;
}

/** Sequential search of the distribution function; takes 2 words. */
function inversion(words: PhiloxWords, mean: number): number {
  let rest = uniform(words);
  let probability = exp(-mean);
  let count = 0;
  // Rounding can leave a rest that no probability reaches: those die out, and the count is far in the tail.
  while (rest > probability && probability > 0) {
    rest -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
}

/**
 * Hörmann (1993), The transformed rejection method for generating Poisson random variables, Insurance: Mathematics and
 * Economics 12, 39, 10.1016/0167-6687(93)90997-4, algorithm PTRS, with two changes that make it exact: the log
 * probability is evaluated without cancellation, and hat and squeeze have a margin (see below).
 */
function transformedRejection(words: PhiloxWords, mean: number): number {
  const b = hatWidth(mean);
  const a = hatSteepness(b);
  const inverseAlpha = hatHeight(b);
  const acceptAtOnce = squeeze(b);
  for (;;) {
    const u = uniform(words) - 0.5;
    const v = uniform(words);
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= acceptAtOnce) return count;
    if (count < 0 || (edge < 0.013 && v > edge)) continue;
    if (log((v * inverseAlpha) / (a / (edge * edge) + b)) <= logProbability(count, mean)) return count;
  }
}

/** b of the paper. */
export function hatWidth(mean: number): number {
  return 0.931 + 2.53 * Math.sqrt(mean);
}

/** a of the paper, from b. */
export function hatSteepness(b: number): number {
  return -0.059 + 0.02483 * b;
}

/**
 * 1/α from b. A scan of means from 10 to 1e9 finds that with the paper's value the hat lies up to 0.58 % below the
 * probabilities, for means below 1e4: hence the factor.
 */
export function hatHeight(b: number): number {
  return 1.008 * (1.1239 + 1.1328 / (b - 3.4));
}

/** v_r from b: acceptance without evaluation below it. The paper's value is up to 0.6 % too large, 1.4 % with the hat above. */
export function squeeze(b: number): number {
  return 0.98 * (0.9277 - 3.6224 / (b - 2));
}

const FACTORIALS: readonly number[] = [
  1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800, 87178291200, 1307674368000,
];

/**
 * log P(X = count) for mean ≥ 10. Beyond 15 by the saddle-point form of Loader (2000), Fast and accurate computation of
 * binomial probabilities: −½ log 2πk − (Stirling error of k) − (deviance of k from the mean).
 */
export function logProbability(count: number, mean: number): number {
  if (count < FACTORIALS.length) return count * log(mean) - mean - log(FACTORIALS[count]!);
  return -0.5 * log(2 * Math.PI * count) - stirlingError(count) - deviance(count, mean);
}

/** log k! − (½ log 2πk + k log k − k) for k ≥ 16, to 1e-14. */
function stirlingError(k: number): number {
  const square = k * k;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / k;
}

/** k log(k/mean) + mean − k, by a series where the terms cancel. */
function deviance(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * log(k / mean) + mean - k;
  const v = difference / (k + mean);
  const square = v * v;
  let sum = difference * v;
  let term = 2 * k * v;
  for (let j = 3; j < 100; j += 2) {
    term *= square;
    const next = sum + term / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
