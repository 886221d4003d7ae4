import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Which process, on which machine. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it began, in the system's own count, where the system tells: a number of a process is used again. */
  readonly begun: string | undefined;
}

/** The process that asks. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), begun: lookAt(process.pid)?.begun };
}

/**
 * Whether a process is still there; "elsewhere" for one of another machine, of which nothing can be known. A process
 * that is dead and not yet buried by its parent is not there.
 */
export function whereabouts({ pid, host, begun }: ProcessIdentity): "here" | "gone" | "elsewhere" {
  if (host !== hostname()) return "elsewhere";
  const found = lookAt(pid);
  if (found) return found.isZombie || (begun !== undefined && found.begun !== begun) ? "gone" : "here";
  try {
    process.kill(pid, 0);
    return "here";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "here" : "gone";
  }
}

/** What Linux says of a process; undefined for one that is not there, and on other systems. */
function lookAt(pid: number): { readonly isZombie: boolean; readonly begun: string } | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program stands in parentheses and may hold anything; fields are counted from after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isZombie: fields[0] === "Z" || fields[0] === "X", begun: `${boot} ${fields[19]}` };
  } catch {
    return undefined;
  }
}
