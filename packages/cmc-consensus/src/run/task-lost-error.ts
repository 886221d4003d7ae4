import { SiegertError } from "@siegert/errors";

/** A task ended without a result although it did not fail by itself. */
export class TaskLostError extends SiegertError {
  override readonly name: string = "TaskLostError";
  readonly task: string;
  readonly reason: "timeout";

  constructor(task: string, reason: "timeout", text: string) {
    super(`task ${JSON.stringify(task)}: ${text}`);
    this.task = task;
    this.reason = reason;
  }
}
