import { SiegertError } from "@siegert/errors";

/** The pool was closed before the task had a result. */
export class PoolClosedError extends SiegertError {
  override readonly name: string = "PoolClosedError";

  constructor() {
    super("the pool is closed: it takes no tasks, and those that had not finished were stopped");
  }
}
