/** Distances between what tempered runs found and what is exact, in standard errors. */
import { mcse } from "@siegert/diagnostics";
import type { TemperingRun } from "@siegert/pt-tempering";

/** (estimate − exact) / standard error. An estimate without an error is an infinite distance from anything else. */
export function score(estimate: number | undefined, error: number | undefined, exact: number): number {
  if (estimate === undefined || error === undefined) return Number.POSITIVE_INFINITY;
  const apart = Math.abs(estimate - exact);
  // What never changes has no error, and must be exact.
  if (apart <= 1e-10 * Math.max(1, Math.abs(exact))) return 0;
  return (estimate - exact) / error;
}

/** The same for the mean of a function of a chain's draws and its Monte Carlo standard error; default: the target. */
export function drawScore(
  run: TemperingRun,
  f: (state: Float64Array, statistic: number) => number,
  exact: number,
  chain?: number,
): number {
  const { values, statistics, chains, draws, names } = run.draws(chain);
  const width = names.length;
  const scalars = statistics.map((statistic, n) => f(values.subarray(n * width, (n + 1) * width), statistic));
  const mean = scalars.reduce((sum, value) => sum + value, 0) / scalars.length;
  return score(mean, mcse({ values: scalars, chains, draws }), exact);
}

/** Bounds of the sum of 100 squared standard normal numbers; each is passed with probability 5e-4. */
export const CALIBRATED: readonly [number, number] = [59.89, 153.17];
