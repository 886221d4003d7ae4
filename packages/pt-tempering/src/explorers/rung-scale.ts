import type { FinishedRound } from "@siegert/log-density";
import type { ExploredPath } from "./explored-path.ts";
import type { RungShapes } from "./rung-shapes.ts";
import { chainsOfLegs, RungTable } from "./rung-table.ts";
import { shapeGrowth } from "./shape-growth.ts";

/** Most that a step size grows and shrinks between two rounds. */
const MOST_UP = 4;
const MOST_DOWN = 10;
/** Weight of the size used before a round, in scans. */
const PRIOR_SCANS = 1;
/** What corrections are multiplied by after one in the other direction, and after one in the same; the least of it. */
const AFTER_TURN = 0.5;
const AFTER_GOING_ON = 1.5;
const LEAST_GAIN = 0.1;
/** Numbers of a rung: log step size, gain on the next correction, log of the last one. */
const WIDTH = 3;

/**
 * One step size per rung, tuned between rounds until the mean acceptance probability is the wanted one. For steps of
 * size ε on a smooth density of many coordinates the acceptance is close to 2 Φ(−c εᵖ), with p = 1 for a random walk
 * (Roberts, Gelman & Gilks 1997, 10.1214/aoap/1034625254) and p = 2 for leapfrog steps (Beskos et al. 2013,
 * 10.3150/12-BEJ414), which says by how much ε has to change. Where acceptance falls off a cliff, as that of long
 * trajectories does, corrections would jump to and fro across it: one that turns back counts half.
 */
export class RungScale {
  readonly #target: number;
  readonly #power: number;
  readonly #legs: number;
  readonly #table: RungTable;
  readonly #out = new Float64Array(WIDTH);

  /**
   * @param initial step size at every rung, positive.
   * @param target acceptance probability to aim for, in (0, 1).
   * @param power p above.
   */
  constructor(legs: number, initial: number, target: number, power: number) {
    this.#legs = legs;
    this.#target = target;
    this.#power = power;
    this.#table = new RungTable(legs, Float64Array.of(Math.log(initial), 1, 0));
  }

  /** The step size at the path's β. */
  at({ leg, beta }: ExploredPath): number {
    return this.atBeta(leg, beta);
  }

  atBeta(leg: number, beta: number): number {
    this.#table.lookup(leg, beta, this.#out);
    return Math.exp(this.#out[0]!);
  }

  /**
   * Learns from a round.
   * @param at column of the sums over scans of the mean acceptance probability of a scan.
   * @param shapes that steps are in units of, where they were learned from the same round: steps keep their length in
   *   the direction that has become longest, so that a rung whose states were stuck, and which therefore looks narrow,
   *   does not swing between steps too short and too long.
   */
  tune(round: FinishedRound, at: number, width: number, shapes?: RungShapes): void {
    const { scans, tallies } = round;
    const factorOf = (chain: number) => stepCorrection(tallies[chain * width + at]! / scans, this.#target, this.#power);
    this.tuneBy(round, factorOf, shapes);
  }

  /** The same with the factor by which the step size of every chain should change; NaN where nothing is known. */
  tuneBy({ scans, betas, legs }: FinishedRound, factorOf: (chain: number) => number, shapes?: RungShapes): void {
    chainsOfLegs(legs, this.#legs).forEach((chains, leg) => {
      const values = new Float64Array(WIDTH * chains.length);
      chains.forEach((chain, k) => {
        const beta = betas[chain]!;
        const row = values.subarray(k * WIDTH, (k + 1) * WIDTH);
        this.#table.lookup(leg, beta, row);
        // At β = 0 states are drawn anew, so nothing is learned there about steps.
        if (beta > 0) correct(row, factorOf(chain), scans / (scans + PRIOR_SCANS));
        if (shapes) row[0] = row[0]! - Math.log(shapeGrowth(shapes.before(leg, beta), shapes.at(chain, leg, beta)));
      });
      chains.forEach((chain, k) => {
        // The size of a neighbour stands in, so that interpolation is not misled.
        const neighbour = k === 0 ? 1 : k - 1;
        if (betas[chain] === 0 && chains.length > 1)
          values.copyWithin(k * WIDTH, neighbour * WIDTH, (neighbour + 1) * WIDTH);
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

/** Multiplies the step size of a rung by a factor, as far as its history and the length of the round allow. */
function correct(row: Float64Array, factor: number, share: number): void {
  if (Number.isNaN(factor)) return;
  const wanted = Math.log(Math.min(Math.max(factor, 1 / MOST_DOWN), MOST_UP));
  const last = row[2]!;
  const trend = wanted * last;
  const gain = row[1]! * (trend < 0 ? AFTER_TURN : trend > 0 ? AFTER_GOING_ON : 1);
  row[1] = Math.min(Math.max(gain, LEAST_GAIN), 1);
  row[2] = wanted;
  row[0] = row[0]! + share * row[1] * wanted;
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
