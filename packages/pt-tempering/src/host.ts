/**
 * The little that a run needs from its host: a clock, and turns of the event loop. Looked up by shape, so that the
 * package needs neither the DOM's nor Node's types and runs in either.
 */
interface Host {
  readonly setTimeout?: (callback: () => void, delayMs: number) => unknown;
  readonly performance?: { now(): number };
}

const host = globalThis as unknown as Host;

/** What is read of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** Milliseconds from an arbitrary origin; decides only when to report and yield, never what is drawn. */
export function nowMs(): number {
  return host.performance?.now() ?? 0;
}

/** Resolves after timers, input and messages had their turn; at once where the host has no timers. */
export function nextTurn(): Promise<void> {
  const later = host.setTimeout;
  return later === undefined ? Promise.resolve() : new Promise((resolve) => void later(resolve, 0));
}

/** Resolves after so many ms; at once where the host has no timers. */
export function sleep(ms: number): Promise<void> {
  const later = host.setTimeout;
  return later === undefined ? Promise.resolve() : new Promise((resolve) => void later(resolve, ms));
}

const SLICE_MS = 40;
const LOOK_MS = 2;

/** Tells a loop when to let the event loop have a turn: about every 40 ms, at the cost of a decrement per pass. */
export class Pacer {
  #left = 1;
  #stride = 1;
  #looked: number = nowMs();
  #turned: number = nowMs();

  /** Call once per pass; true when a turn is due. */
  isDue(): boolean {
    if (--this.#left > 0) return false;
    const now = nowMs();
    const rate = this.#stride / Math.max(now - this.#looked, 1e-3);
    this.#stride = Math.max(1, Math.min(2 * this.#stride, Math.floor(rate * LOOK_MS)));
    this.#left = this.#stride;
    this.#looked = now;
    return now - this.#turned > SLICE_MS;
  }

  /** Gives the event loop its turn. */
  async turn(): Promise<void> {
    await nextTurn();
    this.#turned = nowMs();
    this.#looked = this.#turned;
  }
}
