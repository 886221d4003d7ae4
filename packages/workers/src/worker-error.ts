import { SiegertError } from "@siegert/errors";

/**
 * Why a task has no result although its function did not throw:
 * "start" the worker did not come up, "died" it ended, "heartbeat" it fell silent, "timeout" the task took too long,
 * "module" the task's function could not be loaded.
 */
export type WorkerErrorReason = "start" | "died" | "heartbeat" | "timeout" | "module";

/** What `WorkerError` tells. */
export interface WorkerErrorFields {
  readonly task: string;
  readonly reason: WorkerErrorReason;
  /** What happened, as one sentence. */
  readonly text: string;
  readonly attempts: number;
  readonly exitCode?: number | undefined;
  readonly cause?: unknown;
}

/** A task was lost together with its worker, more often than it may be rerun, or could not be loaded. */
export class WorkerError extends SiegertError {
  override readonly name: string = "WorkerError";
  /** The task's name. */
  readonly task: string;
  readonly reason: WorkerErrorReason;
  /** How often it was tried. */
  readonly attempts: number;
  /** Exit code of the last worker, in Node. */
  readonly exitCode: number | undefined;

  constructor({ task, reason, text, attempts, exitCode, cause }: WorkerErrorFields) {
    const because = cause instanceof Error ? `: ${cause.message}` : "";
    const tries = attempts > 1 ? ` in the last of ${attempts} attempts` : "";
    super(`task ${JSON.stringify(task)}: ${text}${tries}${because}`);
    if (cause !== undefined) this.cause = cause;
    this.task = task;
    this.reason = reason;
    this.attempts = attempts;
    this.exitCode = exitCode;
  }
}
