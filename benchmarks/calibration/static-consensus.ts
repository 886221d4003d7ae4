/**
 * Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788) of consensus Monte Carlo: parameters from the priors,
 * maps from the parameters, a least-squares fit, shards, their consensus, and the rank of the truth among the draws.
 */
import { fitCorrelation, fitOptions, inferConsensus, simulate } from "@siegert/xpcs";
import { configuration, drawTruth, type Study } from "./static-model.ts";

const RANKS = 63;
const INTERVAL = 0.9;

/** What is known of a quantity after many data sets. */
export interface Calibration {
  readonly name: string;
  /** How often the truth's rank fell into each of the bins. */
  readonly counts: readonly number[];
  /** Share of the 90 % intervals (5 % to 95 %) that hold the truth. */
  readonly coverage: number;
  /** p value of equal counts. */
  readonly p: number;
}

/** A whole study. */
export interface CalibrationStudy {
  readonly dataSets: number;
  /** Of how many the consensus was weighed reliably against the posterior of all pairs, so that its draws are of that. */
  readonly corrected: number;
  /** Of the draws to use: corrected where that was reliable, else the consensus. */
  readonly used: readonly Calibration[];
  /** Of the consensus alone. */
  readonly combined: readonly Calibration[];
}

/** Simulates data sets and compares their consensus with the truth. @param bins of the ranks; even, for the p value. */
export async function calibrate(study: Study, dataSets: number, bins = 16): Promise<CalibrationStudy> {
  const used = new Tally(bins);
  const combined = new Tally(bins);
  let corrected = 0;
  for (let seed = 0; seed < dataSets; seed++) {
    const { values, sigma } = drawTruth(seed);
    const data = simulate(configuration(study, [...values]), { noise: sigma, seed });
    const config = configuration(study);
    const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
    const fit = await fitCorrelation(fitOptions(config, experiment, () => data.c2));
    const result = await inferConsensus(config, fit, experiment, [data.c2], { seed, threads: 1 });
    if (result.isCorrected) corrected++;
    [...values, sigma].forEach((truth, k) => {
      const name = result.posterior.draws.names[k]!;
      used.add(name, truth, result.posterior.draws.values(name));
      combined.add(name, truth, result.combined.draws.values(name));
    });
  }
  return { dataSets, corrected, used: used.result(), combined: combined.result() };
}

/** Counts ranks and covered truths by quantity. */
class Tally {
  readonly #counts = new Map<string, number[]>();
  readonly #covered = new Map<string, number>();
  readonly #bins: number;

  constructor(bins: number) {
    this.#bins = bins;
  }

  add(name: string, truth: number, draws: Float64Array): void {
    let rank = 0;
    for (let n = 0; n < RANKS; n++) if (draws[Math.floor(((n + 0.5) * draws.length) / RANKS)]! < truth) rank++;
    const bins = this.#counts.get(name) ?? Array<number>(this.#bins).fill(0);
    const bin = Math.floor((this.#bins * rank) / (RANKS + 1));
    bins[bin] = bins[bin]! + 1;
    this.#counts.set(name, bins);
    const below = draws.reduce((sum, draw) => sum + (draw < truth ? 1 : 0), 0) / draws.length;
    const isCovered = below > (1 - INTERVAL) / 2 && below < (1 + INTERVAL) / 2;
    this.#covered.set(name, (this.#covered.get(name) ?? 0) + (isCovered ? 1 : 0));
  }

  result(): Calibration[] {
    return Array.from(this.#counts, ([name, counts]) => ({
      name,
      counts,
      coverage: this.#covered.get(name)! / counts.reduce((a, b) => a + b),
      p: uniformityP(counts),
    }));
  }
}

/** p value of equal probabilities: the χ² tail for an odd number of degrees of freedom, by its finite sum. */
function uniformityP(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  const x = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  let term = Math.sqrt(x);
  let sum = term;
  for (let odd = 3; odd < counts.length - 1; odd += 2) {
    term *= x / odd;
    sum += term;
  }
  return 2 * normalTail(Math.sqrt(x)) + Math.sqrt(2 / Math.PI) * Math.exp(-x / 2) * sum;
}

/** P(z > x) by the trapezoidal rule, which converges faster than any power on such an integrand. */
function normalTail(x: number): number {
  const step = 0.01;
  let sum = 0.5 * Math.exp((-x * x) / 2);
  for (let z = x + step; z < x + 12; z += step) sum += Math.exp((-z * z) / 2);
  const ends = (step * step * x * Math.exp((-x * x) / 2)) / 12;
  return (step * sum - ends) / Math.sqrt(2 * Math.PI);
}
