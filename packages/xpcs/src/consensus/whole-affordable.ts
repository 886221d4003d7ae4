/** Pairs whose packed copy takes a gigabyte: larger data are not held twice. */
const MOST_POINTS = 2 ** 30 / 8;

/**
 * Whether the posterior of all pairs can be evaluated, to weigh a consensus by it. Its time is never the matter: some
 * thousand evaluations are a few hundredths of the gradients that the shards have needed.
 */
export function isWholeAffordable(points: number): boolean {
  return points <= MOST_POINTS;
}

/** Pairs that all evaluations together go through, when there are few pairs. */
const PAIR_EVALUATIONS = 2e9;

/** How often the posterior of all pairs is evaluated: from 1000 times for large data to 20 000 for small. */
export function evaluationCount(points: number): number {
  return Math.min(Math.max(Math.floor(PAIR_EVALUATIONS / points), 1000), 20_000);
}
