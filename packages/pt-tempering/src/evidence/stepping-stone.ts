import { logMeanExp } from "../ledger/block-series.ts";
import type { RoundLedger } from "../ledger/round-ledger.ts";
import { mean } from "./thermodynamic.ts";

/**
 * Stepping-stone estimates of one leg, pair by pair in the order of ascending β (Xie, Lewis, Fan, Kuo & Chen 2011,
 * 10.1093/sysbio/syq085), in both directions:
 *
 *     forward:  log Z_b/Z_a = log mean over π_a of exp((β_b − β_a) s),
 *     backward: log Z_b/Z_a = −log mean over π_b of exp(−(β_b − β_a) s).
 *
 * exp of the first is unbiased for Z_b/Z_a, of the negative second for Z_a/Z_b: on average the truth lies between.
 */
export interface SteppingStones {
  /** By pair; ±∞ where a direction does not exist. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /**
   * What every block of time adds to the error of the sum over pairs, to first order, row-major (copy, block): the mean
   * is 0 and its standard error is that of the estimate.
   */
  readonly forwardInfluence: Float64Array;
  readonly backwardInfluence: Float64Array;
}

/** The stepping stones of a leg, from one copy or (default) all. */
export function steppingStones(ledger: RoundLedger, leg: number, copy?: number): SteppingStones {
  const pairs = ledger.ladder.pairsOf(leg);
  const first = copy ?? 0;
  const copies = copy === undefined ? ledger.copies : 1;
  const { blocks } = ledger.forward;
  const forward = new Float64Array(pairs.length);
  const backward = new Float64Array(pairs.length);
  const forwardInfluence = new Float64Array(copies * blocks);
  const backwardInfluence = new Float64Array(copies * blocks);
  pairs.forEach((pair, k) => {
    const up = ledger.forward.rows(pair * ledger.copies + first, copies);
    const down = ledger.backward.rows(pair * ledger.copies + first, copies);
    forward[k] = logMeanExp(up);
    backward[k] = -logMeanExp(down);
    for (let i = 0; i < up.length; i++) {
      forwardInfluence[i] = forwardInfluence[i]! + Math.exp(up[i]! - forward[k]!) - 1;
      backwardInfluence[i] = backwardInfluence[i]! - Math.exp(down[i]! + backward[k]!) + 1;
    }
  });
  // From above only the part of the reference is seen on which the target is not 0: its share belongs to the estimate.
  const supported = ledger.supported.rows(leg * ledger.copies + first, copies);
  const share = mean(supported);
  backward[0] = backward[0]! + Math.log(share);
  if (share > 0 && share < 1) {
    for (let i = 0; i < supported.length; i++) {
      backwardInfluence[i] = backwardInfluence[i]! + supported[i]! / share - 1;
    }
  }
  return { forward, backward, forwardInfluence, backwardInfluence };
}
