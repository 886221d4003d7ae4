import { InvalidArgumentError } from "@siegert/errors";
import type { MetricData } from "@siegert/nuts";
import { sha256Hex } from "../bytes/sha256.ts";
import type { ShardedModel } from "../sharded-model.ts";
import type { ShardPlan } from "../sharding/shard-plan.ts";
import type { ShardTask } from "./shard-task-data.ts";

/** What is known of the full posterior before, such as a least-squares fit. Only chains and metrics start from it. */
export interface WarmStartInput {
  /** Unconstrained position, length dim. */
  readonly position: ArrayLike<number>;
  /**
   * Covariance of the full posterior, row-major (dim, dim). Chains of a shard start within ± one standard deviation of its
   * wider posterior.
   */
  readonly covariance?: ArrayLike<number> | undefined;
  /** A metric for all shards in place of one from the covariance; its dimension is that of every shard. */
  readonly metric?: MetricData | undefined;
  /** Step size to begin with. */
  readonly stepSize?: number | undefined;
  /** How far chains start from the position, unconstrained; default: one standard deviation, without covariance 0.1. */
  readonly jitter?: number | ArrayLike<number> | undefined;
}

/** @throws {InvalidArgumentError} for a warm start that does not fit, or is required and not given. */
export function checkedWarmStart(plan: ShardPlan, given: WarmStartInput | undefined): WarmStartInput | undefined {
  const { requireWarmStart, useWarmStart } = plan.config.validation;
  const warmStart = useWarmStart ? given : undefined;
  if (!warmStart) {
    if (!requireWarmStart) return undefined;
    throw new InvalidArgumentError("options.warmStart", "be given, as config.validation.requireWarmStart asks", given);
  }
  const dim = plan.coordinates.length;
  requireNumbers("options.warmStart.position", warmStart.position, dim);
  const { covariance, metric, jitter } = warmStart;
  if (covariance) {
    requireNumbers("options.warmStart.covariance", covariance, dim * dim);
    for (let i = 0; i < dim; i++) {
      if (covariance[i * (dim + 1)]! > 0) continue;
      throw new InvalidArgumentError("options.warmStart.covariance", "have positive variances", covariance);
    }
  }
  if (covariance && metric) {
    throw new InvalidArgumentError("options.warmStart", "give a covariance or a metric, not both", warmStart);
  }
  if (typeof jitter === "object") requireNumbers("options.warmStart.jitter", jitter, dim);
  return warmStart;
}

/** A shard's task and the hash of its list of points. */
export interface MadeTask {
  readonly task: ShardTask;
  readonly listHash: string;
}

/** Makes the task of a shard: its points, its posterior, and where to start. */
export function makeTask(
  model: ShardedModel,
  plan: ShardPlan,
  shard: number,
  warmStart: WarmStartInput | undefined,
): MadeTask {
  const { perShardMcmc, validation } = plan.config;
  const points = plan.lists.list(shard);
  const priorPower = plan.priorPower(shard);
  const own = plan.coordinatesOf(shard) ?? [...plan.coordinates.keys()];
  const few = perShardMcmc.preflightPoints;
  const listHash = sha256Hex(new Uint8Array(points.buffer, points.byteOffset, points.byteLength));
  const task: ShardTask = {
    shard,
    points: points.length,
    seed: plan.seedOf(shard),
    coordinates: own.map((i) => plan.coordinates[i]!),
    preflight: few > 0 ? model.shard(somePoints(points, few, model.groupSizes), priorPower.slice()) : undefined,
    target: model.shard(points, priorPower),
    ...startOf(plan, own, warmStart),
    chains: plan.samplingPlan.nChains,
    warmup: plan.samplingPlan.nWarmup,
    draws: plan.samplingPlan.nSamples,
    thinning: plan.thinning,
    targetAccept: perShardMcmc.targetAcceptProb,
    maxTreeDepth: perShardMcmc.maxTreeDepth,
    metricChoice: { auto: "auto", true: "dense", false: "diagonal" }[`${perShardMcmc.denseMass}`] as "auto",
    retries: perShardMcmc.retries,
    maxDivergenceRate: validation.maxDivergenceRate,
  };
  return { task, listHash };
}

type Start = Pick<ShardTask, "start" | "startScale" | "covariance" | "metric" | "stepSize">;

/**
 * A shard sees one K-th of the data and prior of a coordinate that K shards have, so its covariance is about √(Kᵢ Kⱼ) of
 * that of the full posterior.
 */
function startOf(plan: ShardPlan, own: readonly number[], warmStart: WarmStartInput | undefined): Start {
  if (!warmStart) {
    return { start: undefined, startScale: undefined, covariance: undefined, metric: undefined, stepSize: undefined };
  }
  const { position, covariance, metric, stepSize, jitter } = warmStart;
  const dim = plan.coordinates.length;
  const wider = own.map((i) => Math.sqrt(plan.shardsWith[i]!));
  const scaled =
    covariance &&
    Float64Array.from(own.flatMap((i, a) => own.map((j, b) => covariance[i * dim + j]! * wider[a]! * wider[b]!)));
  const scaleOf = (i: number, a: number): number => {
    if (typeof jitter === "number") return jitter;
    if (jitter) return jitter[i]!;
    return scaled ? Math.sqrt(scaled[a * (own.length + 1)]!) : 0.1;
  };
  return {
    start: Float64Array.from(own, (i) => position[i]!),
    startScale: Float64Array.from(own, scaleOf),
    covariance: scaled,
    metric,
    stepSize,
  };
}

/** About `count` of the points, evenly spaced, with the first of every group. */
function somePoints(points: Uint32Array, count: number, groupSizes: readonly number[] | undefined): Uint32Array {
  if (points.length <= count) return points.slice();
  const chosen = new Set<number>();
  for (let k = 0; k < count; k++) chosen.add(points[Math.floor((k * points.length) / count)]!);
  let end = 0;
  let at = 0;
  for (const size of groupSizes ?? []) {
    end += size;
    if (at < points.length && points[at]! < end) chosen.add(points[at]!);
    while (at < points.length && points[at]! < end) at++;
  }
  return Uint32Array.from(chosen).sort();
}

function requireNumbers(argument: string, values: ArrayLike<number>, length: number): void {
  const isGood = values?.length === length && Array.from(values).every(Number.isFinite);
  if (!isGood) throw new InvalidArgumentError(argument, `be ${length} finite numbers`, values);
}
