import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, hasNaN, toChains } from "./chains.ts";
import { averageRanks } from "./order-statistics.ts";

/** What {@link rankHistogram} counts. */
export interface RankHistogram {
  /** Row-major (chain, bin): how many of the chain's ranks fall into the bin. */
  readonly counts: Float64Array;
  readonly chains: number;
  readonly bins: number;
  /** Edges of the bins in ranks, from 0 to the number of all draws: bins + 1 values. */
  readonly edges: Float64Array;
  /** Count of every bin if all chains had the same distribution: draws / bins. */
  readonly expected: number;
}

/**
 * Histogram of each chain's ranks among all draws: flat when the chains agree, tilted for a chain that sits too high or too
 * low, ∪ or ∩ for one that is too wide or too narrow. Equal draws share the mean of their ranks.
 *
 * Source: Vehtari et al. (2021), 10.1214/20-BA1221, section 4.2.
 *
 * @param chains draws of one scalar, (chain, draw), without NaN.
 * @param bins number of bins, 1 … number of draws. Default 20, fewer for short chains.
 * @throws {InvalidArgumentError} for NaN among the draws, or a number of bins that is none.
 */
export function rankHistogram(chains: ChainsInput, bins?: number): RankHistogram {
  const { values, chains: count, draws } = toChains(chains);
  const wanted = bins ?? Math.min(20, draws);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > values.length) {
    throw new InvalidArgumentError("bins", `be an integer from 1 to the number of draws, ${values.length}`, wanted);
  }
  if (hasNaN(values)) throw new InvalidArgumentError("chains", "hold no NaN, which has no rank", values);
  const ranks = averageRanks(values);
  const counts = new Float64Array(count * wanted);
  for (let i = 0; i < ranks.length; i++) {
    const bin = Math.floor(((ranks[i]! - 0.5) / ranks.length) * wanted);
    const cell = Math.floor(i / draws) * wanted + bin;
    counts[cell] = counts[cell]! + 1;
  }
  const edges = Float64Array.from({ length: wanted + 1 }, (_, k) => (k * values.length) / wanted);
  return { counts, chains: count, bins: wanted, edges, expected: draws / wanted };
}
