import type { ModuleTarget } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import type { ShardedModel } from "../../src/index.ts";

const module = new URL("./linear-shard.ts", import.meta.url).href;

export interface LinearModelOptions {
  readonly points?: number;
  readonly dataSeed?: number;
  readonly slowMs?: number;
  readonly groupSizes?: readonly number[];
  /** Makes another target of some shards, by their first point. */
  readonly replace?: (points: Uint32Array) => string | undefined;
}

/** A straight line through points with x uniform on (0, 2), whose posterior is normal with correlated coordinates. */
export function linearModel(options: LinearModelOptions = {}): ShardedModel {
  const { points = 4000, dataSeed = 1, slowMs, groupSizes, replace } = options;
  const random = createRandom(dataSeed, "linear model");
  const x = Float64Array.from({ length: points }, () => 2 * random.uniform());
  const y = x.map((xi) => 0.5 - 1.5 * xi + random.normal());
  return {
    points,
    coordinates: ["a", "b"],
    ...(groupSizes && { groupSizes }),
    shard: (list, priorPower): ModuleTarget => ({
      kind: "module",
      module,
      export: replace?.(list) ?? "linearShard",
      argument: {
        x: Float64Array.from(list, (i) => x[i]!),
        y: Float64Array.from(list, (i) => y[i]!),
        priorPower,
        ...(slowMs !== undefined && { slowMs }),
      },
    }),
  };
}

/** Small runs. */
export const SMALL = {
  sharding: { numShards: 8 },
  perShardMcmc: { numWarmup: 150, numSamples: 200, numChains: 2 },
} as const;
