import { runShardTask } from "../task/run-shard-task.ts";
import type { Executor, ExecutorRunOptions } from "./executor.ts";
import { StopSwitch } from "./stop-switch.ts";
import { TaskLostError } from "./task-lost-error.ts";
import { after } from "./timer.ts";

/**
 * Runs shards one by one on the caller's thread, which stays responsive: long computations give the event loop a turn
 * about every 40 ms. For hosts without threads, and tests. There is nobody to hear a heartbeat, so that limit has no
 * meaning here; a task that takes too long is stopped when it gives the event loop its turn.
 */
export function inProcessExecutor(): Executor {
  let previous: Promise<unknown> = Promise.resolve();
  return {
    size: 1,
    chainThreads: 1,
    run(task, options) {
      const result = previous.then(() => runLimited(task, options));
      previous = result.catch(() => undefined);
      return result;
    },
  };
}

async function runLimited(task: Uint8Array, options: ExecutorRunOptions): Promise<Uint8Array> {
  const { name, timeoutMs, signal, onProgress } = options;
  let isLate = false;
  const stop = new StopSwitch(signal);
  const cancel = after(timeoutMs, () => {
    isLate = true;
    stop.stop();
  });
  try {
    return await runShardTask(task, { signal: stop.signal, report: onProgress });
  } catch (error) {
    if (isLate && !signal.aborted) throw new TaskLostError(name, "timeout", `it took longer than ${timeoutMs} ms`);
    throw error;
  } finally {
    cancel();
    stop.release();
  }
}
