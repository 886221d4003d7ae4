/** Where a run stands. */
export interface TemperingProgress {
  /** Looking for the number of chains, or running the rounds. */
  readonly phase: "chains" | "rounds";
  readonly round: number;
  readonly rounds: number;
  /** Of this round. */
  readonly scan: number;
  readonly scans: number;
  readonly chains: number;
  readonly threads: number;
  /** Guess of the time that the rest of the rounds takes, at this round's pace; undefined before there is one. */
  readonly secondsLeft: number | undefined;
}
