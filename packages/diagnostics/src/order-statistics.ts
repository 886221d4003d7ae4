/** Quantiles, medians and ranks from a sorted copy. */
import { normalQuantile } from "./special/normal-quantile.ts";

/** A sorted copy, ascending. */
export function sorted(values: Float64Array): Float64Array {
  return values.slice().sort();
}

/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman & Fan (1996), Sample quantiles in
 * statistical packages, Am. Stat. 50, 361, 10.1080/00031305.1996.10473566. Interpolates from the nearer neighbour, so
 * that the result never leaves the interval by rounding.
 *
 * @param ordered ascending values, at least one.
 * @param prob probability in [0, 1].
 */
export function quantileOfSorted(ordered: Float64Array, prob: number): number {
  const position = (ordered.length - 1) * prob;
  const below = Math.floor(position);
  const share = position - below;
  const low = ordered[below]!;
  if (share === 0) return low;
  const high = ordered[below + 1]!;
  if (low === high) return low;
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** Middle value, or the mean of the two middle ones. */
export function medianOfSorted(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
}

/** |x − median| of every value. */
export function absoluteDeviations(values: Float64Array): Float64Array {
  const centre = medianOfSorted(sorted(values));
  const deviations = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) deviations[i] = Math.abs(values[i]! - centre);
  return deviations;
}

/** Ranks from 1 among all values; equal values share the mean of their ranks. */
export function averageRanks(values: Float64Array): Float64Array {
  const ordered = sorted(values);
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const first = countBelow(ordered, value);
    const isAlone = first + 1 === ordered.length || ordered[first + 1]! > value;
    ranks[i] = isAlone ? first + 1 : (first + 1 + countUpTo(ordered, value)) / 2;
  }
  return ranks;
}

/**
 * Normal scores of the pooled ranks, z = Φ⁻¹((r − 3/8) / (S + 1/4)): Blom (1958), Statistical Estimates and Transformed
 * Beta-Variables; equation 14 of Vehtari et al. (2021). The values hold no NaN.
 */
export function normalScores(values: Float64Array): Float64Array {
  const scores = averageRanks(values);
  const total = values.length + 0.25;
  for (let i = 0; i < scores.length; i++) scores[i] = normalQuantile((scores[i]! - 0.375) / total);
  return scores;
}

/** How many of the ascending values are smaller than `value`. */
function countBelow(ordered: Float64Array, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordered[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending values are at most `value`. */
function countUpTo(ordered: Float64Array, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordered[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
