import type { MetricChoice } from "../adaptation/metric-choice.ts";
import type { MetricData } from "../metric/metric.ts";

/** Which kernel moves the chain. */
export type KernelChoice =
  | { readonly kind: "nuts" }
  | {
      /** Trajectories of fixed length with jitter. */
      readonly kind: "static-hmc";
      /** Mean number of leapfrog steps. */
      readonly leapfrogs: number;
      /** Lengths are uniform between (1 − jitter) and (1 + jitter) times that. */
      readonly jitter: number;
    };

/** Where a chain starts, on the unconstrained scale. */
export type Start =
  | { readonly kind: "at"; readonly position: readonly number[] }
  /** Uniform between −radius and radius in every coordinate, tried again up to 100 times. */
  | { readonly kind: "uniform"; readonly radius: number }
  /** Uniform within ±scale of a point, tried again up to 100 times. */
  | { readonly kind: "jitter"; readonly around: readonly number[]; readonly scale: readonly number[] };

/** All that decides the draws of one chain, apart from the target; plain data. */
export interface ChainSettings {
  readonly seed: number;
  readonly attempt: number;
  readonly chain: number;
  readonly dim: number;
  readonly warmup: number;
  readonly draws: number;
  readonly thinning: number;
  readonly kernel: KernelChoice;
  readonly targetAccept: number;
  readonly maxTreeDepth: number;
  readonly maxTreeDepthWarmup: number;
  readonly maxEnergyError: number;
  readonly stepSize: number | undefined;
  readonly stepSizeJitter: number;
  readonly metric: MetricChoice;
  readonly startMetric: MetricData | undefined;
  readonly start: Start;
  /** Whether draws are kept in memory. */
  readonly isKeeping: boolean;
}
