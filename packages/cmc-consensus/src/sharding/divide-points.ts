import { InvalidArgumentError } from "@siegert/errors";
import type { ShardingStrategy } from "../config/cmc-config.ts";
import { dealGroups, dealtBefore, type GroupDeal } from "./deal.ts";
import { givenLists } from "./given-lists.ts";
import { groupsOf } from "./groups-of.ts";
import { IndexPermutation } from "./index-permutation.ts";
import type { ShardLists } from "./shard-lists.ts";

/** What shards are divided by. */
export interface ShardListsOptions {
  readonly strategy: ShardingStrategy;
  /** Data points in all, up to 2³². */
  readonly points: number;
  /** Points of each group, in their order. Default: one group. */
  readonly groupSizes?: readonly number[] | undefined;
  /** From 1 to the number of points; for `given` the number of lists. */
  readonly shards: number;
  /** Names the division. */
  readonly seed: number;
  /** For `given`. */
  readonly lists?: readonly ArrayLike<number>[] | undefined;
}

/**
 * Divides points among shards; no two sizes differ by more than one, except of `given` lists. `balanced` and
 * `stratified` also hold the share of every group to within one point. No memory per point is kept: random orders are
 * computed where they are needed.
 * @throws {InvalidArgumentError} for counts that are none, groups that are not all points, and lists that do not hold
 *   every point once.
 */
export function shardLists(options: ShardListsOptions): ShardLists {
  const { strategy, points, shards, seed, lists } = options;
  if (!(Number.isSafeInteger(points) && points >= 1 && points <= 2 ** 32)) {
    throw new InvalidArgumentError("points", "be an integer from 1 to 2^32", points);
  }
  if (!(Number.isSafeInteger(shards) && shards >= 1 && shards <= points)) {
    throw new InvalidArgumentError("shards", `be an integer from 1 to the number of points, ${points}`, shards);
  }
  const groupSizes = checkedGroups(options.groupSizes ?? [points], points);
  const deals = dealGroups(groupSizes, shards);
  switch (strategy) {
    case "given":
      return givenLists(lists, points, shards, deals);
    case "balanced":
      return dealtLists(points, shards, deals, balancedPicker(deals, shards, seed));
    case "stratified":
      return dealtLists(points, shards, deals, stratifiedPicker(deals, shards, seed));
    case "contiguous":
    case "random":
      return slicedLists(points, shards, deals, strategy === "random" ? new IndexPermutation(points, seed) : undefined);
    default:
      throw new InvalidArgumentError(
        "strategy",
        "be one of random, balanced, stratified, contiguous, given",
        strategy satisfies never,
      );
  }
}

/** Writes the points of a group that a shard gets, from `at` on; gives where it stopped. */
type Picker = (group: number, shard: number, out: Uint32Array, at: number) => number;

function dealtLists(points: number, shards: number, deals: readonly GroupDeal[], pick: Picker): ShardLists {
  const countOf = (deal: GroupDeal, shard: number) =>
    dealtBefore(deal, shards, shard + 1) - dealtBefore(deal, shards, shard);
  const size = (shard: number) => deals.reduce((sum, deal) => sum + countOf(deal, shard), 0);
  return {
    shards,
    points,
    size,
    list(shard) {
      const out = new Uint32Array(size(shard));
      let at = 0;
      for (let group = 0; group < deals.length; group++) {
        const from = at;
        at = pick(group, shard, out, at);
        out.subarray(from, at).sort();
      }
      return out;
    },
    groups: (shard) => [...deals.keys()].filter((group) => countOf(deals[group]!, shard) > 0),
  };
}

/** Each group in a random order of its own, cut into pieces. */
function balancedPicker(deals: readonly GroupDeal[], shards: number, seed: number): Picker {
  const orders = deals.map(({ points }, group) => new IndexPermutation(Math.max(1, points), seed, group));
  return (group, shard, out, from) => {
    const deal = deals[group]!;
    const order = orders[group]!;
    const end = dealtBefore(deal, shards, shard + 1);
    let at = from;
    for (let place = dealtBefore(deal, shards, shard); place < end; place++) out[at++] = deal.start + order.at(place);
    return at;
  };
}

/** Every K neighbours of a group in a random order of their own, one for each shard. */
function stratifiedPicker(deals: readonly GroupDeal[], shards: number, seed: number): Picker {
  const rounds = deals.map((_, group) => new IndexPermutation(shards, seed, "round", group));
  const rests = deals.map(
    ({ points }, group) => new IndexPermutation(Math.max(1, points % shards), seed, "rest", group),
  );
  return (group, shard, out, from) => {
    const { points, start, firstExtra } = deals[group]!;
    const whole = Math.floor(points / shards);
    let at = from;
    for (let round = 0; round < whole; round++) {
      out[at++] = start + round * shards + rounds[group]!.at(shard, round);
    }
    const extra = (shard - firstExtra + shards) % shards;
    if (extra < points % shards) out[at++] = start + whole * shards + rests[group]!.at(extra);
    return at;
  };
}

/** One order of all points, cut into pieces. */
function slicedLists(
  points: number,
  shards: number,
  deals: readonly GroupDeal[],
  order: IndexPermutation | undefined,
): ShardLists {
  const whole: GroupDeal = { points, start: 0, firstExtra: 0 };
  const begin = (shard: number) => dealtBefore(whole, shards, shard);
  const list = (shard: number) => {
    const from = begin(shard);
    const out = new Uint32Array(begin(shard + 1) - from);
    for (let k = 0; k < out.length; k++) out[k] = order ? order.at(from + k) : from + k;
    return order ? out.sort() : out;
  };
  return {
    shards,
    points,
    list,
    size: (shard) => begin(shard + 1) - begin(shard),
    groups: (shard) => groupsOf(list(shard), deals),
  };
}

function checkedGroups(groupSizes: readonly number[], points: number): readonly number[] {
  const isGood = groupSizes.every((size) => Number.isSafeInteger(size) && size >= 0);
  const sum = groupSizes.reduce((total, size) => total + size, 0);
  if (isGood && sum === points) return groupSizes;
  throw new InvalidArgumentError("groupSizes", `be non-negative integers with the sum ${points}`, groupSizes);
}
