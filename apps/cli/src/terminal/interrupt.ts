/** A signal that the user's Ctrl-C aborts. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back. */
  release(): void;
}

/** The first Ctrl-C aborts the signal, so that what is done can be saved; a second one ends the process. */
export function stopOnInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    process.removeListener("SIGINT", listener);
    onFirst();
    controller.abort();
  };
  process.on("SIGINT", listener);
  return { signal: controller.signal, release: () => void process.removeListener("SIGINT", listener) };
}
