/**
 * The chains of a run in their line: chain 0 stands at the reference. With one leg the last chain is the target; with
 * two legs the second one follows from its target back to its reference, so that two targets stand side by side.
 */
export class Ladder {
  /** Chains in the line. */
  readonly size: number;
  /** β of every chain of the line. */
  readonly betas: Float64Array;
  /** Leg of every chain of the line. */
  readonly legs: Int32Array;
  /** Chains at an end of the line that is a reference. */
  readonly references: readonly number[];
  /** Chains at the target. */
  readonly targets: readonly number[];
  /** The ladder of every leg, β ascending. */
  readonly schedules: readonly Float64Array[];

  /** @param schedules β of every leg, strictly ascending, at least 2 each. */
  constructor(schedules: readonly Float64Array[]) {
    this.schedules = schedules;
    const [first, second] = schedules as readonly [Float64Array, Float64Array | undefined];
    const size = first.length + (second?.length ?? 0);
    this.size = size;
    this.betas = new Float64Array(size);
    this.legs = new Int32Array(size);
    this.betas.set(first);
    if (second) {
      this.betas.set(second.toReversed(), first.length);
      this.legs.fill(1, first.length);
    }
    this.references = second ? [0, size - 1] : [0];
    this.targets = second ? [first.length - 1, first.length] : [size - 1];
  }

  /** Chains of a leg, β ascending. */
  chainsOf(leg: number): number[] {
    const { length } = this.schedules[leg]!;
    return Array.from({ length }, (_, i) => (leg === 0 ? i : this.size - 1 - i));
  }

  /**
   * Pairs of a leg by their chain of lower index in the line, in the order of ascending β; `isAscending` tells whether
   * the lower index has the lower β.
   */
  pairsOf(leg: number): number[] {
    const chains = this.chainsOf(leg);
    return chains.slice(1).map((chain, i) => Math.min(chain, chains[i]!));
  }
}
