import type { RandomState } from "../src/index.ts";

/**
 * The state of a stream whose next four words are the given ones: Philox run backward, to bring about cases that
 * chance would take ages to reach.
 */
export function stateBefore(words: readonly [number, number, number, number]): RandomState {
  const key = [0x12345678, 0x9abcdef0] as const;
  let [x0, x1, x2, x3] = words.map(BigInt) as [bigint, bigint, bigint, bigint];
  for (let round = 9n; round >= 0n; round--) {
    const k0 = (BigInt(key[0]) + round * 0x9e3779b9n) & MASK;
    const k1 = (BigInt(key[1]) + round * 0xbb67ae85n) & MASK;
    const before0 = (x3 * INVERSE_0) & MASK;
    const before2 = (x1 * INVERSE_1) & MASK;
    const before1 = x0 ^ ((before2 * MULTIPLIER_1) >> 32n) ^ k0;
    const before3 = x2 ^ ((before0 * MULTIPLIER_0) >> 32n) ^ k1;
    [x0, x1, x2, x3] = [before0, before1, before2, before3];
  }
  const counter = [Number(x0), Number(x1), Number(x2), Number(x3)] as const;
  return { generator: "philox4x32-10", key, counter, position: 0 };
}

const MASK = 0xffffffffn;
const MULTIPLIER_0 = 0xd2511f53n;
const MULTIPLIER_1 = 0xcd9e8d57n;
const INVERSE_0 = inverse(MULTIPLIER_0);
const INVERSE_1 = inverse(MULTIPLIER_1);

/** Inverse of an odd number below 2³² modulo 2³², by Newton's iteration, which doubles the correct bits. */
export function inverse(odd: bigint): bigint {
  let x = odd;
  for (let bits = 3; bits < 32; bits *= 2) x = (x * (2n - odd * x)) & MASK;
  return x & MASK;
}
