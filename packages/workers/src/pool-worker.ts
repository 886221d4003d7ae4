import { Deadline } from "./deadline.ts";
import type { PoolCounts } from "./pool-counts.ts";
import type { PreparedTask } from "./prepared-task.ts";
import type { FromThread } from "./protocol.ts";
import { reviveError } from "./revived-error.ts";
import type { ResolvedLimits } from "./run-options.ts";
import { canShare } from "./shared-array.ts";
import type { Death, StartThread, Thread } from "./thread.ts";
import type { WorkerErrorReason } from "./worker-error.ts";

/** How a try ended. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "stopped" }
  | {
      readonly kind: "lost";
      readonly reason: WorkerErrorReason;
      readonly text: string;
      readonly exitCode: number | undefined;
      readonly cause: unknown;
    };

/** One try, as its worker needs it. */
export interface Try {
  readonly id: number;
  readonly attempt: number;
  readonly task: PreparedTask;
  readonly limits: ResolvedLimits;
  /** Whether no other try will need the argument. */
  readonly isLast: boolean;
  readonly onMessage: (message: unknown) => void;
}

interface Running extends Try {
  readonly finish: (outcome: Outcome) => void;
  readonly deadlines: Deadline[];
  heartbeat: Deadline | undefined;
  isPosted: boolean;
  isStopping: boolean;
}

/** A worker may take this long to come up. */
const START_TIMEOUT_MS = 60_000;

/** A thread with at most one task, the watch over it, and what was sent to it. It is used until it dies. */
export class PoolWorker {
  private readonly thread: Thread;
  private readonly counts: PoolCounts;
  private readonly onGone: (worker: PoolWorker) => void;
  private readonly programs = new Set<number>();
  private readonly stopFlag: Int32Array | undefined;
  private readonly starting: Deadline;
  private isReady = false;
  private isGone = false;
  private running: Running | undefined;

  /** @throws what the host throws when it cannot start a thread. */
  constructor(start: StartThread, counts: PoolCounts, onGone: (worker: PoolWorker) => void) {
    this.counts = counts;
    this.onGone = onGone;
    this.stopFlag = canShare() ? new Int32Array(new SharedArrayBuffer(4)).fill(-1) : undefined;
    this.thread = start({
      onMessage: (message) => this.receive(message),
      onDeath: (death) => this.die(death),
    });
    counts.workersStarted++;
    this.starting = new Deadline(START_TIMEOUT_MS, () => this.lose("start", "the worker did not come up"));
    this.thread.post({ kind: "setup", stopFlag: this.stopFlag });
  }

  get isIdle(): boolean {
    return !this.running && !this.isGone;
  }

  /** Runs a try; resolves however it ends, never rejects. */
  run(what: Try): Promise<Outcome> {
    return new Promise((resolve) => {
      const finish = (outcome: Outcome) => {
        if (this.running !== running) return;
        for (const deadline of running.deadlines) deadline.clear();
        this.running = undefined;
        this.thread.keepAlive(false);
        resolve(outcome);
      };
      const running: Running = {
        ...what,
        finish,
        deadlines: [],
        heartbeat: undefined,
        isPosted: false,
        isStopping: false,
      };
      this.running = running;
      this.thread.keepAlive(true);
      if (this.isReady) this.begin(running);
    });
  }

  /** Asks the task to stop, and ends the worker when it does not within the time of grace. */
  stop(id: number, reason: string, graceMs: number): void {
    const { running } = this;
    if (!running || running.id !== id || running.isStopping) return;
    running.isStopping = true;
    if (!running.isPosted) {
      running.finish({ kind: "stopped" });
      return;
    }
    if (this.stopFlag) Atomics.store(this.stopFlag, 0, id);
    this.thread.post({ kind: "stop", id, reason });
    running.deadlines.push(
      new Deadline(graceMs, () => this.lose("died", "the task did not stop in time, so its worker was ended")),
    );
  }

  /** Ends the worker; a running task is lost. Resolves when the thread is gone. */
  lose(reason: WorkerErrorReason, text: string, cause?: unknown): Promise<void> {
    const terminated = this.thread.terminate();
    this.leave(reason, text, { exitCode: undefined, cause });
    return terminated.catch(() => {});
  }

  /** Ends an idle worker without counting it as lost. */
  async dismiss(): Promise<void> {
    this.isGone = true;
    this.starting.clear();
    await this.thread.terminate();
  }

  private die(death: Death): void {
    const code = death.exitCode === undefined ? "" : ` (exit code ${death.exitCode})`;
    this.leave(this.isReady ? "died" : "start", `the worker ${this.isReady ? "died" : "did not start"}${code}`, death);
  }

  private leave(reason: WorkerErrorReason, text: string, { exitCode, cause }: Death): void {
    if (this.isGone) return;
    this.isGone = true;
    this.starting.clear();
    this.counts.workersDied++;
    this.onGone(this);
    const { running } = this;
    running?.finish(running.isStopping ? { kind: "stopped" } : { kind: "lost", reason, text, exitCode, cause });
  }

  private begin(running: Running): void {
    try {
      this.post(running);
    } catch (error) {
      running.finish({ kind: "error", error });
      return;
    }
    this.watch(running);
  }

  /** @throws DataCloneError where what could be copied may not be sent, as shared memory to another origin. */
  private post(running: Running): void {
    const { task, limits } = running;
    for (const { key, module } of task.programs) {
      if (!this.programs.has(key)) this.thread.post({ kind: "program", key, module });
      this.programs.add(key);
    }
    running.isPosted = true;
    const request = task.request(running.id, running.attempt, limits.heartbeatMs);
    this.thread.post(request, running.isLast ? task.transfer : []);
  }

  private watch(running: Running): void {
    const { timeoutMs, heartbeatMs } = running.limits;
    if (timeoutMs !== undefined) {
      const text = `the task took longer than ${timeoutMs} ms`;
      running.deadlines.push(new Deadline(timeoutMs, () => this.lose("timeout", text)));
    }
    if (heartbeatMs !== undefined) {
      const text = `the worker gave no sign of life for ${heartbeatMs} ms`;
      running.heartbeat = new Deadline(heartbeatMs, () => this.lose("heartbeat", text));
      running.deadlines.push(running.heartbeat);
    }
  }

  private receive(message: FromThread): void {
    if (message.kind === "ready") {
      this.isReady = true;
      this.starting.clear();
      if (this.running) this.begin(this.running);
      return;
    }
    if (message.kind === "fatal") {
      void this.lose("died", "an error in the worker was not caught", reviveError(message.error));
      return;
    }
    if (message.kind === "module-loaded") this.counts.moduleLoads++;
    if (message.kind === "instantiated") this.counts.wasmInstantiations++;
    const { running } = this;
    if (!running || running.id !== message.id) return;
    running.heartbeat?.touch();
    if (message.kind === "message") running.onMessage(message.message);
    else if (message.kind === "result") running.finish({ kind: "value", value: message.value });
    else if (message.kind === "error") this.fail(running, reviveError(message.error));
    else if (message.kind === "no-function") {
      const cause = message.cause && reviveError(message.cause);
      running.finish({ kind: "lost", reason: "module", text: message.text, exitCode: undefined, cause });
    }
  }

  /** A task that was told to stop and says so by throwing has stopped; any other error is its own. */
  private fail(running: Running, error: unknown): void {
    const isAbort = (error as { readonly name?: unknown } | null | undefined)?.name === "AbortError";
    running.finish(running.isStopping && isAbort ? { kind: "stopped" } : { kind: "error", error });
  }
}
