import { philoxBlock } from "./philox.ts";
import type { RandomState } from "./random-state.ts";

const WORDS_PER_BLOCK = 4;
const BLOCKS = 1n << 64n;

/** The words of one stream in order: block after block of Philox4x32-10, words 0 to 3 of each. */
export class PhiloxWords {
  readonly #key: Uint32Array;
  /** Counter of the next block to compute. */
  readonly #counter: Uint32Array;
  readonly #block = new Uint32Array(WORDS_PER_BLOCK);
  /** Next word of `#block`; 4 when the block is used up. */
  #position = WORDS_PER_BLOCK;

  /** @param state a valid state; copied. */
  constructor(state: RandomState) {
    this.#key = Uint32Array.from(state.key);
    this.#counter = Uint32Array.from(state.counter);
    if (state.position > 0) this.#refill(state.position);
  }

  /** The next word, an integer in [0, 2³²). */
  next(): number {
    if (this.#position === WORDS_PER_BLOCK) this.#refill(0);
    return this.#block[this.#position++]!;
  }

  /** Moves by a number of blocks, forward or backward, and stays at the same word of the block. */
  jump(blocks: bigint): void {
    const position = this.#position % WORDS_PER_BLOCK;
    const { counter } = this.state();
    const block = (BigInt(counter[0]) + (BigInt(counter[1]) << 32n) + blocks) & (BLOCKS - 1n);
    this.#counter[0] = Number(block & 0xffffffffn);
    this.#counter[1] = Number(block >> 32n);
    this.#position = WORDS_PER_BLOCK;
    if (position > 0) this.#refill(position);
  }

  /** The state as plain data; `new PhiloxWords(state)` goes on with the same words. */
  state(): RandomState {
    const [k0, k1] = this.#key as unknown as [number, number];
    let [c0, c1, c2, c3] = this.#counter as unknown as [number, number, number, number];
    const position = this.#position % WORDS_PER_BLOCK;
    if (position > 0) {
      if (c0 === 0) c1 = (c1 - 1) >>> 0;
      c0 = (c0 - 1) >>> 0;
    }
    return { generator: "philox4x32-10", key: [k0, k1], counter: [c0, c1, c2, c3], position };
  }

  #refill(position: number): void {
    const counter = this.#counter;
    philoxBlock(counter, this.#key, this.#block);
    // 64 bits of block number, modulo 2^64; the words above them name the stream.
    counter[0] = counter[0]! + 1;
    if (counter[0] === 0) counter[1] = counter[1]! + 1;
    this.#position = position;
  }
}
