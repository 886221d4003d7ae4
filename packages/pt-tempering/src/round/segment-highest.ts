import type { SegmentHighest } from "./segment.ts";

/** The first of what several threads found in a segment, so that the number of threads plays no role. */
export function firstHighest(found: readonly (SegmentHighest | undefined)[]): SegmentHighest | undefined {
  let best: SegmentHighest | undefined;
  for (const one of found) {
    if (one && (!best || isBefore(one, best))) best = one;
  }
  return best;
}

function isBefore(a: SegmentHighest, b: SegmentHighest): boolean {
  if (a.statistic !== b.statistic) return a.statistic > b.statistic;
  return a.scan === b.scan ? a.replica < b.replica : a.scan < b.scan;
}
