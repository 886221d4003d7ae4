import { Ladder } from "../ladder/ladder.ts";
import { SwapPass } from "../swap/swap-pass.ts";
import type { ReplicaShare } from "./replica-share.ts";
import {
  keptScans,
  type SegmentHighest,
  type SegmentMemory,
  type SegmentPlan,
  type StatisticFault,
} from "./segment.ts";

/** Where the threads of a segment meet after every exploration. */
export interface MeetingPoint {
  /** Waits for the others. False when the segment is given up. */
  arrive(): boolean;
  /** Gives the segment up for all. */
  giveUp(): void;
}

/** How a share came out of a segment. */
export interface ShareEnd {
  readonly isComplete: boolean;
  readonly fault: StatisticFault | undefined;
  readonly highest: SegmentHighest | undefined;
}

/**
 * The scans of a segment for the replicas of one share: explore, meet the other threads, exchange. All threads see the
 * same statistics after they have met, so they decide the same exchanges.
 * @param afterScan a promise to be awaited before the next scan, if there is one; gets the scans done.
 */
export async function runSegment(
  share: ReplicaShare,
  plan: SegmentPlan,
  memory: SegmentMemory,
  chainOf: Int32Array,
  meeting: MeetingPoint,
  afterScan: (done: number) => Promise<boolean> | undefined,
): Promise<ShareEnd> {
  const ladder = new Ladder(plan.schedules);
  const swaps = new SwapPass(ladder, plan.copies, plan.seed, chainOf);
  const steps = share.beginSegment(ladder, memory.tallies);
  const rowLength = chainOf.length * plan.schedules.length;
  const record = plan.draws && drawRecorder(share, plan, memory, swaps, ladder);
  const watch = plan.highest === undefined ? undefined : new HighestWatch(share, plan.highest);
  const isAfterSwap = plan.draws?.isAfterSwap ?? false;
  for (let done = 0; done < plan.scans; done++) {
    const scan = plan.firstScan + done;
    const row = done * rowLength;
    const fault = steps.explore(swaps.chainOf, memory.trace, row);
    if (fault) {
      meeting.giveUp();
      return { isComplete: false, fault: { ...fault, scan }, highest: undefined };
    }
    watch?.look(memory.trace, row, scan, swaps.chainOf);
    if (!meeting.arrive()) return { isComplete: false, fault: undefined, highest: undefined };
    swaps.read(memory.trace, row);
    if (!isAfterSwap) record?.(scan);
    swaps.exchange(plan.round, scan);
    if (isAfterSwap) record?.(scan);
    const pause = afterScan(done + 1);
    if (pause && !(await pause)) return { isComplete: false, fault: undefined, highest: undefined };
  }
  return { isComplete: true, fault: undefined, highest: watch?.highest };
}

/** Writes the states on the kept chains that this share holds, on the scans that are kept. */
function drawRecorder(
  share: ReplicaShare,
  plan: SegmentPlan,
  memory: SegmentMemory,
  swaps: SwapPass,
  ladder: Ladder,
): (scan: number) => void {
  const { chains, thinning } = plan.draws!;
  const { dim } = share;
  const before = keptScans(plan.firstScan, thinning);
  return (scan) => {
    if ((scan + 1) % thinning !== 0) return;
    const kept = keptScans(scan + 1, thinning) - 1 - before;
    for (let copy = 0; copy < plan.copies; copy++) {
      for (let k = 0; k < chains.length; k++) {
        const replica = swaps.replicaOn[copy * ladder.size + chains[k]!]!;
        if (!share.holds(replica)) continue;
        const at = ((kept * plan.copies + copy) * chains.length + k) * dim;
        share.readState(replica, memory.draws.subarray(at, at + dim));
      }
    }
  };
}

/** Remembers the highest statistic among the replicas of a share. */
class HighestWatch {
  highest: SegmentHighest | undefined;
  readonly #share: ReplicaShare;
  #statistic: number;

  constructor(share: ReplicaShare, above: number) {
    this.#share = share;
    this.#statistic = above;
  }

  look(trace: Float64Array, row: number, scan: number, chainOf: Int32Array): void {
    const { first, end } = this.#share.range;
    for (let replica = first; replica < end; replica++) {
      const statistic = trace[row + replica]!;
      if (!(statistic > this.#statistic)) continue;
      this.#statistic = statistic;
      this.highest = { statistic, scan, replica, chain: chainOf[replica]!, state: this.#share.stateOf(replica) };
    }
  }
}
