import { createRandom, type PathElement } from "@siegert/random";

const ROUNDS = 8;

/**
 * A random order of 0 … n − 1 that is computed place by place and takes no memory: a Feistel network over the
 * rectangle a × b ≥ n, walked until it lands inside (Black & Rogaway 2002, Ciphers with arbitrary finite domains,
 * 10.1007/3-540-45760-7_9, sections 4 and 5), with keys from a random stream. The rectangle holds fewer than 2√n + 1
 * places too many, so that a second step is rare.
 */
export class IndexPermutation {
  readonly size: number;
  readonly #width: number;
  readonly #height: number;
  readonly #keys: Uint32Array;

  /** @param size from 1 to 2³². @param seed and @param path name the stream that the keys are drawn from. */
  constructor(size: number, seed: number, ...path: PathElement[]) {
    this.size = size;
    this.#width = Math.ceil(Math.sqrt(size));
    this.#height = Math.ceil(size / this.#width);
    const random = createRandom(seed, "index permutation", ...path);
    this.#keys = Uint32Array.from({ length: ROUNDS }, () => random.uint32());
  }

  /** What stands in a place, from 0 to size − 1. @param tweak another order for each, of the same size. */
  at(place: number, tweak = 0): number {
    let index = place;
    do index = this.#step(index, tweak);
    while (index >= this.size);
    return index;
  }

  #step(index: number, tweak: number): number {
    const width = this.#width;
    const height = this.#height;
    const keys = this.#keys;
    let column = index % width;
    let row = (index - column) / width;
    for (let round = 0; round < ROUNDS; round += 2) {
      column = (column + mixed(row, keys[round]!, tweak)) % width;
      row = (row + mixed(column, keys[round + 1]!, tweak)) % height;
    }
    return row * width + column;
  }
}

/** 32 bits that depend on all bits of the three, by the finaliser of MurmurHash3 (Appleby 2011) after each. */
function mixed(value: number, key: number, tweak: number): number {
  return avalanche(avalanche(value ^ key) ^ tweak) >>> 0;
}

function avalanche(bits: number): number {
  let h = bits;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
