import { SiegertError } from "@siegert/errors";
import type { Consensus } from "./combine/consensus.ts";
import type { ConsensusCheck } from "./consensus-checks.ts";
import type { ShardRun } from "./run/shard-run.ts";

/** A posterior put together from the posteriors of its shards. */
export interface ConsensusRun {
  /** "aborted" when the signal stopped it; then there is no consensus, and the store has what was finished. */
  readonly status: "complete" | "aborted";
  /** Draws of the full posterior, and how they were made; undefined when aborted. */
  readonly consensus: Consensus | undefined;
  /** Plan, reports, draws, events and warnings of the shards. */
  readonly shardRun: ShardRun;
  /** What was checked of the whole, and how it came out. */
  readonly checks: readonly ConsensusCheck[];
}

/** In strict mode: a check of the whole failed. Nothing is lost: `run` is the run. */
export class ConsensusCheckError extends SiegertError {
  override readonly name: string = "ConsensusCheckError";
  readonly failed: readonly ConsensusCheck[];
  readonly run: ConsensusRun;

  constructor(failed: readonly ConsensusCheck[], run: ConsensusRun) {
    super(failed.map(({ message }) => message).join(" "));
    this.failed = failed;
    this.run = run;
  }
}
