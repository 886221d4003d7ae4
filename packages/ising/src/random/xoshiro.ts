/**
 * Four 32-bit generators side by side, as the lanes of a vector: xoshiro128++, whose state is 128 bits and whose period
 * 2^128 − 1. (The cheaper xoshiro128+ has a weak lowest bit; bit planes use every bit alike.) Each lane starts where a stream of Philox says, so lanes share no numbers in practice.
 *
 * Source: Blackman & Vigna (2021), Scrambled linear pseudorandom number generators, ACM TOMS 47(4), 10.1145/3460772.
 */
import type { Random } from "@siegert/random";
import { type Expr, type FunctionBuilder, i32, i32x4, type Local, type Statement, v128 } from "@siegert/wasm";

/** Words of 32 bits that four lanes keep: word k of lane l lies at 4k + l. */
export const LANES_WORDS = 16;
/** Bytes of them. */
export const LANES_BYTES: number = 4 * LANES_WORDS;

/** Seeds one lane with four words of a stream; the one state that never leaves zero is not taken. */
export function seedLane(random: Random, state: Int32Array, at: number, lane: number): void {
  let any = 0;
  do {
    for (let word = 0; word < 4; word++) {
      const value = random.uint32() | 0;
      state[at + 4 * word + lane] = value;
      any |= value;
    }
  } while (any === 0);
}

/** Next word of one lane, as a signed integer; `at` is the lane's first word. */
export function nextPlain(state: Int32Array, at: number): number {
  const s0 = state[at]!;
  let s1 = state[at + 4]!;
  let s2 = state[at + 8]!;
  let s3 = state[at + 12]!;
  const sum = (s0 + s3) | 0;
  const result = (((sum << 7) | (sum >>> 25)) + s0) | 0;
  const shifted = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  state[at] = s0 ^ s3;
  state[at + 4] = s1;
  state[at + 8] = s2 ^ shifted;
  s3 = (s3 << 11) | (s3 >>> 21);
  state[at + 12] = s3;
  return result;
}

/** Four lanes whose state is in locals of a function. */
export interface VectorLanes {
  /** Statements that read the state from memory. */
  readonly load: readonly Statement[];
  /** Statements that write it back. */
  readonly store: readonly Statement[];
  /** Statements that put the next four words into a local. */
  next(out: Local<"v128">): Statement[];
}

/** Declares the locals of four lanes whose state lies at `pointer + offset`. */
export function vectorLanes(fn: FunctionBuilder, pointer: Expr<"i32">, offset: number): VectorLanes {
  const [s0, s1, s2, s3] = fn.locals("i32x4", 4);
  const shifted = fn.local("i32x4");
  const words = [s0, s1, s2, s3];
  return {
    load: words.map((word, k) => word.set(v128.load(pointer, offset + 16 * k))),
    store: words.map((word, k) => v128.store(pointer, word, offset + 16 * k)),
    next: (out) => [
      out.set(i32x4.add(s0, s3)),
      out.set(i32x4.add(s0, v128.or(i32x4.shl(out, i32.const(7)), i32x4.shr_u(out, i32.const(25))))),
      shifted.set(i32x4.shl(s1, i32.const(9))),
      s2.set(v128.xor(s2, s0)),
      s3.set(v128.xor(s3, s1)),
      s1.set(v128.xor(s1, s2)),
      s0.set(v128.xor(s0, s3)),
      s2.set(v128.xor(s2, shifted)),
      s3.set(v128.or(i32x4.shl(s3, i32.const(11)), i32x4.shr_u(s3, i32.const(21)))),
    ],
  };
}
