import { equaliseLadder } from "../ladder/barrier.ts";
import type { RoundSummary } from "./round-summary.ts";

/** Heat capacity β² Var E of the coldest chain up to which it counts as frozen. */
const FROZEN = 0.1;

/**
 * The ladder with its cold end at twice the β as long as the coldest chain is not frozen: rungs spread anew over a
 * barrier that is taken to go on beyond the end as over the last pair. A frozen ladder stays.
 */
export function frozenLadder(
  tuned: Float64Array,
  { rungs, schedules }: RoundSummary,
  rejections: readonly number[],
): Float64Array {
  const coldest = rungs.at(-1)!;
  const heat = coldest.beta ** 2 * (coldest.energyVariance ?? Infinity);
  if (!(heat > FROZEN && heat < Infinity)) return tuned;
  const longer = [...schedules[0]!, 2 * coldest.beta];
  return equaliseLadder(longer, [...rejections, Math.max(0.1, rejections.at(-1)!)], tuned.length);
}
