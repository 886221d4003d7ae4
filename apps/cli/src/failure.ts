import { SiegertError } from "@siegert/errors";
import { FitError } from "@siegert/xpcs";
import { CommanderError } from "commander";
import { line, type Streams } from "./terminal/streams.ts";

/** 0: done; 1: the fit failed; 2: the input is wrong. */
export type ExitCode = 0 | 1 | 2;

/** Thrown by a command to end with an exit code after it has said all there is to say. */
export class Exit extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Says what went wrong, on one line for what a user can mend, and gives the exit code. Never a stack trace. */
export function reportFailure(error: unknown, streams: Streams): ExitCode {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof FitError) {
    line(streams.err, `siegert: ${error.message}`);
    return 1;
  }
  if (error instanceof SiegertError) {
    line(streams.err, `siegert: ${error.message}`);
    return 2;
  }
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  line(streams.err, `siegert: internal error: ${message}. Set SIEGERT_DEBUG=1 to see where; please report it.`);
  if (process.env["SIEGERT_DEBUG"] && error instanceof Error) line(streams.err, error.stack);
  return 1;
}
