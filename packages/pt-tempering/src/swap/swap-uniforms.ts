import { createRandom, philox4x32 } from "@siegert/random";

const TWO_TO_MINUS_53 = 2 ** -53;

/** Most chains in a line, copies and rounds that the counter of the swap uniforms tells apart. */
export const MOST_CHAINS: number = 2 ** 14;
export const MOST_COPIES: number = 2 ** 13;
export const MOST_ROUNDS = 31;

/**
 * The uniform number of every possible exchange, a pure function of seed, round, scan, copy and the lower chain of the
 * pair: whoever decides an exchange, on whichever thread, takes the same number. It is one block of Philox whose upper
 * counter words and key are those of the stream (seed, "tempering", "swap").
 */
export class SwapUniforms {
  readonly #key: Uint32Array;
  readonly #counter: Uint32Array = new Uint32Array(4);
  readonly #block: Uint32Array = new Uint32Array(4);

  constructor(seed: number) {
    const { key, counter } = createRandom(seed, "tempering", "swap").state();
    this.#key = Uint32Array.from(key);
    this.#counter.set(counter);
  }

  /** Uniform in (0, 1). */
  at(round: number, scan: number, copy: number, chain: number): number {
    this.#counter[0] = scan;
    this.#counter[1] = (round << 27) | (copy << 14) | chain;
    philox4x32(this.#counter, this.#key, this.#block);
    const high = this.#block[0]! >>> 6;
    const low = this.#block[1]! >>> 6;
    // An odd multiple of 2⁻⁵³: never 0 or 1.
    return (2 * (high * 2 ** 26 + low) + 1) * TWO_TO_MINUS_53;
  }
}
