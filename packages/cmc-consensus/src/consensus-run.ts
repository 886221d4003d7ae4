import { SiegertError } from "@siegert/errors";
import type { Consensus } from "./combine/consensus.ts";
import type { ConsensusCheck } from "./consensus-checks.ts";
import type { ConsensusAssessment } from "./honesty/assessment.ts";
import type { Correction } from "./honesty/correct.ts";
import type { ShardRun } from "./run/shard-run.ts";

/** A posterior put together from the posteriors of its shards. */
export interface ConsensusRun {
  /** "aborted" when the signal stopped it; then there is no consensus, and the store has what was finished. */
  readonly status: "complete" | "aborted";
  /** Draws of the full posterior, and how they were made; undefined when aborted. */
  readonly consensus: Consensus | undefined;
  /** How far the consensus can be trusted, in numbers and words; undefined when aborted or not to be validated. */
  readonly assessment: ConsensusAssessment | undefined;
  /** The consensus against the full posterior, where the model has that. */
  readonly correction: Correction | undefined;
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
