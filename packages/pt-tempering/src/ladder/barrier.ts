import { must } from "../must.ts";
import { monotoneCubic } from "./monotone-cubic.ts";

/**
 * The communication barrier of a path: how hard it is to pass from the reference to β. Swaps between β and β + dβ are
 * rejected with probability λ(β) dβ; round trips under ideal exploration cannot be more frequent than 1 / (2 + 2Λ).
 */
export interface CommunicationBarrier {
  /** Λ, the sum of the rejection probabilities. */
  readonly total: number;
  /** Λ(β), from 0 at the first β of the ladder. */
  cumulative(beta: number): number;
  /** λ(β), the derivative. */
  local(beta: number): number;
}

/**
 * The barrier of a leg: the monotone cubic through the cumulated rejection probabilities, and its derivative (Syed,
 * Bouchard-Côté, Deligiannidis & Doucet 2021, 10.1111/rssb.12464, section 5.2).
 *
 * @param betas strictly ascending, at least 2.
 * @param rejections mean rejection probability of every pair of neighbours, in [0, 1].
 * @throws {InvalidArgumentError} for anything else.
 */
export function communicationBarrier(betas: ArrayLike<number>, rejections: ArrayLike<number>): CommunicationBarrier {
  checkLadder("betas", betas);
  checkRejections(betas, rejections);
  const cumulated = cumulate(rejections, 0);
  const curve = monotoneCubic(betas, cumulated);
  return {
    total: cumulated.at(-1)!,
    cumulative: (beta) => curve.value(beta),
    local: (beta) => Math.max(0, curve.slope(beta)),
  };
}

/**
 * The ladder on which all pairs would be rejected alike: the inverse of the cumulated barrier at equal fractions, by a
 * monotone cubic; the ends stay (Syed et al. 2021, algorithm 4).
 *
 * @param betas strictly ascending, at least 2.
 * @param rejections mean rejection probability of every pair, in [0, 1].
 * @param size chains of the new ladder. Default: as many.
 * @throws {InvalidArgumentError} for anything else.
 */
export function equaliseLadder(
  betas: ArrayLike<number>,
  rejections: ArrayLike<number>,
  size: number = betas.length,
): Float64Array {
  checkLadder("betas", betas);
  checkRejections(betas, rejections);
  must(Number.isSafeInteger(size) && size >= 2, "size", "be an integer of at least 2", size);
  // Pairs that are never rejected get a little barrier, so that the curve has an inverse.
  const cumulated = cumulate(rejections, 1e-6);
  const inverse = monotoneCubic(cumulated, betas);
  const total = cumulated.at(-1)!;
  const ladder = Float64Array.from({ length: size }, (_, i) => inverse.value((total * i) / (size - 1)));
  ladder[0] = betas[0]!;
  ladder[size - 1] = betas[betas.length - 1]!;
  separate(ladder);
  return ladder;
}

/** Moves rungs that rounding has put on top of each other apart. */
function separate(ladder: Float64Array): void {
  const last = ladder.at(-1)!;
  for (let i = 1; i + 1 < ladder.length; i++) {
    if (ladder[i]! > ladder[i - 1]! && ladder[i]! < last) continue;
    ladder[i] = ladder[i - 1]! + (last - ladder[i - 1]!) / (ladder.length - i);
  }
}

function cumulate(rejections: ArrayLike<number>, least: number): Float64Array {
  const cumulated = new Float64Array(rejections.length + 1);
  for (let i = 0; i < rejections.length; i++) cumulated[i + 1] = cumulated[i]! + Math.max(rejections[i]!, least);
  return cumulated;
}

/** @throws {InvalidArgumentError} unless the inverse temperatures are finite, not negative, ascending, at least 2. */
export function checkLadder(argument: string, betas: ArrayLike<number>): void {
  const isArray = Array.isArray(betas) || ArrayBuffer.isView(betas);
  must(isArray && betas.length >= 2, argument, "hold at least 2 inverse temperatures", betas);
  for (let i = 0; i < betas.length; i++) {
    const isNumber = typeof betas[i] === "number" && Number.isFinite(betas[i]);
    must(isNumber && betas[i]! >= 0, `${argument}[${i}]`, "be finite and not negative", betas[i]);
    if (i === 0) continue;
    must(betas[i]! !== betas[i - 1]!, `${argument}[${i}]`, "differ from the one before", betas[i]);
    must(betas[i]! > betas[i - 1]!, `${argument}[${i}]`, `be above the one before, ${betas[i - 1]}`, betas[i]);
  }
}

function checkRejections(betas: ArrayLike<number>, rejections: ArrayLike<number>): void {
  must(rejections.length === betas.length - 1, "rejections", `have ${betas.length - 1} entries`, rejections);
  for (let i = 0; i < rejections.length; i++) {
    const isGood = rejections[i]! >= 0 && rejections[i]! <= 1;
    must(isGood, `rejections[${i}]`, "lie between 0 and 1", rejections[i]);
  }
}
