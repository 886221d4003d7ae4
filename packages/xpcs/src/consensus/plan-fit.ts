import { planShards, type ShardPlan } from "@siegert/cmc-consensus";
import type { ModuleTarget } from "@siegert/log-density";
import type { Config } from "../config/config.ts";
import { type MeasurementOptions, openMeasurement } from "../open-measurement.ts";
import { unfittedPlan } from "../posterior/build-spec.ts";
import { scored } from "../posterior/scored-plan.ts";
import { chooseMethod, type FitMethod, type MethodChoice } from "../sampling-method.ts";
import { type ConsensusOverrides, cmcOptions, samplingConfig } from "./cmc-options.ts";
import { defaultThreads } from "./default-threads.ts";
import { type MemoryEstimate, memoryEstimate } from "./memory-estimate.ts";
import { createShardPosterior, type ShardTask } from "./shard-posterior.ts";
import { ShardedMaps } from "./sharded-maps.ts";

/** What a plan is made for. */
export interface PlanFitOptions extends MeasurementOptions, ConsensusOverrides {
  /** Default: the configuration's. */
  readonly method?: FitMethod | undefined;
  /** Threads that shards run on. Default: the cores that the process may use. */
  readonly threads?: number | undefined;
}

/** What consensus Monte Carlo would do with a data set. */
export interface FitPlan {
  /** Pairs of frames. */
  readonly points: number;
  readonly angles: number;
  readonly frames: number;
  /** How many shards, of how many points, and how each is sampled. */
  readonly shards: ShardPlan;
  /** What the method of the run would do, and why: it may not divide the data at all. */
  readonly choice: MethodChoice;
  readonly threads: number;
  /** Measured time of one value and gradient of a shard, s. */
  readonly gradientSeconds: number;
  /** Gradients that a transition is taken to need. */
  readonly gradientsPerTransition: number;
  /** Estimated time of sampling all shards; least squares, which comes before, not counted. */
  readonly seconds: number;
  readonly memory: MemoryEstimate;
  /** What reading the configuration and the data had to say. */
  readonly warnings: readonly string[];
}

/** Trajectories of straightened coordinates with a learned metric have 7 to 15 steps; warmup's are longer. */
const GRADIENTS_PER_TRANSITION = 15;
/** Starting a worker, s, and the rest that a shard needs beside its gradients. */
const SECONDS_PER_WORKER = 0.05;
const SECONDS_PER_SHARD = 0.02;
/** For how long the gradient is timed, ms. */
const TIMING_MS = 60;

/**
 * What consensus Monte Carlo would do with the data of a configuration: nothing is fitted or sampled, and of the data only
 * the description is read. The time is that of one shard's gradient, evaluated for a few hundredths of a second at the
 * starting values, times the gradients that all chains of all shards will need.
 *
 * @throws {ConfigError} | {DataError} for input that cannot be used.
 * @throws {InvalidArgumentError} for more shards than pairs.
 */
export async function planFit(config: Config, options: PlanFitOptions = {}): Promise<FitPlan> {
  const measurement = await openMeasurement(config, options);
  await measurement.source.close();
  const { experiment } = measurement;
  const { spec, start } = unfittedPlan(samplingConfig(measurement.config), experiment);
  const model = new ShardedMaps({ ...scored(spec), maps: [] }, false);
  const plan = planShards(model, cmcOptions(config, options));
  const threads = Math.min(options.threads ?? defaultThreads(), plan.shards);
  const gradientSeconds = timeGradient(model, plan, start);
  const { nWarmup, nSamples, nChains } = plan.samplingPlan;
  const gradients = nChains * (nWarmup + nSamples) * GRADIENTS_PER_TRANSITION;
  const rounds = Math.ceil(plan.shards / threads);
  return {
    points: plan.points,
    angles: experiment.phi.length,
    frames: experiment.times.length,
    shards: plan,
    choice: chooseMethod(options.method ?? config.method, config, plan.points),
    threads,
    gradientSeconds,
    gradientsPerTransition: GRADIENTS_PER_TRANSITION,
    seconds: SECONDS_PER_WORKER * threads + rounds * (gradients * gradientSeconds + SECONDS_PER_SHARD),
    memory: memoryEstimate({ spec, plan, threads }),
    warnings: [...measurement.warnings(), ...plan.warnings.map(({ message }) => message)],
  };
}

/** The quickest of several batches: what else the machine does only adds to a time. */
function timeGradient(model: ShardedMaps, plan: ShardPlan, start: Float64Array): number {
  const { argument } = model.shard(plan.lists.list(0), plan.priorPower(0)) as ModuleTarget;
  const target = createShardPosterior(argument as ShardTask);
  const own = plan.coordinatesOf(0) ?? plan.coordinates.map((_, k) => k);
  const position = target.unconstrain(
    Float64Array.from(own, (k) => start[k]!),
    new Float64Array(target.dim),
  );
  const gradient = new Float64Array(target.dim);
  const begin = performance.now();
  let best = Infinity;
  while (performance.now() - begin < TIMING_MS || best === Infinity) {
    const from = performance.now();
    let count = 0;
    while (count === 0 || performance.now() - from < TIMING_MS / 6) {
      target.logDensityAndGradient(position, gradient);
      count++;
    }
    best = Math.min(best, (performance.now() - from) / (1000 * count));
  }
  return best;
}
