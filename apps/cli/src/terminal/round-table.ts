import { type RoundSummary, roundRows, type TemperingProgress } from "@siegert/pt-tempering";
import type { ProgressLine } from "./progress.ts";
import { line } from "./streams.ts";

const COLUMNS = [
  ["round", 5],
  ["scans", 8],
  ["chains", 6],
  ["restarts", 8],
  ["trips", 7],
  ["Λ", 7],
  ["time (s)", 9],
  ["log Z", 12],
  ["±", 9],
  ["min α", 6],
  ["mean α", 6],
  ["max |ρ|", 7],
  ["mean |ρ|", 8],
] as const;

/** The table of rounds, a line as each is complete, and how far the running one is. */
export class RoundTable {
  readonly #out: NodeJS.WritableStream;
  readonly #progress: ProgressLine;
  readonly #logReference: number;
  #hasHeading = false;

  /** @param logReference added to log Z, so that it is relative to counting measure. */
  constructor(out: NodeJS.WritableStream, progress: ProgressLine, logReference: number) {
    this.#out = out;
    this.#progress = progress;
    this.#logReference = logReference;
  }

  progress({ phase, round, rounds, scan, scans, chains, secondsLeft }: TemperingProgress): void {
    const left = secondsLeft === undefined ? "" : `  about ${secondsLeft.toFixed(0)} s left`;
    const what =
      phase === "chains" ? `looking for the number of chains, ${chains} now` : `round ${round + 1}/${rounds}`;
    this.#progress.show(`${what}  scan ${scan}/${scans}${left}`);
  }

  round(summary: RoundSummary): void {
    this.#progress.clear();
    if (!this.#hasHeading) line(this.#out, row(COLUMNS.map(([heading]) => heading)));
    this.#hasHeading = true;
    const [one] = roundRows({ rounds: [summary], tallies: [] });
    const shown = (value: number | undefined, digits: number) => (value === undefined ? "-" : value.toFixed(digits));
    const { round, scans, chains, restarts, roundTrips, barrier, seconds, logZ, logZError } = one!;
    line(
      this.#out,
      row([
        String(round),
        String(scans),
        String(chains),
        String(restarts),
        String(roundTrips),
        shown(barrier, 3),
        shown(seconds, 3),
        shown(logZ === undefined ? undefined : logZ + this.#logReference, 4),
        shown(logZError, 4),
        shown(one!.minAcceptance, 2),
        shown(one!.meanAcceptance, 2),
        shown(one!.maxStepCorrelation, 2),
        shown(one!.meanStepCorrelation, 2),
      ]),
    );
  }
}

function row(cells: readonly string[]): string {
  return cells.map((cell, k) => cell.padStart(COLUMNS[k]![1])).join("  ");
}
