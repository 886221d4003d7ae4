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
