import { InvalidArgumentError } from "@siegert/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ShardListsOptions, shardLists } from "../src/index.ts";

const STRATEGIES = ["random", "balanced", "stratified", "contiguous"] as const;

const division = fc
  .record({
    groupSizes: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: 0, max: 1000 }),
    strategy: fc.constantFrom(...STRATEGIES),
  })
  .filter(({ groupSizes }) => groupSizes.some((size) => size > 0))
  .map(({ groupSizes, share, seed, strategy }) => {
    const points = groupSizes.reduce((sum, size) => sum + size, 0);
    return { groupSizes, points, seed, strategy, shards: 1 + Math.floor(share * (points - 1)) };
  });

function allLists(options: ShardListsOptions): Uint32Array[] {
  const lists = shardLists(options);
  return Array.from({ length: lists.shards }, (_, shard) => lists.list(shard));
}

test("every point is in one list, lists ascend, and sizes are equal to within one", () => {
  fc.assert(
    fc.property(division, (options) => {
      const divided = shardLists(options);
      const lists = allLists(options);
      const seen = new Uint8Array(options.points);
      for (const list of lists) {
        for (let k = 0; k < list.length; k++) {
          seen[list[k]!]! += 1;
          if (k > 0) expect(list[k]).toBeGreaterThan(list[k - 1]!);
        }
      }
      expect(seen.every((count) => count === 1)).toBe(true);
      const sizes = lists.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(lists.map((_, shard) => divided.size(shard))).toEqual(sizes);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("groups of a shard are those of its points, and balanced strategies share each group out to within one", () => {
  fc.assert(
    fc.property(division, (options) => {
      const divided = shardLists(options);
      const groupOf = options.groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
      const counts = allLists(options).map((list, shard) => {
        const groups = Array.from(list, (point) => groupOf[point]!);
        expect(divided.groups(shard)).toEqual([...new Set(groups)].sort((a, b) => a - b));
        return options.groupSizes.map((_, group) => groups.filter((one) => one === group).length);
      });
      if (options.strategy === "random" || options.strategy === "contiguous") return;
      options.groupSizes.forEach((_, group) => {
        const ofGroup = counts.map((count) => count[group]!);
        expect(Math.max(...ofGroup) - Math.min(...ofGroup)).toBeLessThanOrEqual(1);
      });
    }),
    { seed: 2, numRuns: 200 },
  );
});

test("stratified lists have one point of every K neighbours; contiguous ones are pieces", () => {
  const shards = 7;
  for (const list of allLists({ strategy: "stratified", points: 700, shards, seed: 3 })) {
    expect(Array.from(list, (point) => Math.floor(point / shards))).toEqual([...Array(100).keys()]);
  }
  const pieces = allLists({ strategy: "contiguous", points: 10, shards: 3, seed: 3 });
  expect(pieces.map((list) => [...list])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
});

test.each(["random", "balanced", "stratified"] as const)("%s: a seed names a division, another another", (strategy) => {
  const of = (seed: number) => allLists({ strategy, points: 500, shards: 5, seed, groupSizes: [200, 300] }).map(String);
  expect(of(4)).toEqual(of(4));
  expect(of(5)).not.toEqual(of(4));
});

/** χ² of counts that are expected to be equal, as standard normal by Wilson & Hilferty (1931). */
function chiSquareScore(counts: readonly number[], expected: number, degrees: number, inflation: number): number {
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / inflation;
  const spread = 2 / (9 * degrees);
  return ((chi / degrees) ** (1 / 3) - (1 - spread)) / Math.sqrt(spread);
}

test.each([
  ["random", 40],
  ["balanced", 40],
  ["random", 1000],
] as const)("%s division of %i points: every point is in every shard equally often", (strategy, points) => {
  const shards = 4;
  const seeds = 2000;
  const counts = Array.from({ length: points }, () => Array<number>(shards).fill(0));
  for (let seed = 0; seed < seeds; seed++) {
    const lists = shardLists({ strategy, points, shards, seed });
    for (let shard = 0; shard < shards; shard++) for (const point of lists.list(shard)) counts[point]![shard]! += 1;
  }
  // Sizes are fixed, so rows and columns of the table are: (n − 1)(K − 1) degrees of freedom, variances n/(n − 1) larger.
  const degrees = (points - 1) * (shards - 1);
  const score = chiSquareScore(counts.flat(), seeds / shards, degrees, points / (points - 1));
  expect(Math.abs(score)).toBeLessThan(4);
});

test("random division: neighbours and distant points share a shard as often as chance has it", () => {
  const points = 60;
  const shards = 3;
  const seeds = 3000;
  // Probability that two points share a shard, when sizes are equal.
  const chance = (points / shards - 1) / (points - 1);
  for (const distance of [1, 2, 8, 30]) {
    let together = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const lists = shardLists({ strategy: "random", points, shards, seed });
      const shardOf = new Uint8Array(points);
      for (let shard = 0; shard < shards; shard++) for (const point of lists.list(shard)) shardOf[point] = shard;
      together += Number(shardOf[5] === shardOf[5 + distance]);
    }
    const z = (together - seeds * chance) / Math.sqrt(seeds * chance * (1 - chance));
    expect(Math.abs(z)).toBeLessThan(4);
  }
});

test("a hundred million points are divided without memory for each", () => {
  const points = 100_000_000;
  const before = process.memoryUsage().arrayBuffers;
  const lists = shardLists({
    strategy: "balanced",
    points,
    groupSizes: [points / 4, (3 * points) / 4],
    shards: 20_000,
    seed: 1,
  });
  const list = lists.list(19_999);
  expect(list.length).toBe(5000);
  expect(lists.size(0)).toBe(5000);
  expect(list.every((point, k) => k === 0 || point > list[k - 1]!)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
});

test("given lists are taken as they are, in ascending order", () => {
  const lists = allLists({
    strategy: "given",
    points: 5,
    shards: 2,
    seed: 0,
    lists: [
      [4, 0],
      [3, 1, 2],
    ],
  });
  expect(lists.map((list) => [...list])).toEqual([
    [0, 4],
    [1, 2, 3],
  ]);
});

test.each([
  [
    "a point twice",
    {
      lists: [
        [0, 1],
        [1, 2],
      ],
    },
    "point 1 comes again in list 1",
  ],
  ["a missing point", { lists: [[0], [2]] }, "1 are missing, such as 1"],
  ["a point that is none", { lists: [[0, 1], [3]] }, "lists[1][0]"],
  ["an empty list", { lists: [[0, 1, 2], []] }, "lists[1]"],
  ["too few lists", { lists: [[0, 1, 2]] }, "2 lists"],
] as const)("refuses given lists with %s", (_, { lists }, message) => {
  const divide = () => shardLists({ strategy: "given", points: 3, shards: 2, seed: 0, lists });
  expect(divide).toThrow(InvalidArgumentError);
  expect(divide).toThrow(message);
});

test.each([
  [{ points: 0, shards: 1 }, "points"],
  [{ points: 2.5, shards: 1 }, "points"],
  [{ points: 10, shards: 11 }, "shards"],
  [{ points: 10, shards: 0 }, "shards"],
  [{ points: 10, shards: 2, groupSizes: [4, 5] }, "groupSizes"],
  [{ points: 10, shards: 2, groupSizes: [11, -1] }, "groupSizes"],
] as const)("refuses %j", (change, argument) => {
  expect(() => shardLists({ strategy: "random", seed: 0, ...change })).toThrow(argument);
});
