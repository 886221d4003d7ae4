import type { RoundLedger } from "../ledger/round-ledger.ts";
import { type BridgeEstimate, bridgeEstimate } from "./bridge.ts";
import { finite, standardError } from "./standard-error.ts";
import { type SteppingStones, steppingStones } from "./stepping-stone.ts";
import { type Estimate, thermodynamicIntegral } from "./thermodynamic.ts";

/** log Z of the last rung of a leg relative to its first one, several ways. */
export interface LegEvidence {
  /** By bridge sampling; where that found no way across a pair, as early rounds may, by the stepping stone. */
  readonly logZ: number | undefined;
  readonly logZError: number | undefined;
  /** The stepping stone: the mean of both directions, or the one that exists. */
  readonly steppingStone: Estimate;
  /** From each rung up: a lower bound on average. */
  readonly forward: Estimate;
  /** From each rung down: an upper bound on average. */
  readonly backward: Estimate;
  /** backward − forward: what the two directions leave open. */
  readonly gap: Estimate;
  readonly thermodynamic: Estimate;
  /** log Z of every rung relative to the first, β ascending; undefined from where on it is not known. */
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

/** A leg with the course in time of its error. */
interface LegSeries {
  readonly evidence: LegEvidence;
  readonly influence: Float64Array;
}

/** Evidence from the books of a round. */
export function evidenceOf(ledger: RoundLedger): Evidence {
  const legs = ledger.ladder.schedules.map((_, leg) => legEvidence(ledger, leg));
  const [first, second] = legs as [LegSeries, LegSeries?];
  if (second) return twoLegs(first, second, ledger.copies);
  const { logZ, logZError } = first.evidence;
  return { logZ, logZError, legs: [first.evidence], legDifference: undefined };
}

function legEvidence(ledger: RoundLedger, leg: number): LegSeries {
  const { copies } = ledger;
  const stones = steppingStones(ledger, leg);
  const bridge = bridgeEstimate(ledger, leg);
  const stepping = steppingSum(stones, copies);
  const isBridged = bridge.steps.every(Number.isFinite);
  const influence = isBridged ? bridge.influence : stepping.influence;
  const evidence: LegEvidence = {
    logZ: isBridged ? sum(bridge.steps) : stepping.average.value,
    logZError: isBridged ? standardError(influence, copies) : stepping.average.error,
    steppingStone: stepping.average,
    forward: stepping.forward,
    backward: stepping.backward,
    gap: stepping.gap,
    thermodynamic: thermodynamicIntegral(ledger, leg),
    logZByRung: cumulate(bridge, stones),
    copies: Array.from({ length: copies }, (_, copy) => {
      const own = copies === 1 ? bridge : bridgeEstimate(ledger, leg, copy);
      return finite(sum(own.steps));
    }),
    notes: notesOn(stepping, isBridged, ledger.ladder.schedules.length > 1 ? ` of leg ${leg + 1}` : ""),
  };
  return { evidence, influence };
}

/** The stepping stone's sums over pairs. */
interface SteppingSum {
  readonly forward: Estimate;
  readonly backward: Estimate;
  readonly average: Estimate;
  readonly gap: Estimate;
  /** Of the average. */
  readonly influence: Float64Array;
}

function steppingSum(stones: SteppingStones, copies: number): SteppingSum {
  const estimate = (value: number, influence: Float64Array): Estimate => {
    if (!Number.isFinite(value)) return { value: undefined, error: undefined };
    return { value, error: standardError(influence, copies) };
  };
  const { forwardInfluence, backwardInfluence } = stones;
  const up = sum(stones.forward);
  const down = sum(stones.backward);
  const forward = estimate(up, forwardInfluence);
  const backward = estimate(down, backwardInfluence);
  const middle = forwardInfluence.map((value, i) => (value + backwardInfluence[i]!) / 2);
  const apart = backwardInfluence.map((value, i) => value - forwardInfluence[i]!);
  const gap = estimate(down - up, apart);
  if (forward.value === undefined) return { forward, backward, gap, average: backward, influence: backwardInfluence };
  if (backward.value === undefined) return { forward, backward, gap, average: forward, influence: forwardInfluence };
  return { forward, backward, gap, average: estimate((up + down) / 2, middle), influence: middle };
}

function notesOn({ forward, backward }: SteppingSum, isBridged: boolean, ofLeg: string): string[] {
  const notes: string[] = [];
  if (forward.value === undefined) {
    notes.push(`The forward stepping stone${ofLeg} is left out: a rung found no state that the next one allows.`);
  }
  if (backward.value === undefined) {
    notes.push(`The backward stepping stone${ofLeg} is left out: a rung held a state that has no density there.`);
  }
  if (!isBridged) {
    notes.push(`Bridge sampling${ofLeg} found no way across a pair: log Z is that of the stepping stone.`);
  }
  return notes;
}

function cumulate(bridge: BridgeEstimate, { forward, backward }: SteppingStones): (number | undefined)[] {
  const byRung: (number | undefined)[] = [0];
  for (let k = 0; k < forward.length; k++) {
    const before = byRung[k];
    const step = [bridge.steps[k]!, (forward[k]! + backward[k]!) / 2, forward[k]!, backward[k]!].find(Number.isFinite);
    byRung.push(before === undefined || step === undefined ? undefined : before + step);
  }
  return byRung;
}

function twoLegs(first: LegSeries, second: LegSeries, copies: number): Evidence {
  const [a, b] = [first.evidence, second.evidence];
  const legs = [a, b];
  if (a.logZ === undefined || b.logZ === undefined) {
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
