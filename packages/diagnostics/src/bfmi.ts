import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, toChains } from "./chains.ts";
import { variance } from "./moments.ts";

/**
 * Estimated Bayesian fraction of missing information (E-BFMI) of every chain: mean squared change of the Hamiltonian's
 * value from draw to draw over its variance. Below 0.3 momentum resampling explores the energies slowly: heavy tails,
 * or scales that depend on parameters. NaN for a chain of constant energy.
 *
 * Source: Betancourt (2016), Diagnosing Suboptimal Cotangent Disintegrations in Hamiltonian Monte Carlo,
 * arXiv:1604.00695.
 *
 * @param energy energy after every transition, (chain, draw), at least 2 draws.
 * @throws {InvalidArgumentError} for energies that are no table, or a single draw.
 */
export function bfmi(energy: ChainsInput): Float64Array {
  const { values, chains, draws } = toChains(energy, "energy");
  if (draws < 2) throw new InvalidArgumentError("energy", "hold at least 2 draws a chain", draws);
  const fractions = new Float64Array(chains);
  for (let chain = 0; chain < chains; chain++) {
    const path = values.subarray(chain * draws, (chain + 1) * draws);
    let sum = 0;
    for (let t = 1; t < draws; t++) sum += (path[t]! - path[t - 1]!) ** 2;
    fractions[chain] = sum / (draws - 1) / variance(path, 1);
  }
  return fractions;
}
