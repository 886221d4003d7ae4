/**
 * Planes of bits that are 1 with given probabilities, from K random planes each: the comparison of a K-bit integer with
 * a threshold, one binary digit after the other from the least, two logical operations per digit. All thresholds read
 * the same random planes, so the planes are nested.
 */
import type { Expr } from "@siegert/wasm";
import { i32x4, type Local, type Statement, v128 } from "@siegert/wasm";

/** Thresholds written into the code, or masks of their digits in memory. */
export type ThresholdSource =
  | { readonly kind: "compiled"; readonly thresholds: readonly number[] }
  /** Mask of digit k of threshold t at pointer + 16·(t·(K + 1) + k); mask K is that of threshold 2^K. */
  | { readonly kind: "data"; readonly pointer: Local<"i32">; readonly offset: number };

/** Bytes of the masks of one set of thresholds. */
export function maskBytes(thresholds: number, bits: number): number {
  return 16 * thresholds * (bits + 1);
}

/** Statements of one digit of one plane. */
export function emitDigit(
  source: ThresholdSource,
  index: number,
  digit: number,
  bits: number,
  plane: Local<"v128">,
  random: Expr<"v128">,
): Statement[] {
  if (source.kind === "compiled") return compiledDigit(source.thresholds[index]!, digit, plane, random);
  const mask = v128.load(source.pointer, source.offset + 16 * (index * (bits + 1) + digit));
  if (digit === 0) return [plane.set(v128.and(random, mask))];
  // The majority of plane, random and mask: the union where the digit is 1, the intersection where it is 0.
  const differs = v128.and(v128.xor(plane, random), v128.xor(plane, mask));
  return [plane.set(v128.xor(plane, differs))];
}

function compiledDigit(threshold: number, digit: number, plane: Local<"v128">, random: Expr<"v128">): Statement[] {
  const lowest = lowestDigit(threshold);
  if (digit < lowest) return [];
  if (digit === lowest) return [plane.set(random)];
  return [plane.set(digitOf(threshold, digit) === 1 ? v128.or(plane, random) : v128.and(plane, random))];
}

/** Statements after the last digit: thresholds 0 and 2^K, which no digit reaches. */
export function emitEnds(source: ThresholdSource, index: number, bits: number, plane: Local<"v128">): Statement[] {
  if (source.kind === "data") {
    const all = v128.load(source.pointer, source.offset + 16 * (index * (bits + 1) + bits));
    return [plane.set(v128.or(plane, all))];
  }
  const threshold = source.thresholds[index]!;
  if (threshold === 0) return [plane.set(i32x4.const(0))];
  return threshold === 2 ** bits ? [plane.set(i32x4.const(-1))] : [];
}

/** Digit k of an integer, also beyond 32 bits. */
export function digitOf(threshold: number, digit: number): 0 | 1 {
  return (Math.floor(threshold / 2 ** digit) % 2) as 0 | 1;
}

function lowestDigit(threshold: number): number {
  if (threshold === 0) return Infinity;
  let digit = 0;
  while (digitOf(threshold, digit) === 0) digit++;
  return digit;
}
