import type { Ladder } from "../ladder/ladder.ts";

/** A replica has not seen a reference yet; came from one; has reached the target since. */
const FRESH = 0;
const FROM_REFERENCE = 1;
const FROM_TARGET = 2;

/**
 * Follows the replicas through the ladder. A replica that comes from a reference to the target has restarted it; back
 * at a reference it has made a round trip. Where replicas stand before the first scan counts, so that on 4 chains on
 * which every exchange is accepted 32 scans give 13 round trips.
 */
export class IndexProcess {
  restarts = 0;
  roundTrips = 0;
  readonly #ladder: Ladder;
  readonly #copies: number;
  readonly #phase: Uint8Array;

  /** @param replicaOn replica on every chain, (copy, chain), before the first scan. */
  constructor(ladder: Ladder, copies: number, replicaOn: Int32Array) {
    this.#ladder = ladder;
    this.#copies = copies;
    this.#phase = new Uint8Array(replicaOn.length).fill(FRESH);
    this.look(replicaOn);
  }

  /** Takes the places after a scan. */
  look(replicaOn: Int32Array): void {
    const { references, targets, size } = this.#ladder;
    const phase = this.#phase;
    for (let copy = 0; copy < this.#copies; copy++) {
      for (const chain of references) {
        const replica = replicaOn[copy * size + chain]!;
        if (phase[replica] === FROM_TARGET) this.roundTrips++;
        phase[replica] = FROM_REFERENCE;
      }
      for (const chain of targets) {
        const replica = replicaOn[copy * size + chain]!;
        if (phase[replica] !== FROM_REFERENCE) continue;
        this.restarts++;
        phase[replica] = FROM_TARGET;
      }
    }
  }
}

/**
 * Round trips per scan of one line under ideal exploration, for ladders of any length:
 *
 *     τ = Σ_legs 1 / (2 + 2 Σ_pairs r / (1 − r)),
 *
 * r being the pairs' rejection probabilities (Syed, Bouchard-Côté, Deligiannidis & Doucet 2021, 10.1111/rssb.12464,
 * corollary 2). 0 when a pair never exchanges.
 *
 * @param rejections of every leg.
 */
export function idealRoundTripRate(rejections: readonly ArrayLike<number>[]): number {
  let rate = 0;
  for (const leg of rejections) {
    let resistance = 0;
    for (let i = 0; i < leg.length; i++) resistance += leg[i]! < 1 ? leg[i]! / (1 - leg[i]!) : Infinity;
    rate += 1 / (2 + 2 * resistance);
  }
  return rate;
}
