import { InvalidArgumentError } from "@siegert/errors";
import type { GroupDeal } from "./deal.ts";
import { groupsOf } from "./groups-of.ts";
import type { ShardLists } from "./shard-lists.ts";

/** Lists of a user's own. @throws {InvalidArgumentError} unless they hold every point once. */
export function givenLists(
  lists: readonly ArrayLike<number>[] | undefined,
  points: number,
  shards: number,
  deals: readonly GroupDeal[],
): ShardLists {
  if (!lists || lists.length !== shards) {
    throw new InvalidArgumentError("lists", `be ${shards} lists of points`, lists);
  }
  const sorted = lists.map((list, shard) => checkedList(list, shard, points));
  requirePartition(sorted, points);
  return {
    shards,
    points,
    list: (shard) => sorted[shard]!.slice(),
    size: (shard) => sorted[shard]!.length,
    groups: (shard) => groupsOf(sorted[shard]!, deals),
  };
}

function checkedList(list: ArrayLike<number>, shard: number, points: number): Uint32Array {
  if (!(list?.length > 0)) throw new InvalidArgumentError(`lists[${shard}]`, "hold at least one point", list);
  for (let k = 0; k < list.length; k++) {
    const point = list[k]!;
    if (!(Number.isInteger(point) && point >= 0 && point < points)) {
      throw new InvalidArgumentError(
        `lists[${shard}][${k}]`,
        `be the number of a point, from 0 to ${points - 1}`,
        point,
      );
    }
  }
  return Uint32Array.from(list).sort();
}

function requirePartition(lists: readonly Uint32Array[], points: number): void {
  const seen = new Uint8Array(Math.ceil(points / 8));
  lists.forEach((list, shard) => {
    for (const point of list) {
      const bit = 1 << (point & 7);
      if ((seen[point >>> 3]! & bit) !== 0) {
        throw new InvalidArgumentError(
          "lists",
          `hold every point once; point ${point} comes again in list ${shard}`,
          lists,
        );
      }
      seen[point >>> 3]! |= bit;
    }
  });
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  if (count === points) return;
  let missing = 0;
  while ((seen[missing >>> 3]! & (1 << (missing & 7))) !== 0) missing++;
  throw new InvalidArgumentError("lists", `hold every point; ${points - count} are missing, such as ${missing}`, lists);
}
