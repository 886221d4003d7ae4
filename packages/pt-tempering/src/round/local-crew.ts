import type { ReplicaProblem } from "@siegert/log-density";
import { Pacer, type StopSignal } from "../host.ts";
import { explorationError } from "./exploration-error.ts";
import { ReplicaShare } from "./replica-share.ts";
import { runSegment } from "./run-segment.ts";
import type { Crew, ReplicaStates, SegmentEnd, SegmentMemory, SegmentPlan } from "./segment.ts";

/** All replicas on this thread, which lets the event loop have a turn about every 40 ms. */
export class LocalCrew implements Crew {
  readonly threads = 1;
  readonly #problem: ReplicaProblem;
  readonly #signal: StopSignal | undefined;
  #share: ReplicaShare | undefined;
  /** Where the share's replicas are; undefined in the middle of a segment. */
  #standing: readonly Uint8Array[] | undefined;

  constructor(problem: ReplicaProblem, signal: StopSignal | undefined) {
    this.#problem = problem;
    this.#signal = signal;
  }

  newArray(length: number): Float64Array {
    return new Float64Array(length);
  }

  async run(
    plan: SegmentPlan,
    memory: SegmentMemory,
    chainOf: Int32Array,
    states: ReplicaStates,
    onScan: (done: number) => void,
  ): Promise<SegmentEnd> {
    const pacer = new Pacer();
    // What the listener throws is the caller's own, not the problem's.
    let thrown: { readonly error: unknown } | undefined;
    const turn = async (done: number) => {
      try {
        onScan(done);
      } catch (error) {
        thrown = { error };
        return false;
      }
      await pacer.turn();
      return !this.#signal?.aborted;
    };
    const explore = async () => {
      const share = this.#shareAt(plan, chainOf.length, states);
      share.tune(states);
      const meeting = { arrive: () => true, giveUp: () => undefined };
      const pause = (done: number) => (pacer.isDue() ? turn(done) : undefined);
      const end = await runSegment(share, plan, memory, chainOf, meeting, pause);
      if (!end.isComplete) return { states: undefined, fault: end.fault, highest: undefined };
      const replicas = share.save();
      this.#standing = replicas;
      const after = { replicas, tuning: share.saveTuning(), finished: undefined };
      return { states: after, fault: undefined, highest: end.highest };
    };
    const end = await explore().catch((error: unknown) => {
      throw explorationError(error, plan.round);
    });
    if (thrown) throw thrown.error;
    return end;
  }

  async close(): Promise<void> {
    this.#share = undefined;
  }

  /** The share with its replicas where they should be: as they stand, loaded, or new. */
  #shareAt(plan: SegmentPlan, replicas: number, states: ReplicaStates): ReplicaShare {
    const standing = this.#standing;
    this.#standing = undefined;
    const known = this.#share;
    if (known && standing && standing === states.replicas) return known;
    const chains = replicas / plan.copies;
    const share = new ReplicaShare(this.#problem, { seed: plan.seed, chains, first: 0, end: replicas });
    share.load(states);
    this.#share = share;
    return share;
  }
}
