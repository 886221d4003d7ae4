import { InvalidArgumentError } from "@siegert/errors";
import { type Chains, type ChainsInput, hasNaN, toChains } from "./chains.ts";
import { effectiveSize } from "./effective-size.ts";
import { mean, variance } from "./moments.ts";

/** Options of {@link geweke}. */
export interface GewekeOptions {
  /** Share of the draws that the early part takes. Default 0.1. */
  readonly first?: number;
  /** Share of the draws that the late part takes. Default 0.5. */
  readonly last?: number;
}

/**
 * Geweke's comparison of each chain's beginning with its end: the difference of the two means in units of its standard
 * error. About standard normal when the chain is stationary; values beyond ±3 say that warmup was too short. The variance
 * of each mean is s²/ESS of its part, which estimates the spectral density at frequency zero.
 *
 * Source: Geweke (1992), Evaluating the Accuracy of Sampling-Based Approaches to the Calculation of Posterior Moments,
 * Bayesian Statistics 4, 169.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @returns z of every chain; NaN for a chain that never moves and for NaN among the draws.
 * @throws {InvalidArgumentError} for shares outside (0, 1) or overlapping, and parts of fewer than 4 draws.
 */
export function geweke(chains: ChainsInput, options: GewekeOptions = {}): Float64Array {
  const { first = 0.1, last = 0.5 } = options;
  if (!(first > 0 && first < 1)) throw new InvalidArgumentError("first", "lie between 0 and 1", first);
  if (!(last > 0 && first + last <= 1)) {
    throw new InvalidArgumentError("last", "be positive and at most 1 − first, so that the parts are apart", last);
  }
  const { values, chains: count, draws } = toChains(chains);
  const early = Math.floor(first * draws);
  const late = Math.floor(last * draws);
  if (early < 4 || late < 4) {
    throw new InvalidArgumentError("chains", "be long enough for at least 4 draws in each part", draws);
  }
  return Float64Array.from({ length: count }, (_, chain) => {
    const start = chain * draws;
    const begin = part(values.subarray(start, start + early));
    const end = part(values.subarray(start + draws - late, start + draws));
    return (mean(begin.values) - mean(end.values)) / Math.sqrt(meanVariance(begin) + meanVariance(end));
  });
}

function part(values: Float64Array): Chains {
  return { values, chains: 1, draws: values.length };
}

function meanVariance(data: Chains): number {
  return hasNaN(data.values) ? Number.NaN : variance(data.values, 1) / effectiveSize(data);
}
