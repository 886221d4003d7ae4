/** Time between a deadline and the decision that it was missed: messages that wait in the queue are read meanwhile. */
const SECOND_LOOK_MS = 25;

/** The longest that a host's timer waits; a longer deadline is waited for in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `expire` when `touch` was not called for `ms` milliseconds. When this thread itself was busy past the deadline,
 * signs of life may wait unread: it looks a second time before it decides.
 */
export class Deadline {
  private readonly ms: number;
  private readonly expire: () => void;
  private timer: ReturnType<typeof setTimeout>;
  private touchedAt = performance.now();
  private isSecondLook = false;

  constructor(ms: number, expire: () => void) {
    this.ms = ms;
    this.expire = expire;
    this.timer = setTimeout(() => this.look(), Math.min(ms, LONGEST_TIMER_MS));
  }

  /** Counts from now again. */
  touch(): void {
    this.touchedAt = performance.now();
    this.isSecondLook = false;
  }

  clear(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const remaining = this.ms - (performance.now() - this.touchedAt);
    if (remaining <= 0 && this.isSecondLook) {
      this.expire();
      return;
    }
    this.isSecondLook = remaining <= 0;
    const waitMs = this.isSecondLook ? SECOND_LOOK_MS : Math.min(Math.ceil(remaining), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => this.look(), waitMs);
  }
}
