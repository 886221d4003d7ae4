import type { PortableReplicaProblem } from "@siegert/log-density";
import type { ReplicaStates, SegmentHighest, SegmentMemory, SegmentPlan, StatisticFault } from "./segment.ts";

/** What a worker needs to know for a segment; plain data and shared memory. */
export interface SegmentTaskArgument {
  /** Names the run: the problem is made once per worker and run. */
  readonly key: string;
  readonly problem: PortableReplicaProblem;
  readonly plan: SegmentPlan;
  readonly memory: SegmentMemory;
  readonly chainOf: Int32Array;
  /** `replicas` holds those of this thread only. */
  readonly states: ReplicaStates;
  /** Whether replicas and exploration begin anew. */
  readonly isFirst: boolean;
  /** Replicas of this thread: from `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
  /** Chains of a line. */
  readonly chains: number;
  readonly threads: number;
  readonly control: Int32Array;
  readonly startTimeoutMs: number;
  readonly scanTimeoutMs: number;
}

/** How a thread's part of a segment ended. */
export type SegmentTaskResult =
  | {
      readonly kind: "complete";
      readonly replicas: Uint8Array[];
      readonly tuning: Uint8Array | undefined;
      readonly highest: SegmentHighest | undefined;
    }
  | { readonly kind: "fault"; readonly fault: StatisticFault }
  /** Given up because of another thread, or the signal. */
  | { readonly kind: "stopped" }
  /** The executor runs several tasks on one thread: they could only wait for each other. */
  | { readonly kind: "crowded" };
