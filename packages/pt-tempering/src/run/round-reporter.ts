import { nowMs } from "../host.ts";
import type { TemperingProgress } from "./progress.ts";

const PROGRESS_MS = 100;

/** Tells of a round's progress about ten times a second, and at its end. */
export class RoundReporter {
  readonly #onProgress: ((progress: TemperingProgress) => void) | undefined;
  readonly #round: Omit<TemperingProgress, "scan" | "secondsLeft">;
  readonly #started: number;
  #told: number;

  constructor(
    onProgress: ((progress: TemperingProgress) => void) | undefined,
    round: Omit<TemperingProgress, "scan" | "secondsLeft">,
  ) {
    this.#onProgress = onProgress;
    this.#round = round;
    this.#started = nowMs();
    this.#told = this.#started;
  }

  /** So many scans are done. */
  tell(scan: number): void {
    const now = nowMs();
    if (!this.#onProgress || now - this.#told < PROGRESS_MS) return;
    this.#told = now;
    this.#report(scan, now);
  }

  /** The round is done. */
  finish(): void {
    this.#report(this.#round.scans, nowMs());
  }

  #report(scan: number, now: number): void {
    const { round, rounds } = this.#round;
    const perScan = (now - this.#started) / 1000 / scan;
    const left = 2 ** (rounds + 1) - 2 ** (round + 1) - scan;
    this.#onProgress?.({ ...this.#round, scan, secondsLeft: scan > 0 ? perScan * left : undefined });
  }
}
