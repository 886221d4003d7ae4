import { PoolClosedError } from "./pool-closed-error.ts";
import { type PoolCounts, zeroCounts } from "./pool-counts.ts";
import { type Outcome, PoolWorker } from "./pool-worker.ts";
import { type PreparedTask, prepareTask } from "./prepared-task.ts";
import { ProgramTable } from "./program-table.ts";
import { type ResolvedLimits, type RunOptions, resolveLimits, type TaskLimits } from "./run-options.ts";
import type { Task } from "./task.ts";
import type { StartThread } from "./thread.ts";
import { WorkerError } from "./worker-error.ts";

/** A task between its call and its result. */
interface Job {
  readonly task: PreparedTask;
  readonly limits: ResolvedLimits;
  readonly options: RunOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  /** Where it runs, and under which number. */
  worker: PoolWorker | undefined;
  id: number;
  /** Why it was told to stop. */
  stopReason: { readonly error: unknown } | undefined;
}

/** Gives tasks to workers in the order of the calls, starts workers when needed, reruns what was lost. */
export class Scheduler {
  readonly size: number;
  readonly counts: PoolCounts = zeroCounts();
  private readonly start: StartThread;
  private readonly defaults: TaskLimits;
  private readonly programs = new ProgramTable(this.counts);
  private readonly workers: PoolWorker[] = [];
  private readonly queue: Job[] = [];
  private readonly running = new Map<Job, Promise<void>>();
  private nextId = 0;
  private closing: Promise<void> | undefined;

  constructor(size: number, start: StartThread, defaults: TaskLimits) {
    this.size = size;
    this.start = start;
    this.defaults = defaults;
  }

  get runningTasks(): number {
    return this.running.size;
  }

  get queuedTasks(): number {
    return this.queue.length;
  }

  get isClosed(): boolean {
    return this.closing !== undefined;
  }

  async run(task: Task, options: RunOptions): Promise<unknown> {
    if (this.closing) throw new PoolClosedError();
    const { signal } = options;
    signal?.throwIfAborted();
    const limits = resolveLimits(options, this.defaults);
    const prepared = prepareTask(task, options.transfer ?? [], this.programs);
    const { promise, resolve, reject } = deferred();
    const job: Job = {
      task: prepared,
      limits: prepared.isOnce ? { ...limits, retries: 0 } : limits,
      options,
      resolve,
      reject,
      attempts: 0,
      worker: undefined,
      id: -1,
      stopReason: undefined,
    };
    const onAbort = () => this.stop(job, signal?.reason, limits.graceMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.queue.push(job);
    this.pump();
    try {
      const value = await promise;
      this.counts.tasksRun++;
      return value;
    } catch (error) {
      this.counts.tasksFailed++;
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends a worker as if it had died. Whether there was one. */
  async killWorker(index: number): Promise<boolean> {
    const worker = this.workers[index];
    await worker?.lose("died", "the worker was killed");
    return worker !== undefined;
  }

  close(graceMs: number | undefined): Promise<void> {
    this.closing ??= this.shutDown(graceMs);
    return this.closing;
  }

  private async shutDown(graceMs: number | undefined): Promise<void> {
    for (const job of this.queue.splice(0)) job.reject(new PoolClosedError());
    for (const job of this.running.keys()) this.stop(job, new PoolClosedError(), graceMs ?? job.limits.graceMs);
    await Promise.all(this.running.values());
    await Promise.all(this.workers.splice(0).map((worker) => worker.dismiss()));
  }

  private stop(job: Job, error: unknown, graceMs: number): void {
    job.stopReason ??= { error };
    const at = this.queue.indexOf(job);
    if (at >= 0) this.queue.splice(at, 1);
    if (job.worker) job.worker.stop(job.id, error instanceof Error ? error.message : String(error), graceMs);
    else job.reject(job.stopReason.error);
  }

  private pump(): void {
    while (this.queue.length > 0 && this.running.size < this.size) {
      const job = this.queue.shift()!;
      const served = this.serve(job).finally(() => {
        this.running.delete(job);
        this.pump();
      });
      this.running.set(job, served);
      this.counts.peakRunning = Math.max(this.counts.peakRunning, this.running.size);
    }
  }

  /** Runs a job until it is settled, on as many workers as it takes. */
  private async serve(job: Job): Promise<void> {
    for (;;) {
      const outcome = await this.tryOnce(job);
      job.worker = undefined;
      // A stopped task that returns has saved what it had; one that throws an error of its own says why it could not.
      if (outcome.kind === "value") return job.resolve(outcome.value);
      if (outcome.kind === "error") return job.reject(outcome.error);
      if (outcome.kind === "stopped" || job.stopReason) return job.reject(job.stopReason?.error);
      const isRerun = ["start", "died", "heartbeat"].includes(outcome.reason) && job.attempts <= job.limits.retries;
      if (!isRerun) {
        return job.reject(new WorkerError({ ...outcome, task: job.task.name, attempts: job.attempts }));
      }
      this.counts.reruns++;
    }
  }

  private async tryOnce(job: Job): Promise<Outcome> {
    job.attempts++;
    const attempt = job.attempts;
    try {
      job.worker = this.idleWorker();
    } catch (cause) {
      return { kind: "lost", reason: "start", text: "no worker could be started", exitCode: undefined, cause };
    }
    job.id = this.nextId++;
    return job.worker.run({
      id: job.id,
      attempt,
      task: job.task,
      limits: job.limits,
      isLast: attempt > job.limits.retries,
      onMessage: (message) => this.deliver(job, message, attempt),
    });
  }

  private deliver(job: Job, message: unknown, attempt: number): void {
    try {
      job.options.onMessage?.(message, { attempt });
    } catch (error) {
      job.reject(error);
      this.stop(job, error, job.limits.graceMs);
    }
  }

  private idleWorker(): PoolWorker {
    const idle = this.workers.find((worker) => worker.isIdle);
    if (idle) return idle;
    const worker = new PoolWorker(this.start, this.counts, (gone) => this.forget(gone));
    this.workers.push(worker);
    return worker;
  }

  private forget(worker: PoolWorker): void {
    const at = this.workers.indexOf(worker);
    if (at >= 0) this.workers.splice(at, 1);
  }
}

function deferred() {
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<unknown>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
