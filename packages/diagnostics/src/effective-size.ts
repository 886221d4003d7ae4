/** The effective sample size of chains as they are: what every kind of ESS rests on. */
import { meanAutocovariance } from "./autocorrelation.ts";
import { type Chains, isConstant } from "./chains.ts";
import { chainMeans, variance } from "./moments.ts";

/**
 * S / τ with τ from the autocorrelation of all chains together, by Geyer's initial monotone positive sequence.
 * τ is kept above 1 / log₁₀ S, which limits the gain from antithetic chains. Draws that are all equal count in full.
 *
 * Source: Vehtari et al. (2021), 10.1214/20-BA1221, equations 10 to 13 and appendix A; Geyer (1992), Practical Markov
 * Chain Monte Carlo, 10.1214/ss/1177011137.
 *
 * @param data chains already split and transformed, at least 2 draws each, without NaN.
 */
export function effectiveSize(data: Chains): number {
  const { values, chains, draws } = data;
  const total = chains * draws;
  if (isConstant(values)) return total;
  const covariance = meanAutocovariance(values, chains, draws);
  const within = (covariance[0]! * draws) / (draws - 1);
  const between = chains > 1 ? variance(chainMeans(values, chains, draws), 1) : 0;
  const rho = covariance;
  const spread = covariance[0]! + between;
  for (let lag = 0; lag < draws; lag++) rho[lag] = 1 - (within - covariance[lag]!) / spread;
  rho[0] = 1;
  const tau = Math.max(monotoneSum(rho), 1 / Math.log10(total));
  return total / tau;
}

/**
 * τ = −1 + 2 Σ ρ over the pairs ρ(2k) + ρ(2k + 1) before the first that is not positive, none counted higher than the
 * one before it. Of the pair that ends the search its ρ(2k) counts once, unless it is what made the pair negative.
 * NaN when ρ is NaN.
 */
function monotoneSum(rho: Float64Array): number {
  let even = 1;
  let odd = rho[1]!;
  let lag = 0;
  let sum = 0;
  let previous = Infinity;
  while (lag + 4 < rho.length && even + odd > 0) {
    previous = Math.min(even + odd, previous);
    sum += previous;
    lag += 2;
    even = rho[lag]!;
    odd = rho[lag + 1]!;
  }
  if (Number.isNaN(even + odd)) return Number.NaN;
  return -1 + 2 * sum + (even > 0 || even + odd >= 0 ? even : 0);
}
