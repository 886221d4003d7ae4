import type { StopSignal } from "@siegert/nuts";

interface AbortSignalLike extends StopSignal {
  addEventListener?(type: "abort", listener: () => void): void;
  removeEventListener?(type: "abort", listener: () => void): void;
}

interface Host {
  readonly AbortController: new () => { readonly signal: StopSignal; abort(): void };
}

/** Stops running tasks when the caller's signal aborts, or the run is given up. */
export class StopSwitch {
  readonly #controller = new (globalThis as unknown as Host).AbortController();
  readonly #outer: AbortSignalLike | undefined;
  readonly #listener = (): void => this.stop();

  constructor(outer: StopSignal | undefined) {
    this.#outer = outer;
    this.#outer?.addEventListener?.("abort", this.#listener);
    this.look();
  }

  get signal(): StopSignal {
    return this.#controller.signal;
  }

  /** Whether the caller stopped the run. */
  get isAborted(): boolean {
    return this.#outer?.aborted ?? false;
  }

  /** Passes on a signal that cannot be listened to. */
  look(): void {
    if (this.isAborted) this.stop();
  }

  stop(): void {
    this.#controller.abort();
  }

  release(): void {
    this.#outer?.removeEventListener?.("abort", this.#listener);
  }
}
