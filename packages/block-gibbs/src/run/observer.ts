import type { GibbsProgram } from "../program/gibbs-program.ts";

/** Looks at draws and makes a result of them. */
export interface Observer<Result = unknown> {
  /**
   * Called once, before the first draw.
   * @throws {InvalidArgumentError} when it cannot observe this program.
   */
  start(program: GibbsProgram, extent: DrawExtent): Recorder<Result>;
}

/** How many draws there will be at most. */
export interface DrawExtent {
  readonly chains: number;
  readonly draws: number;
}

/** An observer at work. */
export interface Recorder<Result> {
  /** A draw of a chain. The state is not to be changed or kept: it moves on. */
  record(chain: number, draw: number, state: Float64Array): void;
  /** What came out; `draws` is how many every chain has, fewer than announced when the run was stopped. */
  result(draws: number): Result;
}

/** What an observer gives. */
export type ResultOf<O> = O extends Observer<infer Result> ? Result : never;
