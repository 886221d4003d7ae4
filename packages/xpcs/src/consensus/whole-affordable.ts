/** Pairs up to which the posterior of the whole is evaluated at some thousand draws: a minute or so on one core. */
const MOST_POINTS = 1e7;

/** Whether the posterior of all pairs can be evaluated often enough to check, and correct, a consensus by it. */
export function isWholeAffordable(points: number): boolean {
  return points <= MOST_POINTS;
}
