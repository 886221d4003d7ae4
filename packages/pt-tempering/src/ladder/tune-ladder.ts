import { equaliseLadder } from "./barrier.ts";

/** A rejection probability from which on a pair says no more than that its rungs are too far apart. */
export const SATURATED = 0.99;
/** Standard deviation of the rejection probabilities, beyond their noise, up to which a ladder counts as equal. */
const EQUAL = 0.003;
/** Noise of a rejection probability that has no standard error: as large as it can be. */
const UNKNOWN = 0.5;

/** A ladder with what a round found on it. */
export interface MeasuredLadder {
  readonly betas: readonly number[];
  /** Of its pairs. */
  readonly rejections: readonly number[];
  readonly isSaturated: boolean;
  /** Standard deviation of the rejection probabilities between the pairs that their errors do not explain. */
  readonly spread: number;
  /** The same with the errors added: what the spread may well be. */
  readonly possibleSpread: number;
}

/** How the tuning of a ladder stands. */
export interface LadderTuning {
  readonly best: MeasuredLadder;
  /** How far of the way to an equal ladder the next step goes. */
  readonly step: number;
  readonly next: Float64Array;
}

/** Judges a ladder by its rejection probabilities and their standard errors (undefined: not known). */
export function measureLadder(
  betas: ArrayLike<number>,
  rejections: readonly number[],
  errors: readonly (number | undefined)[],
): MeasuredLadder {
  const n = rejections.length;
  const mean = rejections.reduce((sum, r) => sum + r, 0) / n;
  const variance = n > 1 ? rejections.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (n - 1) : 0;
  const noise = errors.reduce<number>((sum, error) => sum + (error ?? UNKNOWN) ** 2, 0) / n;
  return {
    betas: Array.from(betas),
    rejections,
    isSaturated: rejections.some((r) => r >= SATURATED),
    spread: Math.sqrt(Math.max(0, variance - noise)),
    possibleSpread: Math.sqrt(variance + noise),
  };
}

/**
 * The ladder of the next round. The best ladder so far is the one not saturated, then the one of less possible spread
 * (which the doubling of rounds makes smaller). A ladder that became the best, or was measured again, is equalised in
 * one step, or stays when its pairs are rejected alike within the noise. One that turned out worse is given up: the
 * next is half as far from the best. Full steps alone may jump to and fro, where a barrier ends within one pair.
 */
export function tuneLadder(before: Omit<LadderTuning, "next"> | undefined, now: MeasuredLadder): LadderTuning {
  const isAgain = before?.best.betas.every((beta, i) => beta === now.betas[i]) ?? false;
  const isBest = !before || isAgain || isBetter(now, before.best);
  const best = isBest ? now : before.best;
  const step = !before ? 1 : isBest ? Math.min(1, 1.5 * before.step) : before.step / 2;
  const isEqual = !best.isSaturated && best.spread <= EQUAL;
  return { best, step, next: isEqual ? Float64Array.from(best.betas) : stepTowards(best, step) };
}

function isBetter(now: MeasuredLadder, best: MeasuredLadder): boolean {
  if (now.isSaturated !== best.isSaturated) return best.isSaturated;
  return now.possibleSpread <= best.possibleSpread;
}

function stepTowards({ betas, rejections }: MeasuredLadder, step: number): Float64Array {
  const equal = equaliseLadder(betas, rejections);
  return equal.map((beta, i) => (1 - step) * betas[i]! + step * beta);
}
