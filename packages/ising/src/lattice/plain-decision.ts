/** The new values of 32 spins from their neighbours, in plain JavaScript: the twin of the vector code. */
import { type LatticeRule, situations } from "./rule.ts";

/** Tables of a rule that the plain code reads. */
export interface PlainRule {
  readonly rule: LatticeRule;
  /** Index of the threshold of h (or s·h) + 4, for either value of the spin: 18 entries, −1 where there is none. */
  readonly plane: Int32Array;
}

/** Tables of a rule. */
export function plainRule(rule: LatticeRule): PlainRule {
  const plane = new Int32Array(18).fill(-1);
  for (const [index, { level, spin }] of situations(rule).entries()) {
    if (spin !== -1) plane[level + 4] = index;
    if (spin !== 1) plane[level + 13] = index;
    if (rule.kernel === "heat-bath" && !rule.hasField) plane[4 - level] = plane[13 - level] = index;
  }
  return { rule, plane };
}

const masks = new Int32Array(9);

/**
 * New spins.
 * @param pulls σ s' of the four neighbours.
 * @param bonds which bonds are there, four words.
 * @param planes one word per threshold.
 * @param raw the last random word.
 */
export function decidePlain(
  { rule, plane }: PlainRule,
  pulls: Int32Array,
  bonds: Int32Array,
  own: number,
  planes: Int32Array,
  raw: number,
): number {
  const isHeatBath = rule.kernel === "heat-bath";
  countFields(pulls, bonds, isHeatBath ? 0 : ~own);
  let whenUp = 0;
  let whenDown = 0;
  for (let h = -4; h <= 4; h++) {
    const mask = masks[h + 4]!;
    const up = plane[h + 4]! < 0 ? 0 : planes[plane[h + 4]!]!;
    const down = plane[h + 13]! < 0 ? 0 : planes[plane[h + 13]!]!;
    if (isHeatBath && !rule.hasField) {
      whenUp |= mask & (h > 0 ? ~up : h < 0 ? up : raw);
    } else if (isHeatBath) {
      whenUp |= mask & up;
    } else {
      whenUp |= mask & (plane[h + 4]! >= 0 ? up : h < 0 ? -1 : raw);
      whenDown |= mask & (plane[h + 13]! >= 0 ? down : h < 0 ? -1 : raw);
    }
  }
  if (isHeatBath) return whenUp;
  const flips = (whenUp & own) | (whenDown & ~own);
  return own ^ flips;
}

/** Masks of where the field is −4 … 4, a neighbour counting as up where pull ^ flip is. */
function countFields(pulls: Int32Array, bonds: Int32Array, flip: number): void {
  masks.fill(0);
  masks[4] = -1;
  for (let k = 0; k < 4; k++) {
    const up = (pulls[k]! ^ flip) & bonds[k]!;
    const down = ~(pulls[k]! ^ flip) & bonds[k]!;
    const none = ~bonds[k]!;
    let below = 0;
    for (let h = 0; h < 9; h++) {
      const here = masks[h]!;
      const above = h < 8 ? masks[h + 1]! : 0;
      masks[h] = (here & none) | (below & up) | (above & down);
      below = here;
    }
  }
}
