import type { FinishedRound } from "@siegert/log-density";
import type { ExploredPath } from "./explored-path.ts";
import { chainsOfLegs, RungTable } from "./rung-table.ts";

/** Most that a step size changes between two rounds. */
const LARGEST_FACTOR = 10;
/** Weight of the size used before a round, in steps. */
const PRIOR_STEPS = 4;

/**
 * One step size per rung, tuned between rounds until the mean acceptance probability is the wanted one. For steps of
 * size ε on a smooth density of many coordinates the acceptance is close to 2 Φ(−c εᵖ), with p = 1 for a random walk
 * (Roberts, Gelman & Gilks 1997, 10.1214/aoap/1034625254) and p = 2 for leapfrog steps (Beskos et al. 2013,
 * 10.3150/12-BEJ414), which says by how much ε has to change.
 */
export class RungScale {
  readonly #target: number;
  readonly #power: number;
  readonly #legs: number;
  readonly #table: RungTable;
  readonly #out = new Float64Array(1);

  /**
   * @param initial step size at every rung, positive.
   * @param target acceptance probability to aim for, in (0, 1).
   * @param power p above.
   */
  constructor(legs: number, initial: number, target: number, power: number) {
    this.#legs = legs;
    this.#target = target;
    this.#power = power;
    this.#table = new RungTable(legs, Float64Array.of(Math.log(initial)));
  }

  /** The step size at the path's β. */
  at({ leg, beta }: ExploredPath): number {
    return this.atBeta(leg, beta);
  }

  atBeta(leg: number, beta: number): number {
    this.#table.lookup(leg, beta, this.#out);
    return Math.exp(this.#out[0]!);
  }

  /** Learns from a round. @param at column of the sums over scans of the mean acceptance probability of a scan. */
  tune(round: FinishedRound, at: number, width: number): void {
    const { scans, tallies, betas } = round;
    this.tuneBy(round, (chain) => {
      // At β = 0 states are drawn anew, so nothing is learned there about steps.
      if (betas[chain] === 0) return 1;
      const rate = tallies[chain * width + at]! / scans;
      return stepCorrection(rate, this.#target, this.#power);
    });
  }

  /** Multiplies the step size of every chain by a factor, which counts by how long the round was; NaN is none. */
  tuneBy({ scans, betas, legs }: FinishedRound, factorOf: (chain: number) => number): void {
    chainsOfLegs(legs, this.#legs).forEach((chains, leg) => {
      const values = Float64Array.from(chains, (chain) => {
        const factor = factorOf(chain);
        const known = Number.isNaN(factor) ? 1 : factor;
        const limited = Math.min(Math.max(known, 1 / LARGEST_FACTOR), LARGEST_FACTOR);
        return Math.log(this.atBeta(leg, betas[chain]!)) + (scans / (scans + PRIOR_STEPS)) * Math.log(limited);
      });
      // What is drawn anew has no size of its own: that of its neighbour, so that interpolation is not misled.
      chains.forEach((chain, k) => {
        if (betas[chain] !== 0 || chains.length < 2) return;
        values[k] = values[k === 0 ? 1 : k - 1]!;
      });
      this.#table.replace(
        leg,
        chains.map((chain) => betas[chain]!),
        values,
      );
    });
  }

  save(): number[] {
    return this.#table.save();
  }

  load(saved: readonly number[]): void {
    this.#table.load(saved);
  }
}

/** The factor on the step size that takes the acceptance from `rate` to `target`; never 0 or infinite. */
export function stepCorrection(rate: number, target: number, power: number): number {
  const now = -lowerQuantile(Math.min(Math.max(rate, 1e-12), 1 - 1e-6) / 2);
  const wanted = -lowerQuantile(target / 2);
  return (wanted / now) ** (1 / power);
}

/** Quantile of the standard normal for p ≤ ½, to 4.5e-4: Abramowitz & Stegun 1964, 26.2.23. */
function lowerQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return Math.min(top / bottom - t, -1e-6);
}
