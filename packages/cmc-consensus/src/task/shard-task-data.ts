import type { PortableTarget } from "@siegert/log-density";
import type { MetricData } from "@siegert/nuts";
import { decodeContainer, encodeContainer } from "../bytes/container.ts";
import { sha256Hex } from "../bytes/sha256.ts";
import type { ChainMethod } from "../config/cmc-config.ts";

/** Everything that decides the draws of a shard, as plain data. */
export interface ShardTask {
  readonly shard: number;
  readonly points: number;
  readonly seed: number;
  /** Names of the shard's coordinates. */
  readonly coordinates: readonly string[];
  readonly target: PortableTarget;
  /** The posterior of a few of the points, looked at first. */
  readonly preflight: PortableTarget | undefined;
  /** Where chains start, unconstrained; they are moved from there by up to ± `startScale` in every coordinate. */
  readonly start: Float64Array | undefined;
  readonly startScale: Float64Array | undefined;
  readonly covariance: Float64Array | undefined;
  readonly metric: MetricData | undefined;
  readonly stepSize: number | undefined;
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly thinning: number;
  readonly targetAccept: number;
  readonly maxTreeDepth: number;
  readonly metricChoice: "auto" | "dense" | "diagonal";
  readonly retries: number;
  readonly maxDivergenceRate: number;
}

/** How a task is carried out; plays no role for the draws. */
export interface TaskHints {
  readonly chainMethod: ChainMethod;
  /** Threads that the chains of one shard may have for themselves. */
  readonly chainThreads: number;
}

const KIND = "shard task";

/** The task as bytes. @throws {InvalidArgumentError} naming the part of the target that cannot travel. */
export function encodeTask(task: ShardTask, hints: TaskHints): Uint8Array {
  return encodeContainer(KIND, { task, hints });
}

/** @throws {DamagedBytesError} */
export function decodeTask(bytes: Uint8Array): { readonly task: ShardTask; readonly hints: TaskHints } {
  return decodeContainer(KIND, bytes) as { readonly task: ShardTask; readonly hints: TaskHints };
}

/**
 * A hash of all that decides the draws: data, model, start and settings. Of the address of a model's module only the
 * file's name counts, so that a saved run can move to another folder or machine.
 */
export function taskIdentity(task: ShardTask): string {
  const { target, preflight } = task;
  const placeless = { ...task, target: withoutPlace(target), preflight: preflight && withoutPlace(preflight) };
  return sha256Hex(encodeContainer(KIND, placeless));
}

function withoutPlace(target: PortableTarget): PortableTarget {
  if (target.kind !== "module" || !/^(file|https?):/.test(target.module)) return target;
  return { ...target, module: target.module.slice(target.module.lastIndexOf("/") + 1) };
}
