/**
 * Counts of things dealt to K shards so that any two shards differ by one at most, over several groups too: each group
 * goes on giving its remainder where the one before has stopped.
 */
export interface GroupDeal {
  readonly points: number;
  /** Number of the group's first point. */
  readonly start: number;
  /** The shard that gets the first of the points left over after whole rounds. */
  readonly firstExtra: number;
}

/** How the points of each group are dealt. */
export function dealGroups(groupSizes: readonly number[], shards: number): GroupDeal[] {
  let start = 0;
  let firstExtra = 0;
  return groupSizes.map((points) => {
    const deal = { points, start, firstExtra };
    start += points;
    firstExtra = (firstExtra + (points % shards)) % shards;
    return deal;
  });
}

/** Points of a group that shards before `shard` get. */
export function dealtBefore({ points, firstExtra }: GroupDeal, shards: number, shard: number): number {
  const extras = points % shards;
  const end = firstExtra + extras;
  const straight = Math.max(0, Math.min(shard, end) - firstExtra);
  const wrapped = Math.max(0, Math.min(shard, end - shards));
  return shard * Math.floor(points / shards) + straight + wrapped;
}
