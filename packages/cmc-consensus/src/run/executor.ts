import type { StopSignal } from "@siegert/nuts";
import type { ShardProgress } from "../task/run-shard-task.ts";

/** How one task is run. */
export interface ExecutorRunOptions {
  /** For messages. */
  readonly name: string;
  /** Milliseconds that the task may take from when it begins; then the executor rejects. */
  readonly timeoutMs: number;
  /** Milliseconds without a sign of life after which its worker counts as lost. */
  readonly heartbeatMs: number;
  /** Tells the task to stop: the executor then rejects, with whatever error. An AbortSignal. */
  readonly signal: StopSignal;
  /** Takes what the task reports. */
  readonly onProgress: (progress: ShardProgress) => void;
}

/**
 * Runs shards, here or elsewhere: takes the bytes of a task, hands them to `runShardTask` on whatever machine, and gives
 * the bytes that it returns. Results do not depend on which executor runs them, nor on the order of their completion.
 *
 * A rejection means that the shard failed. Its error may say why in a field `reason`: "timeout" when it took too long,
 * "heartbeat" or "died" when its worker was lost more often than the executor runs a task again.
 */
export interface Executor {
  /** Most tasks that run at once. */
  readonly size: number;
  /** Threads that the chains of one shard may have beside. Default 1. */
  readonly chainThreads?: number;
  run(task: Uint8Array, options: ExecutorRunOptions): Promise<Uint8Array>;
  /** Ends its workers. */
  close?(): Promise<void>;
}
