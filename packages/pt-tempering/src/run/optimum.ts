import type { SegmentHighest } from "../round/segment.ts";

/** The state of the highest statistic, the lowest energy, that a run has seen. */
export interface Highest {
  readonly energy: number;
  readonly statistic: number;
  /** The numbers of the state. */
  readonly state: readonly number[];
  /** When it was seen first. */
  readonly round: number;
  readonly scan: number;
  readonly chain: number;
  readonly replica: number;
}

/** The higher of what was known and what a segment found; of equal ones the earlier. */
export function higher(
  known: Highest | undefined,
  found: SegmentHighest | undefined,
  round: number,
): Highest | undefined {
  if (!found || (known && found.statistic <= known.statistic)) return known;
  const { statistic, state, scan, chain, replica } = found;
  return { energy: 0 - statistic, statistic, state, round, scan, chain, replica };
}

/** The first of what several threads found in a segment, so that the number of threads plays no role. */
export function firstHighest(found: readonly (SegmentHighest | undefined)[]): SegmentHighest | undefined {
  let best: SegmentHighest | undefined;
  for (const one of found) {
    if (!one) continue;
    const isBefore =
      !best ||
      one.statistic > best.statistic ||
      (one.statistic === best.statistic &&
        (one.scan < best.scan || (one.scan === best.scan && one.replica < best.replica)));
    if (isBefore) best = one;
  }
  return best;
}
