/**
 * Which stream a seed and a path name: 128 bits, of which 64 become the Philox key and 64 the upper half of the
 * counter.
 *
 * Seed and path elements are written as 64-bit message blocks and absorbed one after the other into a 128-bit
 * value h by the Davies-Meyer construction with Philox4x32-10 as the block function,
 *
 *     h ← h ⊕ philox(counter = h, key = message block),
 *
 * from h = the first 128 fractional bits of e. An element is one block (kind, length) followed by `length` units
 * of content, 64 bits or four UTF-16 code units to a block; as every element says its length before its content,
 * no two different paths write the same message. Two of n streams then coincide with probability about n²/2¹²⁹.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { philoxBlock } from "./philox.ts";

/** One step on the way to a stream: what it is for, or which chain, shard, replica … it belongs to. */
export type PathElement = string | number | bigint;

const START: readonly number[] = [0xb7e15162, 0x8aed2a6a, 0xbf715880, 0x9cf4f3c7];
const NON_NEGATIVE = 1;
const NEGATIVE = 2;
const TEXT = 3;

/**
 * Identity of the root stream of a seed: 4 words.
 * @throws {InvalidArgumentError} unless the seed is a safe integer or a bigint.
 */
export function seedIdentity(seed: number | bigint): Uint32Array {
  if (!isInteger(seed)) throw new InvalidArgumentError("seed", "be a safe integer or a bigint", seed);
  const identity = Uint32Array.from(START);
  absorbInteger(identity, seed);
  return identity;
}

/**
 * Identity of a stream's descendant: 4 words; the parent's are left as they are.
 * @throws {InvalidArgumentError} unless every element is a string, a safe integer or a bigint.
 */
export function childIdentity(parent: Uint32Array, path: readonly PathElement[]): Uint32Array {
  const identity = parent.slice();
  path.forEach((element, i) => {
    if (typeof element === "string") absorbText(identity, element);
    else if (isInteger(element)) absorbInteger(identity, element);
    else throw new InvalidArgumentError(`path[${i}]`, "be a string, a safe integer or a bigint", element);
  });
  return identity;
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}

/** A number and a bigint of the same value give the same blocks: magnitude in 64-bit units, least significant first. */
function absorbInteger(identity: Uint32Array, value: number | bigint): void {
  const integer = BigInt(value);
  const units: bigint[] = [];
  for (let rest = integer < 0n ? -integer : integer; rest > 0n; rest >>= 64n) units.push(BigInt.asUintN(64, rest));
  absorb(identity, integer < 0n ? NEGATIVE : NON_NEGATIVE, units.length);
  for (const unit of units) absorb(identity, Number(unit & 0xffffffffn), Number(unit >> 32n));
}

/** Text by its UTF-16 code units, without normalisation; the last block is padded with zeros. */
function absorbText(identity: Uint32Array, text: string): void {
  const unit = (i: number): number => (i < text.length ? text.charCodeAt(i) : 0);
  absorb(identity, TEXT, text.length);
  for (let i = 0; i < text.length; i += 4) {
    absorb(identity, unit(i) | (unit(i + 1) << 16), unit(i + 2) | (unit(i + 3) << 16));
  }
}

function absorb(identity: Uint32Array, low: number, high: number): void {
  const mixed = new Uint32Array(4);
  philoxBlock(identity, Uint32Array.of(low, high), mixed);
  for (let i = 0; i < 4; i++) identity[i] = identity[i]! ^ mixed[i]!;
}
