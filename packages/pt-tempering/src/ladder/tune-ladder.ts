import { equaliseLadder } from "./barrier.ts";

/** A rejection probability from which on a pair says no more than that its rungs are too far apart. */
export const SATURATED = 0.99;
/** Standard deviation of the rejection probabilities, beyond their noise, up to which a ladder counts as equal. */
const EQUAL = 0.01;

/** A ladder with what a round found on it. */
export interface MeasuredLadder {
  readonly betas: readonly number[];
  readonly isSaturated: boolean;
  /** Standard deviation of the rejection probabilities between the pairs that their errors do not explain. */
  readonly spread: number;
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
  const noise = errors.reduce<number>((sum, error) => sum + (error ?? 0) ** 2, 0) / n;
  return {
    betas: Array.from(betas),
    isSaturated: rejections.some((r) => r >= SATURATED),
    spread: Math.sqrt(Math.max(0, variance - noise)),
  };
}

/** The better of two ladders: one that is not saturated, then one of less spread, then the later one. */
export function betterLadder(before: MeasuredLadder | undefined, now: MeasuredLadder): MeasuredLadder {
  if (!before || before.isSaturated !== now.isSaturated) return before && now.isSaturated ? before : now;
  return now.spread <= before.spread ? now : before;
}

/**
 * The ladder of the next round. A ladder whose pairs are rejected alike within the noise stays; one that has become
 * saturated gives way to the best that was not; any other is equalised by what the round found.
 */
export function nextLadder(now: MeasuredLadder, rejections: readonly number[], best: MeasuredLadder): Float64Array {
  if (!now.isSaturated && now.spread <= EQUAL) return Float64Array.from(now.betas);
  if (now.isSaturated && !best.isSaturated) return Float64Array.from(best.betas);
  return equaliseLadder(now.betas, rejections);
}
