import type { ShardState } from "./shard-report.ts";

/** What happens to a shard. Told when its state changes and, while it runs, a few times a second. */
export interface ShardEvent {
  readonly shard: number;
  readonly points: number;
  /** Its state, or `reused` when its draws were there from before. */
  readonly state: ShardState | "reused";
  /** Share of its transitions that are done. */
  readonly fraction: number;
  /** Divergent transitions: so far, warmup included, while it runs; after warmup once it is done. */
  readonly divergences: number;
  /** Once it is done. */
  readonly rhat: number | undefined;
  /** Smallest bulk effective sample size of its coordinates, once it is done. */
  readonly ess: number | undefined;
  /** Guess of the seconds that it needs until it is done; 0 when it is. */
  readonly secondsLeft: number;
  /** What is doubtful, why it failed, or what was found damaged; empty when there is nothing to say. */
  readonly message: string;
  /** Shards that are neither queued nor running, of how many. */
  readonly finished: number;
  readonly shards: number;
  /** Guess of the seconds until all are; Infinity when nothing is known yet. */
  readonly runSecondsLeft: number;
}
