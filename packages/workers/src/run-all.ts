import { InvalidArgumentError } from "@siegert/errors";
import { LinkedAbort } from "./linked-abort.ts";
import type { MessageInfo, RunOptions } from "./run-options.ts";
import type { Task } from "./task.ts";

/** How many tasks are run. */
export interface RunAllOptions extends Omit<RunOptions, "onMessage" | "transfer"> {
  /** Begin with the tasks of the largest `cost`, so that no long one is left for the end. Not for `map`. Default false. */
  readonly longestFirst?: boolean | undefined;
  /** Takes what tasks report; `index` counts the tasks from 0. */
  readonly onMessage?: ((message: unknown, info: MessageInfo & { readonly index: number }) => void) | undefined;
  /** Takes results as they come, in no fixed order. When it throws, all is stopped and the call rejects with that. */
  readonly onResult?: ((result: unknown, index: number) => void) | undefined;
}

/** `Pool.run`. */
export type Run = <Result>(task: Task, options?: RunOptions) => Promise<Result>;

/** `Pool.runAll`. */
export async function runAll<Result>(
  run: Run,
  limit: number,
  tasks: readonly Task[],
  options: RunAllOptions = {},
): Promise<Result[]> {
  const results: Result[] = [];
  await runEach<Result>(run, limit, tasks, options, (outcome, index) => {
    if (outcome.status === "rejected") throw outcome.reason;
    results[index] = outcome.value;
    options.onResult?.(outcome.value, index);
  });
  return results;
}

/** `Pool.runAllSettled`. */
export async function runAllSettled<Result>(
  run: Run,
  limit: number,
  tasks: readonly Task[],
  options: RunAllOptions = {},
): Promise<PromiseSettledResult<Result>[]> {
  const outcomes: PromiseSettledResult<Result>[] = [];
  await runEach<Result>(run, limit, tasks, options, (outcome, index) => {
    outcomes[index] = outcome;
    if (outcome.status === "fulfilled") options.onResult?.(outcome.value, index);
  });
  return outcomes;
}

/** Runs all and tells how each ended; when `onSettled` throws, what still runs is stopped and the error rethrown. */
async function runEach<Result>(
  run: Run,
  limit: number,
  tasks: readonly Task[],
  options: RunAllOptions,
  onSettled: (outcome: PromiseSettledResult<Result>, index: number) => void,
): Promise<void> {
  const order = startingOrder(tasks, options.longestFirst ?? false);
  const link = new LinkedAbort(options.signal);
  let failure: { readonly error: unknown } | undefined;
  const settle = (outcome: PromiseSettledResult<Result>, index: number) => {
    if (failure) return;
    try {
      onSettled(outcome, index);
    } catch (error) {
      failure = { error };
      link.abort(error);
    }
  };
  await inLanes(order, limit, async (index) => {
    try {
      const value = await run<Result>(tasks[index]!, { ...taskOptions(options, index), signal: link.signal });
      settle({ status: "fulfilled", value }, index);
    } catch (reason) {
      settle({ status: "rejected", reason }, index);
    }
  });
  link.release();
  if (failure) throw failure.error;
}

/** Options of one of many tasks. */
export function taskOptions(options: RunAllOptions, index: number): RunOptions {
  const { longestFirst: _longestFirst, onResult: _onResult, onMessage, signal: _signal, ...limits } = options;
  if (!onMessage) return limits;
  return { ...limits, onMessage: (message, info) => onMessage(message, { ...info, index }) };
}

/** Indices of the tasks in the order in which they begin; equal costs keep the order of the tasks. */
function startingOrder(tasks: readonly Task[], isLongestFirst: boolean): number[] {
  if (!Array.isArray(tasks)) throw new InvalidArgumentError("tasks", "be an array", tasks);
  const order = tasks.map((_, index) => index);
  if (!isLongestFirst) return order;
  const costs = tasks.map((task, index) => {
    const cost = task.cost ?? 0;
    if (!Number.isFinite(cost)) throw new InvalidArgumentError(`tasks[${index}].cost`, "be finite", cost);
    return cost;
  });
  return order.sort((a, b) => costs[b]! - costs[a]! || a - b);
}

/** Calls `work` for every index, at most `limit` at a time. */
async function inLanes(order: readonly number[], limit: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < order.length) await work(order[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(limit, order.length) }, lane));
}
