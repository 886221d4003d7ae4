import { runShardTask } from "./task/run-shard-task.ts";

/** What is used of a worker's context. */
interface Context {
  readonly signal: { readonly aborted: boolean };
  report(message: unknown): void;
}

/** The task that workers run. */
export async function run(bytes: Uint8Array, context: Context): Promise<{ value: Uint8Array; transfer: unknown[] }> {
  const value = await runShardTask(bytes, {
    signal: context.signal,
    report: (progress) => context.report(progress),
  });
  return { value, transfer: [value.buffer] };
}
