import { RunStoreError } from "../store/run-store-error.ts";

const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

/** What the system said, as an error of the store. */
export function directoryError(store: string, cause: unknown): RunStoreError {
  if (cause instanceof RunStoreError) return cause;
  const { code, message } = cause as { readonly code?: unknown; readonly message?: string };
  if (FULL.has(code)) {
    return new RunStoreError(store, "full", `no room is left on the disk (${String(code)}); make room and resume`, {
      cause,
    });
  }
  return new RunStoreError(store, "io", `cannot be read or written: ${message}`, { cause });
}

/** Whether a file or folder is not there. */
export function isMissing(cause: unknown): boolean {
  return (cause as { readonly code?: unknown } | null)?.code === "ENOENT";
}
