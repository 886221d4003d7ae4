import type { RoundLedger } from "../ledger/round-ledger.ts";
import { finite, standardError } from "./standard-error.ts";
import { type SteppingStones, steppingStones } from "./stepping-stone.ts";
import { type Estimate, thermodynamicIntegral } from "./thermodynamic.ts";

/** log Z of the last rung of a leg relative to its first one, several ways. */
export interface LegEvidence {
  /** The mean of both directions of the stepping stone, or the one that exists. */
  readonly logZ: number | undefined;
  readonly logZError: number | undefined;
  /** From each rung up: a lower bound on average. */
  readonly forward: Estimate;
  /** From each rung down: an upper bound on average. */
  readonly backward: Estimate;
  /** backward − forward: what the two directions leave open. */
  readonly gap: Estimate;
  readonly thermodynamic: Estimate;
  /** log Z of every rung relative to the first, β ascending; undefined where neither direction exists. */
  readonly logZByRung: readonly (number | undefined)[];
  /** log Z of every copy alone. */
  readonly copies: readonly (number | undefined)[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** The evidence of a run. */
export interface Evidence {
  /**
   * log Z of the target relative to the reference: of the only leg, or the mean of two legs weighted by their
   * precision, which takes references that are normalised alike.
   */
  readonly logZ: number | undefined;
  readonly logZError: number | undefined;
  readonly legs: readonly LegEvidence[];
  /** Second leg minus first. */
  readonly legDifference: Estimate | undefined;
}

/** Evidence from the books of a round. */
export function evidenceOf(ledger: RoundLedger): Evidence {
  const legs = ledger.ladder.schedules.map((_, leg) => legEvidence(ledger, leg));
  const [first, second] = legs as [LegSeries, LegSeries?];
  if (!second) {
    const { logZ, logZError } = first.evidence;
    return { logZ, logZError, legs: [first.evidence], legDifference: undefined };
  }
  return twoLegs(first, second, ledger.copies);
}

/** A leg with the course in time of its error. */
interface LegSeries {
  readonly evidence: LegEvidence;
  readonly influence: Float64Array;
}

function legEvidence(ledger: RoundLedger, leg: number): LegSeries {
  const { copies } = ledger;
  const stones = steppingStones(ledger, leg);
  const forward = sum(stones.forward);
  const backward = sum(stones.backward);
  const notes: string[] = [];
  const isForward = Number.isFinite(forward);
  const isBackward = Number.isFinite(backward);
  const ofLeg = ledger.ladder.schedules.length > 1 ? ` of leg ${leg + 1}` : "";
  if (!isForward)
    notes.push(`The forward stepping stone${ofLeg} is left out: a rung found no state that the next allows.`);
  if (!isBackward) notes.push(`The backward stepping stone${ofLeg} is left out: a rung held a state of density 0.`);
  const influence = averageInfluence(stones, isForward, isBackward);
  const evidence: LegEvidence = {
    logZ: averageOf(forward, backward),
    logZError: isForward || isBackward ? standardError(influence, copies) : undefined,
    forward: { value: finite(forward), error: isForward ? standardError(stones.forwardInfluence, copies) : undefined },
    backward: {
      value: finite(backward),
      error: isBackward ? standardError(stones.backwardInfluence, copies) : undefined,
    },
    gap: gapOf(stones, forward, backward, copies),
    thermodynamic: thermodynamicIntegral(ledger, leg),
    logZByRung: cumulateAverage(stones),
    copies: Array.from({ length: copies }, (_, copy) => {
      const own = copies === 1 ? stones : steppingStones(ledger, leg, copy);
      return averageOf(sum(own.forward), sum(own.backward));
    }),
    notes,
  };
  return { evidence, influence };
}

function gapOf(stones: SteppingStones, forward: number, backward: number, copies: number): Estimate {
  if (!Number.isFinite(backward - forward)) return { value: undefined, error: undefined };
  const difference = stones.backwardInfluence.map((value, i) => value - stones.forwardInfluence[i]!);
  return { value: backward - forward, error: standardError(difference, copies) };
}

function averageInfluence(stones: SteppingStones, isForward: boolean, isBackward: boolean): Float64Array {
  if (!isForward) return stones.backwardInfluence;
  if (!isBackward) return stones.forwardInfluence;
  return stones.forwardInfluence.map((value, i) => (value + stones.backwardInfluence[i]!) / 2);
}

function averageOf(forward: number, backward: number): number | undefined {
  if (!Number.isFinite(forward)) return finite(backward);
  return Number.isFinite(backward) ? (forward + backward) / 2 : forward;
}

function cumulateAverage({ forward, backward }: SteppingStones): (number | undefined)[] {
  const byRung: (number | undefined)[] = [0];
  for (let k = 0; k < forward.length; k++) {
    const step = averageOf(forward[k]!, backward[k]!);
    const before = byRung[k];
    byRung.push(before === undefined || step === undefined ? undefined : before + step);
  }
  return byRung;
}

function twoLegs(first: LegSeries, second: LegSeries, copies: number): Evidence {
  const legs = [first.evidence, second.evidence];
  const [a, b] = legs as [LegEvidence, LegEvidence];
  const isBoth = a.logZ !== undefined && b.logZ !== undefined;
  if (!isBoth) {
    const one = a.logZ === undefined ? b : a;
    return { logZ: one.logZ, logZError: one.logZError, legs, legDifference: undefined };
  }
  // Without errors, as after very few scans, both count the same.
  const weight = a.logZError && b.logZError ? b.logZError ** 2 / (a.logZError ** 2 + b.logZError ** 2) : 0.5;
  const together = first.influence.map((value, i) => weight * value + (1 - weight) * second.influence[i]!);
  const apart = first.influence.map((value, i) => second.influence[i]! - value);
  return {
    logZ: weight * a.logZ + (1 - weight) * b.logZ,
    logZError: standardError(together, copies),
    legs,
    legDifference: { value: b.logZ - a.logZ, error: standardError(apart, copies) },
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
