/**
 * What a long run needs from its host: a clock, and turns of the event loop so that a page stays alive and a signal can
 * be seen. Both are looked up by shape: the package needs neither the DOM's nor Node's types.
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
const SLICE_MS = 40;
const PROGRESS_MS = 100;

/** Milliseconds from an arbitrary origin; decides only when to report and yield, never what is drawn. */
function nowMs(): number {
  return host.performance?.now() ?? 0;
}

/** Keeps a loop polite: a turn of the event loop about every 40 ms, a report about every 100 ms. */
export class Turns {
  readonly #begin: number = nowMs();
  #turned: number = this.#begin;
  #reported = -Infinity;

  /** Seconds since the beginning. */
  get seconds(): number {
    return (nowMs() - this.#begin) / 1000;
  }

  /** Whether a turn of the event loop is due. */
  get isDue(): boolean {
    return nowMs() - this.#turned > SLICE_MS;
  }

  /** Whether it is time to report; then the time starts anew. */
  takeReport(): boolean {
    const now = nowMs();
    if (now - this.#reported < PROGRESS_MS) return false;
    this.#reported = now;
    return true;
  }

  /** Lets timers, input and messages have their turn; at once where the host has no timers. */
  async take(): Promise<void> {
    const later = host.setTimeout;
    if (later !== undefined) await new Promise<void>((resolve) => void later(resolve, 0));
    this.#turned = nowMs();
  }
}
