import { SiegertError } from "@siegert/errors";

/**
 * - `locked`: another process works on the run;
 * - `changed`: the run was begun with other data or settings;
 * - `not-empty`: there is a run, and it should not be gone on with;
 * - `full`: no room is left to write;
 * - `damaged`: what describes the run cannot be read;
 * - `io`: the system refused to read or write.
 */
export type RunStoreReason = "locked" | "changed" | "not-empty" | "full" | "damaged" | "io";

/** What differs between a saved run and the one asked for. */
export interface RunDifference {
  /** Such as `config.seed`. */
  readonly what: string;
  readonly saved: unknown;
  readonly asked: unknown;
}

/** A saved run cannot be used. */
export class RunStoreError extends SiegertError {
  override readonly name: string = "RunStoreError";
  readonly reason: RunStoreReason;
  /** Name of the store, such as its folder. */
  readonly store: string;
  /** For `changed`. */
  readonly differences: readonly RunDifference[];

  constructor(
    store: string,
    reason: RunStoreReason,
    text: string,
    options: { readonly cause?: unknown; readonly differences?: readonly RunDifference[] } = {},
  ) {
    super(`${store}: ${text}`, { cause: options.cause });
    this.store = store;
    this.reason = reason;
    this.differences = options.differences ?? [];
  }
}
