import type { Pool } from "@siegert/workers";
import type { MetricChoice } from "../adaptation/metric-choice.ts";
import type { MetricData } from "../metric/metric.ts";
import type { StopSignal } from "./event-loop.ts";
import type { DrawSink, ProgressEvent, RunState } from "./observers.ts";
import type { Profiler } from "./profile.ts";

/** Where chains start, on the unconstrained scale. */
export type InitialPoints =
  /** Uniform within ±radius in every coordinate; default radius 2. */
  | { readonly kind: "uniform"; readonly radius?: number }
  /** The medians of the prior, for a target that knows them. */
  | { readonly kind: "prior-median" }
  /**
   * The same point for all chains, or one for each; moved by up to ±jitter when that is given, one number or one per
   * coordinate.
   */
  | {
      readonly kind: "given";
      readonly positions: ArrayLike<number> | readonly ArrayLike<number>[];
      readonly jitter?: number | ArrayLike<number>;
    }
  /**
   * Uniform within ±scale of a point (default: the prior medians, else 0); scale is one number (default 1) or one per
   * coordinate.
   */
  | { readonly kind: "jitter"; readonly around?: ArrayLike<number>; readonly scale?: number | ArrayLike<number> };

/** What is known from before: a fit, or an earlier run of a similar target. */
export interface WarmStart {
  /** Covariance of the unconstrained coordinates, row-major (dim, dim), as a least-squares fit gives. */
  readonly covariance?: ArrayLike<number>;
  /** A metric, as `run.chains[k].metric.metric` of an earlier run. */
  readonly metric?: MetricData;
  /** Step size to begin with; without it one is searched for. */
  readonly stepSize?: number;
}

/** Options that say how a run is carried out; they do not change the draws. */
export interface RuntimeOptions {
  /**
   * One chain after the other, each on a thread of its own, or all at once with batched evaluations. The draws are the
   * same. Default: parallel for a portable target and more than one chain, else sequential.
   */
  readonly method?: "sequential" | "parallel" | "vectorized";
  /**
   * Runs tasks for the parallel method, as a pool of @siegert/workers does. Default: such a pool with a thread per
   * chain, at most one per core.
   */
  readonly executor?: ChainExecutor;
  /**
   * An AbortSignal (or, on this thread, anything with `aborted`): chains stop within about 50 ms (or at the end of an
   * evaluation), and what was drawn is kept.
   */
  readonly signal?: StopSignal;
  /** At most ten times a second and chain, and at the end of a chain. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Gets the draws as they come. */
  readonly sink?: DrawSink;
  /** Saves states to resume from. A state is plain JSON data. */
  readonly checkpoint?: { readonly save: (state: RunState) => void | Promise<void>; readonly everyMs?: number };
  /**
   * Started before the first iteration and stopped after the last: `fileProfiler(path)` writes a CPU profile of this
   * thread for Chrome DevTools.
   */
  readonly profile?: Profiler;
}

/** Options of `sample`. */
export interface SampleOptions extends RuntimeOptions {
  /** Names the random streams. Default 0. */
  readonly seed?: number;
  /** Names them too: another attempt with the same seed draws otherwise. Default 0. */
  readonly attempt?: number;
  /** Default 4. */
  readonly chains?: number;
  /** Iterations that tune step size and metric and are thrown away. Default 1000. */
  readonly warmup?: number;
  /** Iterations after warmup, per chain. Default 1000. */
  readonly draws?: number;
  /** Keeps every n-th draw. Default 1. */
  readonly thinning?: number;
  /**
   * The no-U-turn sampler (default), or trajectories of a mean number of leapfrog steps with relative jitter (default
   * 0.5).
   */
  readonly kernel?: "nuts" | { readonly kind: "static-hmc"; readonly leapfrogs: number; readonly jitter?: number };
  /** Mean acceptance probability that the step size aims at. Default 0.8. */
  readonly targetAccept?: number;
  /** Most doublings of a trajectory. Default 10. */
  readonly maxTreeDepth?: number;
  /**
   * The same during warmup, where long trajectories of an untuned sampler are a waste. Default: 8, or `maxTreeDepth`
   * when that is less.
   */
  readonly maxTreeDepthWarmup?: number;
  /** Rise of the energy that counts as a divergence. Default 1000. */
  readonly maxEnergyError?: number;
  /** Each iteration's step size is multiplied by a uniform number from 1 − jitter to 1 + jitter. Default 0. */
  readonly stepSizeJitter?: number;
  /** How the metric is learned. Default "auto". */
  readonly metric?: MetricChoice;
  /** Default uniform within ±2. */
  readonly initial?: InitialPoints;
  readonly warmStart?: WarmStart;
  /** Whether draws are kept in memory; false needs a sink. Default true. */
  readonly keepDraws?: boolean;
}

/** The part of a pool of @siegert/workers that is used here. */
export type ChainExecutor = Pick<Pool, "run">;
