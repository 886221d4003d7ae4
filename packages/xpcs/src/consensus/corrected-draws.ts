import type { Consensus, Correction } from "@siegert/cmc-consensus";
import type { UnconstrainedDraws } from "../posterior/posterior-draws.ts";

/** Corrected draws per chain of which something can be said. */
const FEWEST = 25;

/**
 * Draws of the posterior of all pairs, reached from a consensus by importance weights; `undefined` when these cannot be relied
 * on. The resampled draws come in random order, and heavy ones more than once: only as many are taken as the weights are worth,
 * so that their number says what it usually says.
 */
export function correctedDraws(
  correction: Correction | undefined,
  { chains, dim }: Consensus,
): UnconstrainedDraws | undefined {
  if (correction === undefined || !correction.isReliable) return undefined;
  const { draws: values, effectiveSize } = correction;
  const draws = Math.floor(Math.min(effectiveSize, values.length / dim) / chains);
  return draws < FEWEST ? undefined : { values: values.slice(0, chains * draws * dim), chains, draws };
}
