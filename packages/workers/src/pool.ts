import { InvalidArgumentError } from "@siegert/errors";
import { browserThreads, watchWebWorker } from "./browser-thread.ts";
import { inProcessThreads } from "./in-process-thread.ts";
import { availableParallelism, type NodeWorker, workerThreads } from "./node-host.ts";
import { nodeThreads, watchNodeWorker } from "./node-thread.ts";
import { mapInOrder } from "./ordered-results.ts";
import type { PoolCounts } from "./pool-counts.ts";
import { type RunAllOptions, runAll, runAllSettled } from "./run-all.ts";
import { type RunOptions, requireCount, resolveLimits, type TaskLimits } from "./run-options.ts";
import { Scheduler } from "./scheduler.ts";
import type { Task } from "./task.ts";
import type { StartThread } from "./thread.ts";

/** What a pool has done so far, and what it does now. */
export interface PoolStatistics extends Readonly<PoolCounts> {
  /** Tasks on workers now. */
  readonly running: number;
  /** Tasks waiting for a worker now. */
  readonly queued: number;
}

/** How a pool is made; the limits are the defaults of its tasks. */
export interface PoolOptions extends TaskLimits {
  /** Most tasks that run at once, each on a worker of its own. Default: the cores that the process may use. */
  readonly size?: number | undefined;
  /** Most tasks of one `map`, `runAll` or `runAllSettled` that are read and not yet done. Default: four times the size. */
  readonly limit?: number | undefined;
  /** Starts a worker that calls `serveTasks`: a Web Worker, or a Worker of `node:worker_threads`. Default: this package's. */
  readonly createWorker?: (() => object) | undefined;
}

/** Runs tasks, on threads or in process. */
export interface Pool {
  /**
   * Runs one task and gives its result; waits for a free worker in the order of the calls.
   * What the task's function throws is rethrown with message, name, stack and fields.
   * @throws {InvalidArgumentError} for a task or an option that is none.
   * @throws {UnserialisableError} when the argument, a message or the result cannot travel.
   * @throws {WorkerError} when the task was lost with its worker once too often, took too long or cannot be loaded.
   * @throws {PoolClosedError} when the pool is closed.
   * @throws the signal's reason, when it aborts and the task gives no result.
   */
  run<Result>(task: Task, options?: RunOptions): Promise<Result>;
  /**
   * Runs many tasks and gives their results in the order of the tasks. The first task that fails stops the others.
   * @throws as `run`.
   */
  runAll<Result>(tasks: readonly Task[], options?: RunAllOptions): Promise<Result[]>;
  /** As `runAll`, but goes on when a task fails, and tells of each how it ended. Never rejects for a task. */
  runAllSettled<Result>(tasks: readonly Task[], options?: RunAllOptions): Promise<PromiseSettledResult<Result>[]>;
  /**
   * Runs tasks that are read from a source as fast as workers finish and results are taken, never more than `limit`
   * ahead. Results come in the order of the tasks. Leaving the loop stops what still runs.
   * @throws as `run`, and what the source throws.
   */
  map<Result>(
    tasks: Iterable<Task> | AsyncIterable<Task>,
    options?: RunAllOptions,
  ): AsyncGenerator<Result, void, undefined>;
  /** Most tasks that run at once. */
  readonly size: number;
  /** Most tasks of one `map` that are read and not yet done. */
  readonly limit: number;
  /** Counts at this moment. */
  readonly statistics: PoolStatistics;
  /** Whether `close` was called. */
  readonly isClosed: boolean;
  /**
   * Takes no more tasks, rejects those that wait, tells those that run to stop, and ends each worker when its task has
   * returned or after `graceMs` (default: that of the task). Resolves when all workers are gone; never rejects.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  /**
   * Ends a worker as if it had died, for tests of recovery: its task is rerun. Workers are numbered from 0 by age.
   * Resolves to whether there was such a worker.
   */
  killWorker(index: number): Promise<boolean>;
}

/**
 * A pool of threads: `node:worker_threads` in Node, Web Workers in browsers. Threads start when they are needed, are
 * kept for further tasks, and do not keep a Node process alive while they are idle.
 * @throws {InvalidArgumentError} for an option that is none.
 */
export function createPool(options: PoolOptions = {}): Pool {
  return poolOf(options, options.size ?? availableParallelism(), options.createWorker ?? hostThreads());
}

/** What an executor without threads takes. */
export type InProcessOptions = Omit<PoolOptions, "createWorker">;

/**
 * The interface of a pool without threads: tasks run on the caller's, arguments and results are cloned just the same.
 * For tests, and hosts without workers. A task that never awaits cannot be interrupted: its timeout, heartbeat and
 * signal act when it awaits `context.nextTurn()`. The default size is 1.
 * @throws {InvalidArgumentError} for an option that is none.
 */
export function createInProcessExecutor(options: InProcessOptions = {}): Pool {
  return poolOf(options, options.size ?? 1, inProcessThreads);
}

function hostThreads(): StartThread {
  const node = workerThreads();
  return node ? nodeThreads(node) : browserThreads();
}

function poolOf(options: PoolOptions, wantedSize: number, threads: StartThread | (() => object)): Pool {
  const size = requireCount("options.size", wantedSize);
  const limit = requireCount("options.limit", options.limit ?? 4 * size);
  resolveLimits(options);
  if (options.createWorker !== undefined && typeof options.createWorker !== "function") {
    throw new InvalidArgumentError("options.createWorker", "be a function", options.createWorker);
  }
  const start = options.createWorker ? customThreads(options.createWorker) : (threads as StartThread);
  const scheduler = new Scheduler(size, start, options);
  const run: Pool["run"] = <Result>(task: Task, runOptions: RunOptions = {}) =>
    scheduler.run(task, runOptions) as Promise<Result>;
  return {
    size,
    limit,
    run,
    runAll: (tasks, runOptions) => runAll(run, limit, tasks, runOptions),
    runAllSettled: (tasks, runOptions) => runAllSettled(run, limit, tasks, runOptions),
    map: (tasks, runOptions) => mapInOrder(run, limit, tasks, runOptions),
    get statistics() {
      return { ...scheduler.counts, running: scheduler.runningTasks, queued: scheduler.queuedTasks };
    },
    get isClosed() {
      return scheduler.isClosed;
    },
    close: ({ graceMs } = {}) => scheduler.close(graceMs),
    killWorker: (index) => scheduler.killWorker(index),
  };
}

function customThreads(createWorker: () => object): StartThread {
  return (listener) => {
    const worker = createWorker();
    if ("addEventListener" in worker && !("ref" in worker)) return watchWebWorker(worker as Worker, listener);
    return watchNodeWorker(worker as NodeWorker, listener);
  };
}
