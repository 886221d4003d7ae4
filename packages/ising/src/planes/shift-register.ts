/**
 * Random bits for 32 replicas at once, bit k for replica k: a generalised feedback shift register with four taps,
 * x(n) = x(n − 471) ^ x(n − 1586) ^ x(n − 6988) ^ x(n − 9689). Every bit of the words runs a register of its own, filled
 * from the random stream of its replica, so a replica's bits do not depend on which replicas are beside it.
 *
 * Source: Ziff (1998), Four-tap shift-register-sequence random-number generators, Computers in Physics 12, 385,
 * 10.1063/1.168692. (Registers with two taps, such as R250, are known to falsify simulations.)
 */
import type { Random } from "@siegert/random";

/** Length of the register in words. */
export const REGISTER = 9689;
/** Words of the bits of one register. */
export const COLUMN_WORDS: number = Math.ceil(REGISTER / 32);
const TAPS = [471, 1586, 6988] as const;

/** Runs of the register in which all taps lie at fixed distances: first word, end, distances of the taps. */
export const SEGMENTS: readonly { readonly from: number; readonly to: number; readonly taps: readonly number[] }[] = [
  0,
  ...TAPS,
].map((from, k) => ({
  from,
  to: [...TAPS, REGISTER][k]!,
  taps: TAPS.map((tap) => (tap <= from ? -tap : REGISTER - tap)),
}));

/** The next 9689 words, in place of the last. */
export function refillPlain(words: Int32Array, at: number): void {
  for (const { from, to, taps } of SEGMENTS) {
    const [a, b, c] = taps as [number, number, number];
    for (let n = at + from; n < at + to; n++) words[n]! ^= words[n + a]! ^ words[n + b]! ^ words[n + c]!;
  }
}

/** The bits of one register as they come from a stream: packed, 32 to a word. Not all are zero. */
export function newColumn(random: Random): Int32Array {
  const column = new Int32Array(COLUMN_WORDS);
  do {
    for (let word = 0; word < COLUMN_WORDS; word++) column[word] = random.uint32() | 0;
    column[COLUMN_WORDS - 1]! &= (1 << (REGISTER % 32)) - 1;
  } while (column.every((word) => word === 0));
  return column;
}

/**
 * The next 9689 bits of a register, packed.
 * @param words the words of 32 registers; `at` is the first of the last 9689 made.
 * @param position of the next word, relative to `at`; words back to it are in memory when it is negative.
 */
export function readColumn(words: Int32Array, at: number, position: number, bit: number): Int32Array {
  const ahead = Math.max(0, position);
  const bits = new Uint8Array(REGISTER + ahead);
  const first = at + Math.min(0, position);
  for (let n = 0; n < REGISTER; n++) bits[n] = (words[first + n]! >>> bit) & 1;
  for (let n = REGISTER; n < bits.length; n++) {
    bits[n] = bits[n - 471]! ^ bits[n - 1586]! ^ bits[n - 6988]! ^ bits[n - REGISTER]!;
  }
  const column = new Int32Array(COLUMN_WORDS);
  for (let n = 0; n < REGISTER; n++) column[n >> 5]! |= bits[ahead + n]! << (n & 31);
  return column;
}

/**
 * Puts a register where it will give the packed bits next: those before them follow from running it backward, those
 * after them from running it forward. Arguments as for `readColumn`.
 */
export function writeColumn(words: Int32Array, at: number, position: number, bit: number, column: Int32Array): void {
  const back = Math.max(0, position);
  const ahead = Math.max(0, -position);
  const bits = new Uint8Array(back + REGISTER + ahead);
  for (let n = 0; n < REGISTER; n++) bits[back + n] = (column[n >> 5]! >>> (n & 31)) & 1;
  for (let n = back - 1; n >= 0; n--) {
    bits[n] = bits[n + REGISTER]! ^ bits[n + REGISTER - 471]! ^ bits[n + REGISTER - 1586]! ^ bits[n + REGISTER - 6988]!;
  }
  for (let n = back + REGISTER; n < bits.length; n++) {
    bits[n] = bits[n - 471]! ^ bits[n - 1586]! ^ bits[n - 6988]! ^ bits[n - REGISTER]!;
  }
  const first = at + Math.min(0, position);
  const end = at + REGISTER - first;
  for (let n = 0; n < end; n++) {
    words[first + n] = (words[first + n]! & ~(1 << bit)) | (bits[n]! << bit);
  }
}
