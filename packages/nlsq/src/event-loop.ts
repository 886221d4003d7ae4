/**
 * The little that a long fit needs from its host: a clock, and a turn of the event loop. Both are looked up by shape,
 * so that the package needs neither the DOM's nor Node's types and runs in either.
 */

/** What is read of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
}

interface Host {
  readonly setTimeout?: (callback: () => void, delayMs: number) => unknown;
  readonly performance?: { now(): number };
}

const host = globalThis as unknown as Host;

/** Milliseconds from an arbitrary origin; decides only when to yield, never what is computed. */
export function nowMs(): number {
  return host.performance?.now() ?? 0;
}

/** Resolves after timers, input and messages had their turn; at once where the host has no timers. */
export function nextTurn(): Promise<void> {
  const later = host.setTimeout;
  return later === undefined ? Promise.resolve() : new Promise((resolve) => void later(resolve, 0));
}
