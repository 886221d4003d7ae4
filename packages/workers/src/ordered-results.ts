import { LinkedAbort } from "./linked-abort.ts";
import { type Run, type RunAllOptions, taskOptions } from "./run-all.ts";
import type { Task } from "./task.ts";

/**
 * `Pool.map`. One part reads the source and hands tasks over, the other gives results to the consumer; they meet at a
 * list of results to come, which never holds more than `limit`.
 */
export async function* mapInOrder<Result>(
  run: Run,
  limit: number,
  tasks: Iterable<Task> | AsyncIterable<Task>,
  options: RunAllOptions = {},
): AsyncGenerator<Result, void, undefined> {
  const link = new LinkedAbort(options.signal);
  const coming: Promise<Result>[] = [];
  const changed = new Bell();
  const isOver = { read: false, taken: false };
  const hand = async (task: Task, index: number) => {
    const result = await run<Result>(task, { ...taskOptions(options, index), signal: link.signal });
    options.onResult?.(result, index);
    return result;
  };
  const read = async () => {
    let index = 0;
    for await (const task of tasks) {
      if (isOver.taken) return;
      const result = hand(task, index++);
      // Rethrown when its turn comes; until then it must not count as unhandled.
      result.catch(() => {});
      coming.push(result);
      changed.ring();
      while (coming.length >= limit && !isOver.taken) await changed.next();
      if (isOver.taken) return;
    }
  };
  const reading = read().finally(() => {
    isOver.read = true;
    changed.ring();
  });
  reading.catch(() => {});
  try {
    while (!isOver.read || coming.length > 0) {
      if (coming.length === 0) await changed.next();
      if (coming.length === 0) continue;
      const result = await coming[0]!;
      coming.shift();
      changed.ring();
      yield result;
    }
    await reading;
  } finally {
    isOver.taken = true;
    changed.ring();
    link.abort(new DOMException("the results are no longer wanted", "AbortError"));
    link.release();
  }
}

/** Wakes all who wait. */
class Bell {
  private waiting: (() => void)[] = [];

  ring(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
