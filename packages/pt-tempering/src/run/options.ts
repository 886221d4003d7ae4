import type { Pool } from "@siegert/workers";
import type { StopSignal } from "../host.ts";
import type { TemperingProgress } from "./progress.ts";
import type { RoundSummary } from "./round-summary.ts";
import type { TemperingState } from "./tempering-state.ts";

/** Which states a run keeps. */
export interface DrawOptions {
  /** Rungs by their chain; default "target". */
  readonly chains?: "target" | "all" | readonly number[];
  /**
   * Taken after the exchange of a scan (default), or before it, right after exploration. Both follow the law of the
   * rung.
   */
  readonly after?: "swap" | "exploration";
  /** Keeps every n-th scan. Default 1. */
  readonly thinning?: number;
  /** Whether a sink gets the draws of all rounds or (default) of the last one only. Memory keeps the last one. */
  readonly rounds?: "last" | "all";
  /** Whether they are kept in memory; false needs a sink. Default true. */
  readonly keep?: boolean;
}

/** Draws of consecutive kept scans. */
export interface TemperedBlock {
  readonly round: number;
  /** Number of the first kept scan of the block in its round, from 0. */
  readonly firstDraw: number;
  readonly draws: number;
  readonly copies: number;
  /** Chains of the line that are kept. */
  readonly chains: readonly number[];
  /** Row-major (draw, copy, kept chain, number of the state). */
  readonly values: Float64Array;
  /** Row-major (draw, copy, kept chain): the statistic of the chain's leg. */
  readonly statistics: Float64Array;
}

/**
 * Takes draws as they come; the next block waits until it is done. The arrays are the sink's. A round that was stopped
 * is done anew when the run is resumed, and gives its blocks again: the same ones.
 */
export interface TemperedSink {
  write(block: TemperedBlock): void | Promise<void>;
}

/** The part of a pool of @siegert/workers that is used here. */
export type TemperingExecutor = Pick<Pool, "run" | "size">;

/** Options that say how a run is carried out; they do not change a bit of its results. */
export interface TemperingRuntime {
  /**
   * Threads that share the replicas, for a portable problem. "auto" (default) takes more than one as soon as a scan
   * takes long enough for threads to gain.
   */
  readonly threads?: number | "auto";
  /** Runs the threads' tasks, which all have to run at once. Default: a pool of @siegert/workers. */
  readonly executor?: TemperingExecutor;
  /** Longest that threads wait for one of them, in ms. Default 600 000. */
  readonly scanTimeoutMs?: number;
  /** An AbortSignal (or anything with `aborted`): stops the run within about 50 ms or a scan; complete rounds are kept. */
  readonly signal?: StopSignal;
  /** About ten times a second, and at the end of every round. */
  readonly onProgress?: (progress: TemperingProgress) => void;
  /** After every round. */
  readonly onRound?: (summary: RoundSummary) => void;
  /** Saves the state after every round, plain JSON data to resume from. */
  readonly checkpoint?: { readonly save: (state: TemperingState) => void | Promise<void> };
  /** Gets the draws as they come. */
  readonly sink?: TemperedSink;
}

/** Options of `temper`. */
export interface TemperingOptions extends TemperingRuntime {
  /** Names the random streams. Default 0. */
  readonly seed?: number;
  /** Rounds; round k, from 0, has 2^(k+1) scans. Default 10, at most 31. */
  readonly rounds?: number;
  /**
   * Chains of the ladder (of every leg, or of each). "auto" looks for the number at which swaps are accepted as often
   * as `targetAcceptance` says. Default 10.
   */
  readonly chains?: number | readonly [number, number] | "auto";
  /** Mean acceptance that "auto" aims at. Default 0.5, which takes about 2Λ + 1 chains. */
  readonly targetAcceptance?: number;
  /** Most chains that "auto" may take. Default 128. */
  readonly maxChains?: number;
  /**
   * The ladder to begin with, ascending (two of them for two legs). log Z is relative to its first rung. Default: equal
   * steps from 0 to `maxBeta`.
   */
  readonly betas?: ArrayLike<number> | readonly [ArrayLike<number>, ArrayLike<number>];
  /** β of the target. Default 1; other values only make sense for energies. */
  readonly maxBeta?: number;
  /** Whether the ladder is tuned between rounds. Default: unless `betas` are given. */
  readonly adapt?: boolean;
  /** Independent runs side by side on one ladder, which pool what they find. Default 1. */
  readonly copies?: number;
  /** Default: the target's. False keeps none. */
  readonly draws?: DrawOptions | false;
  /** Keeps where every replica stood after every scan of the last round. Default false. */
  readonly trace?: boolean;
  /**
   * Looks for the highest statistic (the lowest energy) in all rounds and keeps its state. `freeze` lets the ladder grow
   * to higher β while the coldest chain still has a heat capacity β² Var s above 0.1; by default it may when the ladder
   * is tuned. Default false.
   */
  readonly optimise?: boolean | { readonly freeze?: boolean };
}
