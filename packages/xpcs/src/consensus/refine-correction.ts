import { type Consensus, type Correction, CorrectionError, correct } from "@siegert/cmc-consensus";
import type { LogDensity } from "@siegert/log-density";
import { affineMove } from "./affine-move.ts";

/** A correction, and how often the posterior of all pairs was approached. */
export interface RefinedCorrection extends Correction {
  readonly passes: number;
}

const MOST_PASSES = 5;
/** Weights worth so many draws are enough. */
const ENOUGH = 2000;
/** And so large a share of the evaluations says that the proposal is about the posterior itself. */
const SHARE = 0.4;

/**
 * Approaches the posterior of all pairs from a consensus that is off: weighs anew from where the weights of the pass before
 * put mean and covariance, until they are even (population Monte Carlo, Cappé et al. 2004, 10.1198/106186004X12803). Each
 * pass draws afresh, so that the weights of the last are honest whatever came before.
 *
 * @param first the consensus weighed once.
 */
export function refineCorrection(
  consensus: Consensus,
  full: LogDensity,
  first: Correction,
  seed: number,
): RefinedCorrection {
  const { evaluations } = first;
  const enough = Math.min(ENOUGH, SHARE * evaluations);
  let best = first;
  let latest = first;
  let passes = 1;
  while (passes < MOST_PASSES && !(best.isReliable && best.effectiveSize >= enough)) {
    const next = nextPass(consensus, full, latest, seed + passes);
    if (next === undefined) break;
    passes++;
    latest = next;
    if (isBetter(next, best)) best = next;
  }
  return { ...best, ...against(consensus, best), passes };
}

function isBetter(a: Correction, b: Correction): boolean {
  return a.isReliable === b.isReliable ? a.effectiveSize > b.effectiveSize : a.isReliable;
}

/** Of few effective points the covariance is hardly known: it leans on that of the consensus, as if that had one for each coordinate. */
function nextPass(consensus: Consensus, full: LogDensity, before: Correction, seed: number): Correction | undefined {
  const { dim } = consensus;
  const trust = before.effectiveSize / (before.effectiveSize + dim);
  const covariance = before.covariance.map((value, k) => trust * value + (1 - trust) * consensus.covariance[k]!);
  const mean = before.mean;
  const values = affineMove(consensus.values, consensus, { mean, covariance });
  if (values === undefined) return undefined;
  try {
    return correct({ ...consensus, values, mean, covariance }, full, { subset: before.evaluations, seed });
  } catch (error) {
    if (error instanceof CorrectionError) return undefined;
    throw error;
  }
}

/** How far the consensus itself is from what the last pass found. */
function against({ mean, covariance, dim }: Consensus, found: Correction): Pick<Correction, "shift" | "sdRatio"> {
  return {
    shift: found.mean.map((value, k) => (mean[k]! - value) / found.sd[k]!),
    sdRatio: found.sd.map((sd, k) => Math.sqrt(covariance[k * (dim + 1)]!) / sd),
  };
}
