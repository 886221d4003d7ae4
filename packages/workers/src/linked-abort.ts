/** A signal that aborts when another does, or when told to. `AbortSignal.any` with a release. */
export class LinkedAbort {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly follow = () => this.controller.abort(this.outer?.reason);

  constructor(outer: AbortSignal | undefined) {
    this.outer = outer;
    if (outer?.aborted) this.follow();
    else outer?.addEventListener("abort", this.follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.controller.abort(reason);
  }

  release(): void {
    this.outer?.removeEventListener("abort", this.follow);
  }
}
