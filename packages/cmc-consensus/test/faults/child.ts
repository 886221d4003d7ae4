import { spawn } from "node:child_process";
import { join } from "node:path";

const script = join(import.meta.dirname, "killed-process.ts");

/** How a process ended, and the lines that it printed. */
export interface Ended {
  readonly lines: readonly string[];
  readonly wasKilled: boolean;
}

/**
 * Runs the process in a directory.
 * @param killAfterMs when it is killed, counted from its first line; undefined: never.
 */
export function runProcess(directory: string, kills: number, killAfterMs?: number): Promise<Ended> {
  const child = spawn(process.execPath, [
    "--conditions=@siegert/source",
    "--no-warnings",
    script,
    directory,
    `${kills}`,
  ]);
  let output = "";
  let errors = "";
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      const wasKilled = signal === "SIGKILL";
      if (wasKilled || code === 0) resolve({ lines: output.trim().split("\n"), wasKilled });
      else reject(new Error(`exit code ${code}\n${errors}`));
    });
  });
}
