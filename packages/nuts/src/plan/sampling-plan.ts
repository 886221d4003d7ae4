import { must } from "../must.ts";

/** What a plan is made from; all optional. */
export interface SamplingPlanConfig {
  /** Warmup iterations for large data. Default 500. */
  readonly numWarmup?: number;
  /** Draws per chain for large data. Default 1500. */
  readonly numSamples?: number;
  /** Default 4. */
  readonly numChains?: number;
  /** Whether small data sets get shorter runs. Default true. */
  readonly adaptive?: boolean;
  /** Fewest warmup iterations of an adapted plan. Default 100. */
  readonly minWarmup?: number;
  /** Fewest draws of an adapted plan. Default 200. */
  readonly minSamples?: number;
}

/** How long to sample a data set, or one shard of it, of a given size: the one place where that is decided. */
export class SamplingPlan {
  /** Warmup iterations per chain. */
  readonly nWarmup: number;
  /** Draws per chain. */
  readonly nSamples: number;
  readonly nChains: number;
  /** Data points. */
  readonly shardSize: number;
  /** Sampled parameters. */
  readonly nParams: number;
  /** Whether the data's size shortened the run. */
  readonly wasAdapted: boolean;

  private constructor(plan: Omit<SamplingPlan, "totalSamples" | "sampleOptions">) {
    this.nWarmup = plan.nWarmup;
    this.nSamples = plan.nSamples;
    this.nChains = plan.nChains;
    this.shardSize = plan.shardSize;
    this.nParams = plan.nParams;
    this.wasAdapted = plan.wasAdapted;
  }

  /**
   * The plan for `shardSize` data points and `nParams` parameters p. With s = min(1, shardSize / 10 000): warmup is
   * numWarmup·s, but not below max(minWarmup, 20 p) and not above numWarmup; draws are numSamples·s, but not below
   * max(minSamples, 50 p) and not above numSamples.
   * @throws {InvalidArgumentError} for counts that are not positive integers.
   */
  static fromConfig(config: SamplingPlanConfig, shardSize: number, nParams: number): SamplingPlan {
    const {
      numWarmup = 500,
      numSamples = 1500,
      numChains = 4,
      adaptive = true,
      minWarmup = 100,
      minSamples = 200,
    } = config;
    const counts = { numWarmup, numSamples, numChains, minWarmup, minSamples, shardSize, nParams };
    for (const [name, value] of Object.entries(counts)) {
      must(Number.isSafeInteger(value) && value > 0, name, "be a positive integer", value);
    }
    const share = Math.min(1, shardSize / 10_000);
    const adapted = (full: number, least: number) =>
      adaptive ? Math.max(Math.min(least, full), Math.floor(full * share)) : full;
    const nWarmup = adapted(numWarmup, Math.max(minWarmup, 20 * nParams));
    const nSamples = adapted(numSamples, Math.max(minSamples, 50 * nParams));
    const wasAdapted = nWarmup !== numWarmup || nSamples !== numSamples;
    return new SamplingPlan({ nWarmup, nSamples, nChains: numChains, shardSize, nParams, wasAdapted });
  }

  /** Draws of all chains. */
  get totalSamples(): number {
    return this.nSamples * this.nChains;
  }

  /** The plan as options of `sample`. */
  get sampleOptions(): { readonly warmup: number; readonly draws: number; readonly chains: number } {
    return { warmup: this.nWarmup, draws: this.nSamples, chains: this.nChains };
  }
}
