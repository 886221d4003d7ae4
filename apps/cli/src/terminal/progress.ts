import type { FitProgress } from "@siegert/xpcs";
import type { Streams } from "./streams.ts";

/** Redraws at most this often. */
const INTERVAL_MS = 80;

/** One line on a terminal's stderr that is rewritten as the fit goes on; silent when stderr is not a terminal. */
export class ProgressLine {
  readonly #streams: Streams;
  readonly #begin = performance.now();
  #last = -Infinity;
  #isShown = false;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Shows a step of a fit. */
  fit({ stage, attempt, attempts, iteration, cost }: FitProgress): void {
    const what = { start: "fitting", search: "searching", final: "refining" }[stage];
    const of = attempts > 1 ? ` start ${attempt}/${attempts}` : "";
    this.show(`${what}${of}  iteration ${iteration}  cost ${cost.toPrecision(6)}`);
  }

  /** Shows any text. */
  show(text: string): void {
    if (this.#streams.err.isTTY !== true) return;
    const now = performance.now();
    if (now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    const seconds = ((now - this.#begin) / 1000).toFixed(1);
    const width = (this.#streams.err.columns ?? 80) - 1;
    this.#streams.err.write(`\r\x1b[2K${`${seconds} s  ${text}`.slice(0, width)}`);
    this.#isShown = true;
  }

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) this.#streams.err.write("\r\x1b[2K");
    this.#isShown = false;
    this.#last = -Infinity;
  }
}
