/** Autocovariance and autocorrelation at every lag, by Fourier transform: O(n log n). */
import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, toChains } from "./chains.ts";
import { fourierTransform, nextPowerOfTwo } from "./fourier.ts";
import { mean } from "./moments.ts";

/**
 * Mean over chains of the autocovariance (1/n) Σ (x(t) − x̄)(x(t + lag) − x̄), each chain about its own mean. Every lag
 * is divided by n, which is biased but keeps the function positive definite.
 *
 * Two chains are transformed at once as real and imaginary part: the real part of the autocovariance of their sum is
 * the sum of theirs. One transform back serves all chains.
 *
 * @param values row-major (chain, draw).
 * @returns lags 0 … draws − 1.
 */
export function meanAutocovariance(values: Float64Array, chains: number, draws: number): Float64Array {
  const size = nextPowerOfTwo(2 * draws);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const power = new Float64Array(size);
  for (let chain = 0; chain < chains; chain += 2) {
    centred(values.subarray(chain * draws, (chain + 1) * draws), re);
    if (chain + 1 < chains) centred(values.subarray((chain + 1) * draws, (chain + 2) * draws), im);
    else im.fill(0);
    fourierTransform(re, im);
    for (let k = 0; k < size; k++) power[k] = power[k]! + re[k]! * re[k]! + im[k]! * im[k]!;
  }
  im.fill(0);
  fourierTransform(power, im);
  const scale = 1 / (size * draws * chains);
  const covariance = power.slice(0, draws);
  for (let lag = 0; lag < draws; lag++) covariance[lag] = covariance[lag]! * scale;
  return covariance;
}

/** Options of {@link autocorrelation} and {@link autocovariance}. */
export interface AutocorrelationOptions {
  /** Largest lag to return. Default: draws − 1. */
  readonly maxLag?: number;
}

/**
 * Autocovariance of every chain about its own mean, each lag divided by the number of draws.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @returns one array per chain: lags 0 … maxLag.
 * @throws {InvalidArgumentError} for draws that are no table, or a largest lag outside 0 … draws − 1.
 */
export function autocovariance(chains: ChainsInput, options: AutocorrelationOptions = {}): Float64Array[] {
  const { values, chains: count, draws } = toChains(chains);
  const { maxLag = draws - 1 } = options;
  if (!Number.isInteger(maxLag) || maxLag < 0 || maxLag >= draws) {
    throw new InvalidArgumentError("maxLag", `be an integer from 0 to draws − 1 = ${draws - 1}`, maxLag);
  }
  return Array.from({ length: count }, (_, chain) =>
    meanAutocovariance(values.subarray(chain * draws, (chain + 1) * draws), 1, draws).subarray(0, maxLag + 1),
  );
}

/**
 * Autocorrelation of every chain: its autocovariance divided by the one at lag 0. NaN for a chain that never moves.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @returns one array per chain: lags 0 … maxLag, beginning with 1.
 * @throws {InvalidArgumentError} as {@link autocovariance}.
 */
export function autocorrelation(chains: ChainsInput, options: AutocorrelationOptions = {}): Float64Array[] {
  return autocovariance(chains, options).map((covariance) => covariance.map((value) => value / covariance[0]!));
}

/** Writes the chain less its mean, then zeros. */
function centred(chain: Float64Array, out: Float64Array): void {
  const centre = mean(chain);
  out.fill(0, chain.length);
  for (let t = 0; t < chain.length; t++) out[t] = chain[t]! - centre;
}
