import { equaliseLadder } from "./barrier.ts";

/** A rejection probability from which on a pair says no more than that its rungs are too far apart. */
export const SATURATED = 0.99;
/** Standard deviation of the rejection probabilities, beyond their noise, up to which a ladder counts as equal. */
const EQUAL = 0.003;
/** Noise of a rejection probability that has no standard error: as large as it can be. */
const UNKNOWN = 0.5;
/** Shortest step where steps turn round, and after returns to the best ladder. */
const LEAST_STEP = 0.5;
const LEAST_STEP_BACK = 1 / 16;
/** How many times the possible spread of the best ladder another one's spread may be. */
const CLEARLY = 2;

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
  /** From the ladder measured last to the one that it would equalise to; zeros where that one was given up. */
  readonly way: readonly number[];
  /** How far of that way the next ladder goes. */
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
 * The ladder of the next round: the one just measured, moved towards the ladder that it equalises to, or left as it is
 * where its pairs are rejected alike within the noise. Full steps alone may jump to and fro, where a barrier ends
 * within one pair; so a step that turns round goes half as far, which also takes the mean of a round and of those before
 * it, the right weights where rounds double. A ladder that turned out clearly worse than the best one, which was saturated
 * less or had less possible spread, is given up: the best is measured again, as its spread may have been luck, and left
 * in shorter steps. Constants found on exact acceptances of Ising and Potts models with the noise of rounds, 5 to 12 chains.
 */
export function tuneLadder(before: Omit<LadderTuning, "next"> | undefined, now: MeasuredLadder): LadderTuning {
  const { best = now, step: last = 1 } = before ?? {};
  const isAgain = best.betas.every((beta, i) => beta === now.betas[i]);
  if (!isAgain && isClearlyWorse(now, best)) {
    const step = Math.max(LEAST_STEP_BACK, last / 2);
    return { best, way: best.betas.map(() => 0), step, next: Float64Array.from(best.betas) };
  }
  const equal = equaliseLadder(now.betas, now.rejections);
  const way = Array.from(equal, (beta, i) => beta - now.betas[i]!);
  const turn = before ? way.reduce((sum, part, i) => sum + part * before.way[i]!, 0) : 0;
  const isReturned = before?.way.every((part) => part === 0) ?? false;
  const onwards = isReturned ? last : Math.min(1, 1.25 * last);
  const step = turn < 0 ? Math.max(Math.min(LEAST_STEP, last), last / 2) : onwards;
  const isEqual = !now.isSaturated && now.spread <= EQUAL;
  // Written so that the ends, whose way is nothing, keep their bits.
  const next = Float64Array.from(now.betas, (beta, i) => (isEqual ? beta : beta + step * way[i]!));
  return { best: isAgain || isBetter(now, best) ? now : best, way, step, next };
}

function isBetter(now: MeasuredLadder, best: MeasuredLadder): boolean {
  if (now.isSaturated !== best.isSaturated) return best.isSaturated;
  return now.possibleSpread <= best.possibleSpread;
}

function isClearlyWorse(now: MeasuredLadder, best: MeasuredLadder): boolean {
  if (now.isSaturated !== best.isSaturated) return now.isSaturated;
  return now.spread > CLEARLY * best.possibleSpread;
}
