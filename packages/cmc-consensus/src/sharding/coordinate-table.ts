import { InvalidArgumentError } from "@siegert/errors";
import type { ShardedModel } from "../sharded-model.ts";
import type { ShardLists } from "./shard-lists.ts";

/** Which shards have which coordinates. */
export interface CoordinateTable {
  /** Shards that have each coordinate. */
  readonly shardsWith: Float64Array;
  /** A shard's coordinates, ascending; undefined for all. */
  coordinatesOf(shard: number): readonly number[] | undefined;
}

/**
 * Asks the model for the coordinates of every shard; shards with the same groups share one list.
 * @throws {InvalidArgumentError} for a list that is none, and for a coordinate that no shard has.
 */
export function coordinateTable(
  model: Pick<ShardedModel, "coordinates" | "coordinatesOf">,
  lists: ShardLists,
): CoordinateTable {
  const dim = model.coordinates.length;
  const shardsWith = new Float64Array(dim);
  if (!model.coordinatesOf) {
    return { shardsWith: shardsWith.fill(lists.shards), coordinatesOf: () => undefined };
  }
  const known = new Map<string, readonly number[] | undefined>();
  const keys: string[] = [];
  for (let shard = 0; shard < lists.shards; shard++) {
    const groups = lists.groups(shard);
    const key = groups.join();
    if (!known.has(key)) known.set(key, checked(model.coordinatesOf(groups), dim, groups));
    keys.push(key);
    for (const coordinate of known.get(key) ?? shardsWith.keys()) shardsWith[coordinate]! += 1;
  }
  const orphan = shardsWith.indexOf(0);
  if (orphan >= 0) {
    const requirement = `give every coordinate to some shard; nothing informs ${model.coordinates[orphan]}`;
    throw new InvalidArgumentError("model.coordinatesOf", requirement, orphan);
  }
  return { shardsWith, coordinatesOf: (shard) => known.get(keys[shard]!) };
}

function checked(
  coordinates: readonly number[] | undefined,
  dim: number,
  groups: readonly number[],
): readonly number[] | undefined {
  if (coordinates === undefined) return undefined;
  const isGood =
    coordinates.length > 0 &&
    coordinates.every((one, k) => Number.isInteger(one) && one < dim && one > (k > 0 ? coordinates[k - 1]! : -1));
  if (isGood) return coordinates.length === dim ? undefined : [...coordinates];
  const requirement = `give ascending numbers from 0 to ${dim - 1}, at least one, for groups ${groups.join(", ")}`;
  throw new InvalidArgumentError("model.coordinatesOf", requirement, coordinates);
}
