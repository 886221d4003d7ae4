import type { SamplePosteriorOptions } from "@siegert/xpcs";
import type { ProgressLine } from "./progress.ts";

type ChainEvent = Parameters<NonNullable<SamplePosteriorOptions["onProgress"]>>[0];

/** All chains of a sampler on one line: how far each is, divergences, and the time that is left. */
export class ChainProgress {
  readonly #progress: ProgressLine;
  readonly #chains = new Map<number, ChainEvent>();

  constructor(progress: ProgressLine) {
    this.#progress = progress;
  }

  /** Takes in the news of one chain. */
  show(event: ChainEvent): void {
    this.#chains.set(event.chain, event);
    const chains = [...this.#chains.values()].sort((a, b) => a.chain - b.chain);
    const parts = chains.map(({ iteration, iterations, isWarmup }) => {
      const percent = Math.floor((100 * iteration) / iterations);
      return `${percent}%${isWarmup ? "w" : ""}`;
    });
    const divergences = chains.reduce((sum, chain) => sum + chain.divergences, 0);
    const left = Math.max(...chains.map((chain) => chain.secondsLeft));
    const eta = Number.isFinite(left) ? `, about ${left.toFixed(0)} s left` : "";
    this.#progress.show(
      `sampling  chains ${parts.join(" ")}  step ${event.stepSize.toPrecision(2)}  ${divergences} divergences${eta}`,
    );
  }
}
