import { InvalidArgumentError } from "@siegert/errors";
import type { PortableReplicaProblem } from "@siegert/log-density";
import { nowMs, type StopSignal, sleep } from "../host.ts";
import { segmentTaskAddress } from "../segment-task-address.ts";
import { TemperingError } from "../tempering-error.ts";
import { explorationError } from "./exploration-error.ts";
import type { Crew, ReplicaStates, SegmentEnd, SegmentMemory, SegmentPlan, StatisticFault } from "./segment.ts";
import { firstHighest } from "./segment-highest.ts";
import type { SegmentTaskArgument, SegmentTaskResult } from "./segment-message.ts";
import { MeetingControl } from "./shared-meeting.ts";

/** How often a segment is run again after a thread was lost. */
const RERUNS = 2;
const START_TIMEOUT_MS = 60_000;
const LOOK_MS = 50;
const LOST = ["died", "heartbeat", "start"];

let runs = 0;

/** What runs the tasks of a crew: the part of a pool that is used. */
export interface TaskRunner {
  run<Result>(
    task: { readonly module: string; readonly export: string; readonly argument: unknown; readonly name: string },
    options: { readonly retries: number },
  ): Promise<Result>;
  readonly size: number;
}

/** What a crew of threads is made of. */
export interface ThreadCrewOptions {
  readonly problem: PortableReplicaProblem;
  readonly executor: TaskRunner;
  readonly threads: number;
  readonly scanTimeoutMs: number;
  readonly signal: StopSignal | undefined;
}

/**
 * Replicas on several threads, each with a share of consecutive ones. A segment is one task per thread; they share the
 * trace of statistics and meet after every exploration. When a thread is lost the segment is run again from its
 * beginning.
 */
export class ThreadCrew implements Crew {
  readonly threads: number;
  readonly #options: ThreadCrewOptions;
  readonly #key: string = `tempering ${runs++} ${nowMs()}`;

  constructor(options: ThreadCrewOptions) {
    this.threads = options.threads;
    this.#options = options;
  }

  newArray(length: number): Float64Array {
    return new Float64Array(new SharedArrayBuffer(8 * length));
  }

  async run(
    plan: SegmentPlan,
    memory: SegmentMemory,
    chainOf: Int32Array,
    states: ReplicaStates,
    onScan: (done: number) => void,
  ): Promise<SegmentEnd> {
    const tallies = Float64Array.from(memory.tallies);
    for (let reruns = 0; ; reruns++) {
      memory.tallies.set(tallies);
      const control = new MeetingControl();
      const outcomes = await this.#attempt(plan, memory, chainOf, states, { control, onScan });
      const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      const results = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      if (failures.length === 0) return endOf(results);
      if (this.#options.signal?.aborted) return { states: undefined, fault: undefined, highest: undefined };
      if (!failures.every(isLost) || reruns === RERUNS) throw crewError(failures, plan.round);
    }
  }

  async close(): Promise<void> {}

  /** All tasks of a segment to their ends, however they end. */
  async #attempt(
    plan: SegmentPlan,
    memory: SegmentMemory,
    chainOf: Int32Array,
    states: ReplicaStates,
    { control, onScan }: { readonly control: MeetingControl; readonly onScan: (done: number) => void },
  ): Promise<PromiseSettledResult<SegmentTaskResult>[]> {
    const { problem, executor, threads, scanTimeoutMs, signal } = this.#options;
    const replicas = chainOf.length;
    let isSettled = false;
    const tasks = Array.from({ length: threads }, (_, thread) => {
      const first = Math.floor((thread * replicas) / threads);
      const end = Math.floor(((thread + 1) * replicas) / threads);
      const argument: SegmentTaskArgument = {
        key: this.#key,
        problem,
        plan,
        memory,
        chainOf,
        states: { ...states, replicas: states.replicas?.slice(first, end) },
        isFirst: states.replicas === undefined,
        first,
        end,
        chains: replicas / plan.copies,
        threads,
        control: control.cells,
        startTimeoutMs: START_TIMEOUT_MS,
        scanTimeoutMs,
      };
      const task = { module: segmentTaskAddress(), export: "run", argument, name: `replicas ${first} to ${end - 1}` };
      return executor.run<SegmentTaskResult>(task, { retries: 0 }).catch((error: unknown) => {
        control.stop();
        throw error;
      });
    });
    const settled = Promise.allSettled(tasks).finally(() => {
      isSettled = true;
    });
    const watch = async () => {
      while (!isSettled) {
        await Promise.race([settled, sleep(LOOK_MS)]);
        if (signal?.aborted) control.stop();
        if (!isSettled) onScan(control.scansDone);
      }
    };
    const [outcomes] = await Promise.all([settled, watch().catch((error: unknown) => stopFor(control, error))]);
    return outcomes;
  }
}

/** What a listener threw ends the segment and the run. */
function stopFor(control: MeetingControl, error: unknown): never {
  control.stop();
  throw error;
}

function endOf(results: readonly SegmentTaskResult[]): SegmentEnd {
  const faults = results.flatMap((result) => (result.kind === "fault" ? [result.fault] : []));
  if (faults.length > 0) return { states: undefined, fault: firstFault(faults), highest: undefined };
  if (results.some(({ kind }) => kind === "crowded")) {
    const requirement = "run all tasks of a segment at once, each on a thread of its own";
    throw new InvalidArgumentError(
      "options.executor",
      requirement,
      `an executor of ${results.length} tasks on one thread`,
    );
  }
  const complete = results.filter((result) => result.kind === "complete");
  if (complete.length < results.length) return { states: undefined, fault: undefined, highest: undefined };
  return {
    states: {
      replicas: complete.flatMap(({ replicas }) => replicas),
      tuning: complete[0]!.tuning,
      finished: undefined,
    },
    fault: undefined,
    highest: firstHighest(complete.map(({ highest }) => highest)),
  };
}

function firstFault(faults: readonly StatisticFault[]): StatisticFault {
  return faults.reduce((a, b) => (b.scan < a.scan || (b.scan === a.scan && b.replica < a.replica) ? b : a));
}

function isLost(error: unknown): boolean {
  const { name, reason } = (error ?? {}) as { readonly name?: unknown; readonly reason?: unknown };
  return name === "WorkerError" && LOST.includes(String(reason));
}

function crewError(failures: readonly unknown[], round: number): unknown {
  const own = failures.find((error) => !isLost(error)) ?? failures[0];
  const { name, message } = (own ?? {}) as { readonly name?: string; readonly message?: string };
  if (!["WorkerError", "MeetingTimeout", "PoolClosedError"].includes(name ?? "")) return explorationError(own, round);
  return new TemperingError(`Threads were lost in round ${round}: ${message}`, {
    reason: "threads",
    round,
    cause: own,
  });
}
