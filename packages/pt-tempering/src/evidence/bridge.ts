import type { RoundLedger } from "../ledger/round-ledger.ts";
import { mean } from "./thermodynamic.ts";

/**
 * Bridge-sampling estimates of one leg, pair by pair in the order of ascending β (Bennett 1976,
 * 10.1016/0021-9991(76)90078-4; Meng & Wong 1996):
 *
 *     log Z_b/Z_a = c + log mean over π_a of σ(Δβ s − c) − log mean over π_b of σ(c − Δβ s),
 *
 * with the logistic function σ. Right for any centre c, and of least variance where c is the result itself; the centres
 * come from the round before. Unlike stepping stones its terms are bounded, so that its standard error exists on every
 * ladder, and it takes no harm where the target is 0 and the reference is not.
 */
export interface BridgeEstimate {
  /** By pair; not finite where the centre was too far off to see both rungs. */
  readonly steps: Float64Array;
  /** What every block of time adds to the error of the sum over pairs, to first order, row-major (copy, block). */
  readonly influence: Float64Array;
}

/** The bridges of a leg, from one copy or (default) all. */
export function bridgeEstimate(ledger: RoundLedger, leg: number, copy?: number): BridgeEstimate {
  const pairs = ledger.ladder.pairsOf(leg);
  const first = copy ?? 0;
  const copies = copy === undefined ? ledger.copies : 1;
  const influence = new Float64Array(copies * ledger.bridgeUp.blocks);
  const steps = Float64Array.from(pairs, (pair) => {
    const up = ledger.bridgeUp.rows(pair * ledger.copies + first, copies);
    const down = ledger.bridgeDown.rows(pair * ledger.copies + first, copies);
    const meanUp = mean(up);
    const meanDown = mean(down);
    for (let i = 0; i < up.length; i++) influence[i] = influence[i]! + up[i]! / meanUp - down[i]! / meanDown;
    return ledger.centres[pair]! + Math.log(meanUp) - Math.log(meanDown);
  });
  return { steps, influence };
}

/** What is known of a leg from the round before. */
export interface KnownLeg {
  readonly betas: readonly number[];
  /** log Z of every rung relative to the first. */
  readonly logZByRung: readonly (number | undefined)[];
}

/**
 * Centres for the bridges of a ladder: differences of log Z along a line through what is known. 0 where nothing is.
 */
export function bridgeCentres(known: KnownLeg | undefined, betas: ArrayLike<number>): Float64Array {
  const knots = (known?.betas ?? []).flatMap((beta, k) => {
    const logZ = known!.logZByRung[k];
    return logZ === undefined ? [] : [{ beta, logZ }];
  });
  const centres = new Float64Array(betas.length - 1);
  if (knots.length < 2) return centres;
  for (let i = 0; i < centres.length; i++) centres[i] = lineAt(knots, betas[i + 1]!) - lineAt(knots, betas[i]!);
  return centres;
}

interface Knot {
  readonly beta: number;
  readonly logZ: number;
}

/** The line through the knots, going straight on beyond its ends. */
function lineAt(knots: readonly Knot[], beta: number): number {
  let k = 0;
  while (k + 2 < knots.length && knots[k + 1]!.beta <= beta) k++;
  const [a, b] = [knots[k]!, knots[k + 1]!];
  return a.logZ + ((b.logZ - a.logZ) * (beta - a.beta)) / (b.beta - a.beta);
}
