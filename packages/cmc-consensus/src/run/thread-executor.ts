import { InvalidArgumentError } from "@siegert/errors";
import type { Pool } from "@siegert/workers";
import { shardTaskAddress } from "../shard-task-address.ts";
import type { ShardProgress } from "../task/run-shard-task.ts";
import type { Executor } from "./executor.ts";

/** What threads run shards. */
export interface ThreadExecutorOptions {
  /** Default: the cores that the process may use, or as many as there are shards. */
  readonly threads?: number;
  /** How many shards there are, when that is known. */
  readonly shards?: number;
  /**
   * Threads for the chains of one shard, when the chain method is "parallel". Default: the cores that are left over,
   * divided among the shards that run at once.
   */
  readonly chainThreads?: number;
  /** How often a shard is run again after its worker died or fell silent. Default 5. */
  readonly reruns?: number;
  /** Starts a worker that calls `serveTasks` of @siegert/workers with the module `siegert-shard`, for bundles. */
  readonly createWorker?: () => object;
}

/** How a pool runs shards. */
export interface PoolExecutorOptions {
  /** As of `threadExecutor`. Default 5. */
  readonly reruns?: number;
  /** Threads for the chains of one shard. Default 1. */
  readonly chainThreads?: number;
  /** Name or address of the module with `runShardTask` as the worker's task `run`. Default: this package's. */
  readonly module?: string;
}

/** Runs shards on a pool of @siegert/workers, which stays the caller's to close. */
export function poolExecutor(pool: Pool, options: PoolExecutorOptions = {}): Executor {
  const { reruns = 5, chainThreads = 1, module = shardTaskAddress() } = options;
  requireCount("options.reruns", reruns, 0);
  requireCount("options.chainThreads", chainThreads, 1);
  return {
    size: pool.size,
    chainThreads,
    run: (task, { name, timeoutMs, heartbeatMs, signal, onProgress }) =>
      pool.run<Uint8Array>(
        { module, argument: task, name },
        {
          timeoutMs,
          heartbeatMs,
          retries: reruns,
          // Declared by its shape in this package; it is a real AbortSignal where it comes from.
          signal: signal as never,
          onMessage: (message) => onProgress(message as ShardProgress),
        },
      ),
  };
}

/**
 * Runs shards on threads: worker threads in Node, Web Workers in browsers. Close it when it is done.
 * @throws {InvalidArgumentError} for options that are none.
 */
export async function threadExecutor(options: ThreadExecutorOptions = {}): Promise<Executor> {
  const { shards = Infinity, reruns = 5, createWorker } = options;
  // Loaded when it is needed, so that a run without threads does without.
  const { createPool } = await import("@siegert/workers");
  const cores = createPool().size;
  const threads = options.threads ?? Math.min(cores, shards);
  const pool = createPool({ size: threads, createWorker });
  const chainThreads = options.chainThreads ?? Math.max(1, Math.floor(cores / pool.size));
  const module = createWorker && "siegert-shard";
  const executor = poolExecutor(pool, { reruns, chainThreads, ...(module && { module }) });
  return { ...executor, close: () => pool.close() };
}

function requireCount(argument: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InvalidArgumentError(argument, `be an integer of at least ${least}`, value);
}
