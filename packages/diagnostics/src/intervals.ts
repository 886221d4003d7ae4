/** Quantiles and credible intervals of all draws together. */
import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, checkProbability, hasNaN, toChains } from "./chains.ts";
import { quantileOfSorted, sorted } from "./order-statistics.ts";

/** Probability of an interval unless another is given. */
export const INTERVAL_PROBABILITY: number = 0.89;

/**
 * Quantiles of all draws together, by linear interpolation (type 7 of Hyndman & Fan 1996, 10.1080/00031305.1996.10473566).
 * NaN when a draw is NaN.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @param probs probabilities in [0, 1].
 * @throws {InvalidArgumentError} for draws that are no table, or probabilities outside [0, 1].
 */
export function quantiles(chains: ChainsInput, probs: readonly number[]): Float64Array {
  probs.forEach((prob, k) => {
    if (!(prob >= 0 && prob <= 1)) throw new InvalidArgumentError(`probs[${k}]`, "lie between 0 and 1", prob);
  });
  const { values } = toChains(chains);
  if (hasNaN(values)) return new Float64Array(probs.length).fill(Number.NaN);
  const ordered = sorted(values);
  return Float64Array.from(probs, (prob) => quantileOfSorted(ordered, prob));
}

/**
 * Equal-tailed interval: the quantiles (1 − prob)/2 and 1 − (1 − prob)/2.
 *
 * @param prob probability inside. Default 0.89.
 * @throws {InvalidArgumentError} for draws that are no table, or a probability outside (0, 1).
 */
export function eti(chains: ChainsInput, prob: number = INTERVAL_PROBABILITY): [low: number, high: number] {
  checkProbability("prob", prob);
  const edge = (1 - prob) / 2;
  const [low, high] = quantiles(chains, [edge, 1 - edge]);
  return [low!, high!];
}

/**
 * Highest-density interval: the shortest one between two draws with ⌊prob · S⌋ steps between them, the first of
 * several. It assumes one mode. NaN when a draw is NaN.
 *
 * Source: Chen & Shao (1999), Monte Carlo Estimation of Bayesian Credible and HPD Intervals, J. Comput. Graph. Stat. 8,
 * 69, 10.1080/10618600.1999.10474802.
 *
 * @param prob probability inside. Default 0.89.
 * @throws {InvalidArgumentError} for draws that are no table, or a probability outside (0, 1).
 */
export function hdi(chains: ChainsInput, prob: number = INTERVAL_PROBABILITY): [low: number, high: number] {
  checkProbability("prob", prob);
  const { values } = toChains(chains);
  if (hasNaN(values)) return [Number.NaN, Number.NaN];
  const ordered = sorted(values);
  const steps = Math.min(Math.floor(prob * ordered.length), ordered.length - 1);
  let start = 0;
  let shortest = Infinity;
  for (let i = 0; i + steps < ordered.length; i++) {
    const width = ordered[i + steps]! - ordered[i]!;
    if (width < shortest) {
      shortest = width;
      start = i;
    }
  }
  return [ordered[start]!, ordered[start + steps]!];
}
