import { InvalidArgumentError } from "@siegert/errors";
import { SamplingPlan } from "@siegert/nuts/plan";
import { createRandom } from "@siegert/random";
import type { CmcConfig, CmcOptions } from "../config/cmc-config.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import type { ShardedModel } from "../sharded-model.ts";
import { type CoordinateTable, coordinateTable } from "./coordinate-table.ts";
import { shardLists } from "./divide-points.ts";
import type { ShardLists } from "./shard-lists.ts";
import type { PlanWarning, ShardPlan } from "./shard-plan.ts";
import { autoShardSize, shardSizeProfile } from "./shard-size.ts";

/** What a plan needs to know of a model. */
export type PlannedModel = Pick<ShardedModel, "points" | "groupSizes" | "coordinates" | "coordinatesOf">;

/**
 * Divides the points of a model and says how each part is sampled, without sampling anything.
 * @throws {InvalidArgumentError} for a model or a configuration that cannot be, and for a coordinate that no shard has.
 */
export function planShards(model: PlannedModel, options: CmcOptions = {}): ShardPlan {
  const config = resolveConfig(options);
  checkModel(model);
  const dim = model.coordinates.length;
  const minimum = smallestShard(config, dim);
  const shards = numberOfShards(model, config, minimum);
  const { strategy, lists: given, seedBase } = config.sharding;
  const lists = shardLists({
    strategy,
    points: model.points,
    groupSizes: model.groupSizes,
    shards,
    seed: config.seed + seedBase,
    lists: given,
  });
  const sizes = extremes(lists);
  const samplingPlan = SamplingPlan.fromConfig(samplingConfig(config), sizes.largest, dim);
  const { thinning, drawBytes } = memoryPlan(config, samplingPlan, shards, dim);
  return {
    config,
    points: model.points,
    shards,
    pointsPerShard: sizes.largest,
    coordinates: [...model.coordinates],
    samplingPlan,
    thinning,
    drawBytes,
    warnings: warningsOf(sizes.smallest, minimum, shards, thinning),
    lists,
    ...priorsOf(coordinateTable(model, lists), config),
    seedOf: (shard) => createRandom(config.seed, "shard", shard).integer(2 ** 53),
  };
}

function priorsOf(
  { shardsWith, coordinatesOf }: CoordinateTable,
  { priorTempering }: CmcConfig,
): Pick<ShardPlan, "shardsWith" | "coordinatesOf" | "priorPower"> {
  const power = (coordinate: number) => (priorTempering ? 1 / shardsWith[coordinate]! : 1);
  return {
    shardsWith,
    coordinatesOf,
    priorPower(shard) {
      const own = coordinatesOf(shard) ?? [...shardsWith.keys()];
      return Float64Array.from(own, power);
    },
  };
}

function checkModel({ points, coordinates }: PlannedModel): void {
  if (!(Number.isSafeInteger(points) && points >= 1)) {
    throw new InvalidArgumentError("model.points", "be a positive integer", points);
  }
  const isGood =
    Array.isArray(coordinates) && coordinates.length > 0 && new Set(coordinates).size === coordinates.length;
  if (!isGood) throw new InvalidArgumentError("model.coordinates", "be distinct names, at least one", coordinates);
}

function smallestShard({ sharding }: CmcConfig, dim: number): number {
  const { minPointsPerShard, minPointsPerParam, profile } = sharding;
  const own = minPointsPerShard === "auto" ? shardSizeProfile(profile, "profile").floor : minPointsPerShard;
  return Math.max(own, minPointsPerParam * dim);
}

function numberOfShards({ points, groupSizes }: PlannedModel, { sharding }: CmcConfig, minimum: number): number {
  const { numShards, maxPointsPerShard, lists, profile } = sharding;
  if (lists) return lists.length;
  if (numShards !== "auto") {
    if (numShards <= points) return numShards;
    throw new InvalidArgumentError(
      "config.sharding.numShards",
      `be at most the number of points, ${points}`,
      numShards,
    );
  }
  if (maxPointsPerShard !== "auto") return Math.ceil(points / maxPointsPerShard);
  const size = Math.max(autoShardSize({ points, groups: groupSizes?.length, profile }), minimum);
  // Equal parts of at most `size` could fall below the minimum; then there are fewer and larger ones.
  return Math.max(1, Math.min(Math.ceil(points / size), Math.floor(points / minimum)));
}

function extremes(lists: ShardLists): { readonly smallest: number; readonly largest: number } {
  let smallest = Infinity;
  let largest = 0;
  for (let shard = 0; shard < lists.shards; shard++) {
    const size = lists.size(shard);
    smallest = Math.min(smallest, size);
    largest = Math.max(largest, size);
  }
  return { smallest, largest };
}

function samplingConfig({ perShardMcmc }: CmcConfig): Parameters<typeof SamplingPlan.fromConfig>[0] {
  const { numWarmup, numSamples, numChains, adaptiveSampling, minWarmup, minSamples } = perShardMcmc;
  return { numWarmup, numSamples, numChains, adaptive: adaptiveSampling, minWarmup, minSamples };
}

/** A draw is its coordinates and its log density. */
function memoryPlan(
  { maxDrawBytes }: CmcConfig,
  { nSamples, nChains }: SamplingPlan,
  shards: number,
  dim: number,
): { readonly thinning: number; readonly drawBytes: number } {
  const bytesWith = (thinning: number) => 8 * (dim + 1) * nChains * Math.floor(nSamples / thinning) * shards;
  const thinning = Math.max(1, Math.min(Math.ceil(bytesWith(1) / maxDrawBytes), Math.floor(nSamples / 4)));
  return { thinning, drawBytes: bytesWith(thinning) };
}

function warningsOf(smallest: number, minimum: number, shards: number, thinning: number): PlanWarning[] {
  const warnings: PlanWarning[] = [];
  if (shards > 1 && smallest < minimum) {
    const message = `The smallest of ${shards} shards has ${smallest} points, fewer than the ${minimum} that are advised: posteriors of small shards are less normal, and their consensus less exact.`;
    warnings.push({ code: "small-shards", message });
  }
  if (thinning > 1) {
    const message = `Every ${thinning}th draw of a shard is kept, so that all draws stay within maxDrawBytes.`;
    warnings.push({ code: "thinning", message });
  }
  return warnings;
}
