import type { RandomState } from "@siegert/random";
import type { Observer, ResultOf } from "./observer.ts";

/** Observers by the names that their results will have. */
export type Observers = Readonly<Record<string, Observer>>;

/** What a run gave. */
export interface GibbsRun<O extends Observers> {
  /** "aborted" when the signal stopped it; what was drawn until then is kept. */
  readonly status: "complete" | "aborted";
  readonly chains: number;
  /** Draws that every chain has. */
  readonly draws: number;
  /** Results of the observers, by their names. */
  readonly observed: { readonly [K in keyof O]: ResultOf<O[K]> };
  /** States of the chains at the end. */
  readonly states: readonly Float64Array[];
  /** What samplers say of themselves: [chain], by block, such as acceptances per node of a Metropolis sampler. */
  readonly samplers: readonly ReadonlyMap<string, Record<string, Float64Array>>[];
  /** Where the run stands, as plain JSON data, for `continueGibbs`. */
  state(): GibbsRunState;
}

/** Where a run stands; plain JSON data. */
export interface GibbsRunState {
  readonly format: 1;
  /** Sweeps that every chain has made, warmup included. */
  readonly sweeps: number;
  /** Of a run that was aborted: sweeps of its warmup that are left, and sweeps until the next draw. */
  readonly warmupLeft?: number;
  readonly sweepsToDraw?: number;
  readonly chains: readonly GibbsChainState[];
}

/** Everything that a chain's future depends on. */
export interface GibbsChainState {
  readonly values: readonly number[];
  readonly memory: readonly number[];
  readonly random: RandomState;
}

/** Where a run stands. */
export interface GibbsProgress {
  /** Sweeps that every chain has made, and will make, warmup included. */
  readonly sweep: number;
  readonly sweeps: number;
  readonly isWarmup: boolean;
  readonly draws: number;
  /** Guess of the time that the rest takes, at the pace so far. */
  readonly secondsLeft: number;
}
