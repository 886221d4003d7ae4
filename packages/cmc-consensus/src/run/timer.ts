interface Host {
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The longest that a host's timer waits. */
const LONGEST_MS = 2 ** 31 - 1;
const host = globalThis as unknown as Host;

/** Calls back once after some milliseconds, however many; gives the way to cancel it. */
export function after(ms: number, callback: () => void): () => void {
  let timer: unknown;
  const wait = (rest: number) => {
    const piece = Math.min(rest, LONGEST_MS);
    timer = host.setTimeout(() => (rest > piece ? wait(rest - piece) : callback()), piece);
  };
  wait(ms);
  return () => host.clearTimeout(timer);
}
