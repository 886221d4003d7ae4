import { reportFailure } from "./failure.ts";
import { createProgram } from "./program.ts";
import type { Streams } from "./terminal/streams.ts";

/**
 * Runs the command `siegert`.
 *
 * @param words the command line without the program's name.
 * @returns the exit code: 0 done, 1 the fit failed, 2 the input is wrong.
 */
export async function main(
  words: readonly string[],
  streams: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  try {
    await createProgram(streams).parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    return reportFailure(error, streams);
  }
}
