/**
 * Numbers that depend on β and the leg, known at the rungs of a finished round and interpolated linearly between them:
 * when the ladder changes, what was learned stays where it belongs.
 */
export class RungTable {
  readonly width: number;
  /** Changes whenever the numbers do. */
  version = 0;
  readonly #legs: { betas: Float64Array; values: Float64Array }[];

  /** The same numbers (length width) at every β of every leg. */
  constructor(legs: number, initial: Float64Array) {
    this.width = initial.length;
    this.#legs = Array.from({ length: legs }, () => ({ betas: Float64Array.of(1), values: initial.slice() }));
  }

  /** Writes the numbers at β; beyond the first and the last rung they are those of the rung. */
  lookup(leg: number, beta: number, out: Float64Array): void {
    const { width } = this;
    const { betas, values } = this.#legs[leg]!;
    let above = 0;
    while (above < betas.length && betas[above]! < beta) above++;
    const high = Math.min(above, betas.length - 1);
    const low = Math.max(0, above - 1);
    const gap = betas[high]! - betas[low]!;
    const share = gap > 0 ? (beta - betas[low]!) / gap : 1;
    for (let k = 0; k < width; k++) {
      const b = values[high * width + k]!;
      // No interpolation on a rung itself: a weight of 1 must give the number to the last bit.
      out[k] = share >= 1 ? b : values[low * width + k]! * (1 - share) + b * share;
    }
  }

  /**
   * Replaces the numbers of a leg.
   * @param betas of its chains, in any order, none twice.
   * @param values row-major (chain of the leg, number).
   */
  replace(leg: number, betas: readonly number[], values: Float64Array): void {
    const { width } = this;
    const order = betas.map((_, k) => k).sort((a, b) => betas[a]! - betas[b]!);
    const sorted = new Float64Array(betas.length * width);
    order.forEach((from, to) => {
      sorted.set(values.subarray(from * width, (from + 1) * width), to * width);
    });
    this.#legs[leg] = { betas: Float64Array.from(order, (k) => betas[k]!), values: sorted };
    this.version++;
  }

  save(): number[] {
    return this.#legs.flatMap(({ betas, values }) => [betas.length, ...betas, ...values]);
  }

  load(saved: readonly number[]): void {
    let at = 0;
    for (let leg = 0; leg < this.#legs.length; leg++) {
      const size = saved[at++]!;
      const betas = Float64Array.from(saved.slice(at, at + size));
      at += size;
      const values = Float64Array.from(saved.slice(at, at + size * this.width));
      at += size * this.width;
      this.#legs[leg] = { betas, values };
    }
    this.version++;
  }
}

/** Chains of each leg, in the order of the ladder. */
export function chainsOfLegs(legs: ArrayLike<number>, count: number): number[][] {
  const chains = Array.from({ length: count }, (): number[] => []);
  for (let chain = 0; chain < legs.length; chain++) chains[legs[chain]!]!.push(chain);
  return chains;
}
