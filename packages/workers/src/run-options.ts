import { InvalidArgumentError } from "@siegert/errors";

/** Limits of a task; a pool's are the defaults of its tasks. */
export interface TaskLimits {
  /** Milliseconds that one try may take, from the moment that its worker begins. Default: no limit. Never rerun. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds without `heartbeat()` or `report()` after which the worker counts as lost. Default: no limit. */
  readonly heartbeatMs?: number | undefined;
  /** How often the task is run again after its worker died or fell silent. Default 2. */
  readonly retries?: number | undefined;
  /** Milliseconds that a task may go on after it was told to stop; then its worker is ended. Default 5000. */
  readonly graceMs?: number | undefined;
}

/** What a message came with. */
export interface MessageInfo {
  /** Which try it is from, from 1. A rerun begins from the start and sends its messages again. */
  readonly attempt: number;
}

/** How one task is run. */
export interface RunOptions extends TaskLimits {
  /** Takes what the task reports, in order. When it throws, the task is stopped and `run` rejects with that error. */
  readonly onMessage?: ((message: unknown, info: MessageInfo) => void) | undefined;
  /**
   * Buffers and ports inside the argument that are moved, not copied: they are the caller's no longer. The pool keeps
   * what a rerun may need, so only the last try moves them on to the worker; with `retries: 0` nothing is ever copied.
   * What cannot be copied at all, such as a port, makes a task that is not rerun.
   */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Tells the task to stop. It may still return a result within `graceMs`; else `run` rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Limits with defaults filled in. */
export interface ResolvedLimits {
  readonly timeoutMs: number | undefined;
  readonly heartbeatMs: number | undefined;
  readonly retries: number;
  readonly graceMs: number;
}

/** @throws {InvalidArgumentError} for a limit that is none. */
export function resolveLimits(given: TaskLimits, defaults: TaskLimits = {}): ResolvedLimits {
  const timeoutMs = given.timeoutMs ?? defaults.timeoutMs;
  const heartbeatMs = given.heartbeatMs ?? defaults.heartbeatMs;
  const retries = given.retries ?? defaults.retries ?? 2;
  const graceMs = given.graceMs ?? defaults.graceMs ?? 5000;
  if (timeoutMs !== undefined) requirePositive("options.timeoutMs", timeoutMs);
  if (heartbeatMs !== undefined) requirePositive("options.heartbeatMs", heartbeatMs);
  if (!(Number.isSafeInteger(retries) && retries >= 0)) {
    throw new InvalidArgumentError("options.retries", "be an integer of at least 0", retries);
  }
  if (!(graceMs >= 0 && graceMs < Infinity)) {
    throw new InvalidArgumentError("options.graceMs", "be finite and at least 0", graceMs);
  }
  return { timeoutMs, heartbeatMs, retries, graceMs };
}

function requirePositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError(argument, "be positive and finite", value);
}

/** @throws {InvalidArgumentError} unless the value is an integer of at least 1. */
export function requireCount(argument: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(argument, "be an integer of at least 1", value);
}
