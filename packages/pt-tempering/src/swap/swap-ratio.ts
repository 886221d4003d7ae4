/**
 * Logarithm of the Metropolis ratio of exchanging the states of two chains of the same path,
 *
 *     log r = (β_i − β_j)(s_j − s_i),
 *
 * without ∞ − ∞ and 0 · ∞: chains at the same β always exchange; a state of statistic −∞, where the target is 0, never
 * rises to a chain of higher β and always sinks to one of lower β; two such states stay where they are.
 */
export function swapLogRatio(betaI: number, betaJ: number, statisticI: number, statisticJ: number): number {
  if (betaI === betaJ) return 0;
  const difference = statisticJ - statisticI;
  // Both −∞: neither state can be told from the other.
  if (Number.isNaN(difference)) return -Infinity;
  return (betaI - betaJ) * difference;
}
