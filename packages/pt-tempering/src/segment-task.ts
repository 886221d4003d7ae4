/** The function that explores a share of the replicas on a worker of a pool, for one segment. */
import type { ReplicaProblem } from "@siegert/log-density";
import { nowMs } from "./host.ts";
import { ReplicaShare } from "./round/replica-share.ts";
import { runSegment } from "./round/run-segment.ts";
import type { ReplicaStates } from "./round/segment.ts";
import type { SegmentTaskArgument, SegmentTaskResult } from "./round/segment-message.ts";
import { MeetingControl, MeetingTimeout, SharedMeeting } from "./round/shared-meeting.ts";
import { instantiateProblem } from "./run/instantiate-problem.ts";

/** The part of a worker's context that is used here. */
interface SegmentTaskContext {
  heartbeat(): void;
  nextTurn(): Promise<void>;
  readonly signal: { readonly aborted: boolean };
}

let known:
  | { readonly key: string; readonly problem: Promise<ReplicaProblem>; share: ReplicaShare | undefined }
  | undefined;
let running = 0;

/** Runs the scans of a segment for a share, together with the other threads of the segment. */
export async function run(argument: SegmentTaskArgument, context: SegmentTaskContext): Promise<SegmentTaskResult> {
  const control = new MeetingControl(argument.control);
  running++;
  try {
    if (running > 1) return { kind: "crowded" };
    const share = await shareFor(argument);
    share.load(ownStates(argument.states, argument.first));
    share.tune(argument.states);
    if (!(await everyoneIsHere(control, argument, context))) return { kind: "stopped" };
    return await explore(share, argument, control, context);
  } finally {
    running--;
    // Whatever ended this thread's part ends the others' too, unless it came to the end of the segment.
    if (control.scansDone < argument.plan.scans) control.giveUp();
  }
}

async function explore(
  share: ReplicaShare,
  argument: SegmentTaskArgument,
  control: MeetingControl,
  context: SegmentTaskContext,
): Promise<SegmentTaskResult> {
  const { plan, memory, chainOf, threads, scanTimeoutMs } = argument;
  const meeting = new SharedMeeting(control, threads, scanTimeoutMs, () => context.heartbeat());
  let looked = nowMs();
  const end = await runSegment(share, plan, memory, chainOf, meeting, () => {
    const now = nowMs();
    if (now - looked < 20) return undefined;
    looked = now;
    context.heartbeat();
    return context.signal.aborted || control.isStopped ? Promise.resolve(false) : undefined;
  });
  if (end.fault) return { kind: "fault", fault: end.fault };
  if (!end.isComplete) return { kind: "stopped" };
  return { kind: "complete", replicas: share.save(), tuning: share.saveTuning(), highest: end.highest };
}

/** The share as it was made for the segment before, or a new one. */
async function shareFor({
  key,
  problem,
  plan,
  first,
  end,
  chains,
  isFirst,
}: SegmentTaskArgument): Promise<ReplicaShare> {
  if (known?.key !== key) known = { key, problem: instantiateProblem(problem), share: undefined };
  const made = known;
  const instance = await made.problem;
  const { range } = made.share ?? {};
  const isSame = range?.seed === plan.seed && range.first === first && range.end === end && range.chains === chains;
  if (!made.share || !isSame || isFirst)
    made.share = new ReplicaShare(instance, { seed: plan.seed, chains, first, end });
  return made.share;
}

/** States of the share's own replicas, where the share looks for them. */
function ownStates({ replicas, ...rest }: ReplicaStates, first: number): ReplicaStates {
  if (!replicas) return { replicas, ...rest };
  const placed: Uint8Array[] = [];
  replicas.forEach((saved, k) => {
    placed[first + k] = saved;
  });
  return { replicas: placed, ...rest };
}

/** Waits, with turns of the event loop, until every thread of the segment has begun: then none can wait in vain. */
async function everyoneIsHere(
  control: MeetingControl,
  { threads, startTimeoutMs }: SegmentTaskArgument,
  context: SegmentTaskContext,
): Promise<boolean> {
  control.enter();
  const began = nowMs();
  while (control.present < threads) {
    if (control.isGivenUp || context.signal.aborted) return false;
    if (nowMs() - began > startTimeoutMs) {
      throw new MeetingTimeout(`only ${control.present} of ${threads} threads came up in ${startTimeoutMs} ms`);
    }
    context.heartbeat();
    await context.nextTurn();
  }
  return true;
}
