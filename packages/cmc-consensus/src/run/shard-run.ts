import { SiegertError } from "@siegert/errors";
import type { ShardPosterior } from "../shard-posterior.ts";
import type { ShardPlan } from "../sharding/shard-plan.ts";
import type { ShardEvent } from "./shard-event.ts";
import type { ShardReport } from "./shard-report.ts";

/** Something that a user should know about a run. */
export interface ShardRunWarning {
  readonly code: "small-shards" | "thinning" | "data-lost" | "doubtful" | "success-rate" | "damaged" | "aborted";
  readonly message: string;
  readonly count: number;
}

/** What sampling the shards gave. */
export interface ShardRun {
  /** "aborted" when the signal stopped it: what was finished is kept in the store. */
  readonly status: "complete" | "aborted";
  readonly plan: ShardPlan;
  /** Of every shard, in their order. */
  readonly reports: readonly ShardReport[];
  /** Draws of the shards that are done, in their order. */
  readonly posteriors: readonly ShardPosterior[];
  /** Draws that are left out because too many transitions diverged, for a look at them. */
  readonly filtered: readonly ShardPosterior[];
  /** Changes of state in the order in which they happened. */
  readonly events: readonly ShardEvent[];
  readonly warnings: readonly ShardRunWarning[];
  /** Share of the shards that are done without anything doubtful. */
  readonly successRate: number;
  /** Share of the points that no used shard has. */
  readonly dataLost: number;
}

/**
 * The run of the shards did not come to a good end. Nothing is lost: `run` has what there is, and the store what was
 * saved.
 * - `early-abort`: more than half of the first ten shards failed or were filtered;
 * - `success-rate`: fewer shards are good than `config.validation.minSuccessRate` asks for;
 * - `store`: results could not be written, `cause` says why; `unsaved` names the shards that are in memory only.
 */
export class ShardRunError extends SiegertError {
  override readonly name: string = "ShardRunError";
  readonly reason: "early-abort" | "success-rate" | "store";
  readonly run: ShardRun;
  readonly unsaved: readonly number[];

  constructor(
    reason: "early-abort" | "success-rate" | "store",
    message: string,
    run: ShardRun,
    options: { readonly cause?: unknown; readonly unsaved?: readonly number[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.run = run;
    this.unsaved = options.unsaved ?? [];
  }
}
