import type { ModuleTarget } from "@siegert/log-density";
import type { ProgressEvent, SamplingRun } from "@siegert/nuts";
import { type SamplingAttempt, sampleWithRetries } from "@siegert/nuts/plan";
import type { Config } from "../config/config.ts";
import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorPlan } from "./build-spec.ts";
import { posteriorAddress } from "./posterior-address.ts";
import { warmCovariance } from "./warm-start.ts";
import { XpcsPosterior } from "./xpcs-posterior.ts";

/** How a posterior is sampled. */
export interface SamplePosteriorOptions {
  /** Threads; 1 samples the chains by turns. The draws are the same. Default: one per chain and core. */
  readonly threads?: number | undefined;
  /** Whether the covariance of the least-squares fit tunes the sampler at the start. Default true. */
  readonly useWarmStart?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** When it aborts, the draws so far are kept. */
  readonly signal?: AbortSignal | undefined;
}

/** A sampled posterior. */
export interface PosteriorRun {
  readonly run: SamplingRun;
  readonly attempts: readonly SamplingAttempt[];
  readonly target: XpcsPosterior;
  readonly seconds: number;
  /** What the user should know about how it was sampled. */
  readonly notes: readonly string[];
}

/** Spread of the chains' starts, in standard deviations of the least-squares fit. */
const START_SPREAD = 1;
/** Spread without a covariance, in unconstrained units. */
const BLIND_SPREAD = 0.1;

/**
 * Samples a posterior with NUTS, from around the least-squares fit; tries again with a raised target acceptance while too
 * many transitions diverge.
 *
 * @throws {LogDensityError} when no start has a finite density.
 */
export async function samplePosterior(
  plan: PosteriorPlan,
  config: Config,
  fit: FitResult,
  options: SamplePosteriorOptions = {},
): Promise<PosteriorRun> {
  const begin = performance.now();
  const { numWarmup, numSamples, numChains, targetAcceptProb, maxTreeDepth, denseMass, maxRetries } =
    config.cmc.perShardMcmc;
  const target = new XpcsPosterior(plan.spec);
  const at = target.unconstrain(plan.start, new Float64Array(target.dim));
  const covariance =
    options.useWarmStart === false ? undefined : warmCovariance(plan.spec.quantities, plan.start, fit, target);
  const threads = Math.min(options.threads ?? numChains, numChains);
  const jitter = covariance ? spreads(covariance, target.dim) : BLIND_SPREAD;
  const portable: ModuleTarget = {
    kind: "module",
    module: posteriorAddress(),
    export: "createPosterior",
    argument: plan.spec,
  };
  const { run, attempts } = await sampleWithRetries(
    threads > 1 ? portable : target,
    {
      seed: options.seed ?? config.cmc.seed,
      chains: numChains,
      warmup: numWarmup,
      draws: numSamples,
      targetAccept: targetAcceptProb ?? (config.mode === "laminar_flow" ? 0.9 : 0.8),
      maxTreeDepth,
      metric: denseMass ? "auto" : "diagonal",
      initial: { kind: "given", positions: at, jitter },
      ...(covariance ? { warmStart: { covariance } } : {}),
      // Side by side on one thread too, so that a run that is stopped has draws of every chain.
      method: threads > 1 ? "parallel" : "vectorized",
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    { retries: maxRetries, maxDivergenceRate: config.cmc.validation.maxDivergenceRate },
  );
  const notes = covariance === undefined ? ["the sampler started without a metric from the least-squares fit"] : [];
  return { run, attempts, target, seconds: (performance.now() - begin) / 1000, notes };
}

function spreads(covariance: Float64Array, dim: number): Float64Array {
  return Float64Array.from({ length: dim }, (_, k) => START_SPREAD * Math.sqrt(covariance[k * dim + k]!));
}
