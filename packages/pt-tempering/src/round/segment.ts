import type { FinishedRound } from "@siegert/log-density";

/** Which states are kept while scans run. */
export interface DrawPlan {
  /** Chains of the line whose states are kept, ascending. */
  readonly chains: Int32Array;
  /** Every n-th scan of the round, the last of each n. */
  readonly thinning: number;
  /** Before the exchange of the scan, when false. */
  readonly isAfterSwap: boolean;
}

/** Consecutive scans of a round, as every thread that takes part needs to know them; plain data. */
export interface SegmentPlan {
  readonly seed: number;
  readonly round: number;
  /** Of the round, from 0. */
  readonly firstScan: number;
  readonly scans: number;
  readonly copies: number;
  /** Of every leg, ascending. */
  readonly schedules: readonly Float64Array[];
  readonly draws: DrawPlan | undefined;
  /** Whether to look for the highest statistic, above this one. */
  readonly highest: number | undefined;
}

/** What threads write for each other and for the one that counts; shared where there are several. */
export interface SegmentMemory {
  /** Row-major (scan, replica, leg): the statistics after exploration. */
  readonly trace: Float64Array;
  /** Row-major (copy, chain, tally), added up since the round began. */
  readonly tallies: Float64Array;
  /** Row-major (kept scan, copy, kept chain, number). */
  readonly draws: Float64Array;
}

/** All that the future of the replicas depends on, beside the chains they stand on. */
export interface ReplicaStates {
  /** By replica; undefined before the first segment. */
  readonly replicas: readonly Uint8Array[] | undefined;
  /** What exploration has learned before `finished`. */
  readonly tuning: Uint8Array | undefined;
  /** A round that exploration has still to learn from. */
  readonly finished: FinishedRound | undefined;
}

/** A statistic that is no number, and where it was found. */
export interface StatisticFault {
  readonly scan: number;
  readonly replica: number;
  readonly chain: number;
  readonly beta: number;
  readonly statistic: number;
  readonly state: readonly number[];
}

/** The highest statistic of a segment, the first of equal ones. */
export interface SegmentHighest {
  readonly statistic: number;
  readonly scan: number;
  readonly replica: number;
  readonly chain: number;
  readonly state: readonly number[];
}

/** How a segment ended. */
export interface SegmentEnd {
  /** Where the replicas are then; undefined when the segment did not come to its end. */
  readonly states: ReplicaStates | undefined;
  readonly fault: StatisticFault | undefined;
  readonly highest: SegmentHighest | undefined;
}

/** Runs segments, on this thread or on others. */
export interface Crew {
  readonly threads: number;
  /** Memory that all of them see. */
  newArray(length: number): Float64Array;
  /**
   * Explores and exchanges for the scans of a plan, writing into the memory.
   * @param chainOf chain of every replica at the beginning.
   * @param onScan told now and then how many scans of the segment are done.
   */
  run(
    plan: SegmentPlan,
    memory: SegmentMemory,
    chainOf: Int32Array,
    states: ReplicaStates,
    onScan: (done: number) => void,
  ): Promise<SegmentEnd>;
  close(): Promise<void>;
}

/** Kept scans before scan `scan` of a round. */
export function keptScans(scan: number, thinning: number): number {
  return Math.floor(scan / thinning);
}
