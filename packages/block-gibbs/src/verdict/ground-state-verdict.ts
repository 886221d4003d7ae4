import { InvalidArgumentError } from "@siegert/errors";
import type { GroundStateAdvice } from "./ground-state-advice.ts";

/** What a search for ground states came to. */
export interface GroundStateOutcome {
  /** β of its coldest chain. */
  readonly beta: number;
  /** Mean of V there. */
  readonly meanEnergy: number;
  /** Standard error of that mean. Default 0. */
  readonly meanEnergyError?: number;
  /** Lowest V that was seen. */
  readonly lowestEnergy: number;
  /** Round trips between β = 0 and the coldest chain; for a search without a ladder, independent restarts. */
  readonly roundTrips: number;
}

/** What limits a search, and what to do. */
export interface GroundStateVerdict {
  /**
   * - "beta-limited": the coldest chain is too warm to stay near the ground state;
   * - "mixing-limited": it is cold enough, but its mean energy lies above what its temperature explains: chains are stuck;
   * - "draws": it is where its temperature puts it: more draws are all that is needed;
   * - "inconclusive": too few round trips to tell.
   */
  readonly verdict: "beta-limited" | "mixing-limited" | "draws" | "inconclusive";
  readonly words: string;
}

/** Round trips from which a mean energy says something of mixing. */
const ENOUGH_TRIPS = 10;

/**
 * What limits a search, by comparing its mean energy with what the advice expects at its β.
 * @throws {InvalidArgumentError} for numbers that are not finite, β or round trips below 0, or a mean below the lowest energy.
 */
export function judgeGroundState(advice: GroundStateAdvice, outcome: GroundStateOutcome): GroundStateVerdict {
  const { beta, meanEnergy, meanEnergyError = 0, lowestEnergy, roundTrips } = outcome;
  if (!(beta >= 0 && beta < Infinity)) throw new InvalidArgumentError("beta", "be finite and not negative", beta);
  if (!Number.isFinite(lowestEnergy)) throw new InvalidArgumentError("lowestEnergy", "be finite", lowestEnergy);
  if (!(meanEnergy >= lowestEnergy && meanEnergy < Infinity)) {
    throw new InvalidArgumentError("meanEnergy", "be finite and not below lowestEnergy", meanEnergy);
  }
  if (!(meanEnergyError >= 0)) throw new InvalidArgumentError("meanEnergyError", "be 0 or more", meanEnergyError);
  if (!(roundTrips >= 0)) throw new InvalidArgumentError("roundTrips", "be 0 or more", roundTrips);
  const lowest = Math.min(lowestEnergy, advice.lowestEnergy);
  const tolerance = advice.relativeGap * advice.range;
  const expected = advice.excess(beta);
  const observed = meanEnergy - lowest;
  const seen = `the mean energy is ${observed.toPrecision(3)} above the lowest known, and about ${expected.toPrecision(3)} is expected at β = ${beta}`;
  if (expected > tolerance) {
    return {
      verdict: "beta-limited",
      words: `too warm: ${seen}; raise β to ${advice.betaMax.toPrecision(3)}`,
    };
  }
  if (roundTrips < ENOUGH_TRIPS) {
    const words = `not known: ${roundTrips} round trips are too few to tell (${ENOUGH_TRIPS} would do); ${seen}; run longer`;
    return { verdict: "inconclusive", words };
  }
  // Independent defects leave collective ones out: allow as much again, the tolerance, and noise.
  if (observed > 2 * expected + tolerance + 3 * meanEnergyError) {
    const words = `chains are stuck: ${seen}; add chains or sweeps, or take larger joint blocks`;
    return { verdict: "mixing-limited", words };
  }
  return { verdict: "draws", words: `as cold as wanted, and moving: ${seen}; more draws settle the rest` };
}
