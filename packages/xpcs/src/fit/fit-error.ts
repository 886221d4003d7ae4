import { SiegertError } from "@siegert/errors";

/** A fit that could not be done: the message says why and what to try. */
export class FitError extends SiegertError {
  override readonly name: string = "FitError";
}
