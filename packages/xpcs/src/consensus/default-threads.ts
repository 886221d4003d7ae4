import { availableParallelism } from "node:os";

/** The cores that the process may use. */
export function defaultThreads(): number {
  return availableParallelism();
}
