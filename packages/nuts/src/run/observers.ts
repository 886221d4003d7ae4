import type { Chain } from "../chain/chain.ts";
import type { ChainState } from "../chain/chain-state.ts";
import type { DrawStatistics } from "../chain/draw-record.ts";

/** Where a chain stands. */
export interface ProgressEvent {
  readonly chain: number;
  /** Iterations done, and to be done, warmup included. */
  readonly iteration: number;
  readonly iterations: number;
  readonly isWarmup: boolean;
  readonly isDone: boolean;
  readonly stepSize: number;
  /** Divergent iterations so far, warmup included. */
  readonly divergences: number;
  /** Leapfrog steps of the last iteration. */
  readonly leapfrogs: number;
  /** Gradients evaluated so far. */
  readonly gradients: number;
  /** Guess of the time that the rest takes, at the pace so far. */
  readonly secondsLeft: number;
}

/** Consecutive draws of a chain. */
export interface DrawBlock {
  readonly chain: number;
  /** Number of the first of these draws in the chain, from 0. */
  readonly firstDraw: number;
  /** Row-major, (draw, dim), unconstrained. */
  readonly positions: Float64Array;
  readonly statistics: DrawStatistics;
}

/**
 * Takes draws as they come. A block is given to one call only, chain by chain in order; the next one waits until that
 * is done.
 */
export interface DrawSink {
  write(block: DrawBlock): void | Promise<void>;
}

/** The state of all chains, plain JSON data. */
export interface RunState {
  readonly format: 1;
  readonly chains: readonly ChainState[];
}

/** What is told about running chains, wherever they run. */
export interface ChainObserver {
  progress(event: ProgressEvent): void;
  draws(block: DrawBlock): void | Promise<void>;
  checkpoint(state: ChainState): void | Promise<void>;
}

/** What an observer wants to hear. */
export interface ObserverWishes {
  readonly progressEveryMs: number | undefined;
  readonly checkpointEveryMs: number | undefined;
  readonly drawsEveryMs: number | undefined;
}

/** What a chain would report now. */
export function progressOf(chain: Chain): ProgressEvent {
  const { warmup, draws } = chain.settings;
  const { iteration, gradients, warmupSeconds, samplingSeconds } = chain.tally;
  const iterations = warmup + draws;
  const seconds = warmupSeconds + samplingSeconds;
  return {
    chain: chain.settings.chain,
    iteration,
    iterations,
    isWarmup: chain.isWarmup,
    isDone: chain.isDone,
    stepSize: chain.stepSize,
    divergences: chain.divergences.length,
    leapfrogs: chain.transition.leapfrogs,
    gradients,
    secondsLeft: iteration === 0 ? Infinity : (seconds / iteration) * (iterations - iteration),
  };
}
