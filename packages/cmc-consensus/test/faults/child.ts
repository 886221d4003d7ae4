import { spawn } from "node:child_process";
import { join } from "node:path";

const script = join(import.meta.dirname, "killed-process.ts");

/** How a process ended, and the lines that it printed. */
export interface Ended {
  readonly lines: readonly string[];
  readonly wasKilled: boolean;
}

/** When a process is killed. */
export interface KillMoment {
  /** Lines "done …" that it has printed. */
  readonly shards: number;
  /** Milliseconds after the last of these, or after its first line. */
  readonly delayMs: number;
}

/** Runs the process in a directory, to its end or until it is killed. */
export function runProcess(directory: string, kills: number, moment?: KillMoment): Promise<Ended> {
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
    const done = output.match(/^done /gm)?.length ?? 0;
    if (moment && done >= moment.shards) timer ??= setTimeout(() => child.kill("SIGKILL"), moment.delayMs);
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
