import { nodeProcess } from "./node-host.ts";
import type { Pool } from "./pool.ts";

/** How interrupts are handled. */
export interface InterruptOptions {
  /** Which signals. Default SIGINT (Ctrl-C) and SIGTERM. */
  readonly signals?: readonly string[];
  /** Called at the first signal, before the pool closes. */
  readonly onInterrupt?: ((signal: string) => void) | undefined;
  /** Milliseconds that tasks have for saving; then their workers are ended. Default: `graceMs` of each task. */
  readonly graceMs?: number;
}

/**
 * Closes the pool when the process is interrupted: tasks that run see their signal abort, save, and return what they
 * have, and the program goes on with that. A second signal ends the process as if nobody listened. Returns a function
 * that stops listening. In browsers there are no such signals, and nothing is done.
 */
export function stopOnInterrupt(pool: Pool, options: InterruptOptions = {}): () => void {
  const process = nodeProcess();
  if (!process) return () => {};
  const { signals = ["SIGINT", "SIGTERM"], onInterrupt, ...closeOptions } = options;
  const listeners = signals.map((signal) => [signal, () => interrupt(signal)] as const);
  const release = () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
  const interrupt = (signal: string) => {
    if (pool.isClosed) {
      release();
      process.kill(process.pid, signal);
      return;
    }
    onInterrupt?.(signal);
    void pool.close(closeOptions);
  };
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return release;
}
