import { type Consensus, type Correction, CorrectionError, correct } from "@siegert/cmc-consensus";
import type { UnconstrainedDraws } from "../posterior/posterior-draws.ts";
import type { ShardedMaps } from "./sharded-maps.ts";
import { evaluationCount } from "./whole-affordable.ts";

/** A consensus weighed against the posterior of all pairs. */
export interface WeighedConsensus {
  /** `undefined` when that posterior cannot be evaluated. */
  readonly correction: Correction | undefined;
  /** Why nothing could be weighed: the two have nothing in common. */
  readonly refusal: string | undefined;
  /** Draws of the posterior of all pairs, when the weights can be relied on: as many as they are worth. */
  readonly draws: UnconstrainedDraws | undefined;
}

/** Corrected draws per chain of which something can be said. */
const FEWEST = 25;

/**
 * Weighs a consensus by the posterior of all pairs, with Pareto-smoothed importance sampling.
 *
 * @throws {InvalidArgumentError} never for a consensus of this model.
 */
export function weighConsensus(consensus: Consensus, model: ShardedMaps, seed: number): WeighedConsensus {
  const nothing = { correction: undefined, refusal: undefined, draws: undefined };
  if (model.full === undefined) return nothing;
  try {
    const correction = correct(consensus, model.full, { subset: evaluationCount(model.points), seed });
    return { ...nothing, correction, draws: correction.isReliable ? drawsOf(correction, consensus) : undefined };
  } catch (error) {
    if (!(error instanceof CorrectionError)) throw error;
    return { ...nothing, refusal: error.message };
  }
}

/**
 * The resampled draws come in random order, and heavy ones more than once: of these only as many are taken as the weights are
 * worth, so that their number says what it usually says.
 */
function drawsOf(
  { draws: values, effectiveSize }: Correction,
  { chains, dim }: Consensus,
): UnconstrainedDraws | undefined {
  const draws = Math.floor(Math.min(effectiveSize, values.length / dim) / chains);
  return draws < FEWEST ? undefined : { values: values.slice(0, chains * draws * dim), chains, draws };
}
