import { InvalidArgumentError } from "@siegert/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type PathElement, type Random } from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { correlationZ, draws, kolmogorovSmirnov } from "./goodness-of-fit.ts";

const nameOf = (random: Random): string => {
  const { key, counter } = random.state();
  return [...key, counter[2], counter[3]].join(" ");
};
const element = fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger(), fc.bigInt());
const path = fc.array(element, { minLength: 1, maxLength: 5 });

test("names and first words of streams agree with a second implementation", () => {
  for (const { path, key, high, block0, block1 } of reference.streams) {
    const [seed, ...rest] = path.map((part) => (typeof part === "string" ? BigInt(part) : part.text));
    const random = createRandom(seed as bigint, ...rest);
    expect(random.state()).toEqual({ generator: "philox4x32-10", key, counter: [0, 0, ...high], position: 0 });
    expect(Array.from({ length: 8 }, () => random.uint32())).toEqual([...block0, ...block1]);
  }
});

test("split(path) is createRandom with the longer path, however much was drawn before", () => {
  fc.assert(
    fc.property(fc.bigInt(), path, path, fc.nat(9), (seed, first, second, drawn) => {
      const parent = createRandom(seed, ...first);
      draws(drawn, () => parent.uint32());
      expect(parent.split(...second).state()).toEqual(createRandom(seed, ...first, ...second).state());
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("different paths name different streams, and a number is its bigint", () => {
  const canonical = (parts: readonly PathElement[]): string =>
    parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : String(part))).join(",");
  fc.assert(
    fc.property(path, path, (first, second) => {
      const isSame = canonical(first) === canonical(second);
      expect(nameOf(createRandom(1, ...first)) === nameOf(createRandom(1, ...second))).toBe(isSame);
    }),
    { numRuns: 1000, seed: 2 },
  );
  expect(nameOf(createRandom(7, 8))).toBe(nameOf(createRandom(7n, 8n)));
  expect(nameOf(createRandom(-0, -0))).toBe(nameOf(createRandom(0, 0)));
});

test.each<[PathElement[], PathElement[]]>([
  [["ab"], ["a", "b"]],
  [["1"], [1]],
  [[1], [-1]],
  [[""], []],
  [[0], []],
  [["a"], ["a\0"]],
  [
    [1, 2],
    [2, 1],
  ],
  [[12], [1, 2]],
  [[2n ** 64n], [0n, 1n]],
  [
    ["chain", 1, "shard", 2],
    ["chain", 2, "shard", 1],
  ],
])("paths %s and %s are told apart", (first, second) => {
  expect(nameOf(createRandom(5, ...first))).not.toBe(nameOf(createRandom(5, ...second)));
});

test("no two of 60,000 seeds, chains, shards and purposes share a name", () => {
  const names = new Set<string>();
  for (let seed = -50; seed < 50; seed++) {
    for (const purpose of ["nuts", "swap", "shuffle"]) {
      const parent = createRandom(seed, purpose);
      for (let chain = 0; chain < 10; chain++) {
        for (let shard = 0; shard < 20; shard++) names.add(nameOf(parent.split(chain, shard)));
      }
    }
  }
  expect(names.size).toBe(60_000);
});

test("one bit of the seed changes half of the bits of the name", () => {
  const bits = (random: Random): bigint =>
    nameOf(random)
      .split(" ")
      .reduce((all, word) => (all << 32n) | BigInt(word), 0n);
  let flipped = 0;
  let trials = 0;
  for (let seed = 0n; seed < 200n; seed++) {
    for (let bit = 0n; bit < 64n; bit += 4n) {
      const difference = bits(createRandom(seed)) ^ bits(createRandom(seed ^ (1n << bit)));
      flipped += difference.toString(2).replaceAll("0", "").length;
      trials += 128;
    }
  }
  expect(Math.abs(flipped - trials / 2) / Math.sqrt(trials / 4)).toBeLessThan(4);
});

test("neighbouring streams are uncorrelated: seeds, chains and shards next to each other", () => {
  const sample = (random: Random): Float64Array => random.fillUniform(new Float64Array(100_000));
  const neighbours: [Random, Random][] = [
    [createRandom(0), createRandom(1)],
    [createRandom(42), createRandom(-42)],
    [createRandom(42, "nuts", 0), createRandom(42, "nuts", 1)],
    [createRandom(42, "nuts", 0), createRandom(42, "swap", 0)],
    [createRandom(42), createRandom(42).split(0)],
    [createRandom(42, 3, 4), createRandom(42, 4, 3)],
  ];
  for (const [first, second] of neighbours) {
    const x = sample(first);
    const y = sample(second);
    for (let lag = 0; lag < 5; lag++) expect(Math.abs(correlationZ(x, y, lag))).toBeLessThan(4);
  }
});

test("the first draws of 50,000 neighbouring streams are uniform and uncorrelated", () => {
  const parent = createRandom(42, "shards");
  let shard = 0;
  const first = draws(50_000, () => parent.split(shard++).uniform());
  expect(kolmogorovSmirnov(first, (x) => x)).toBeGreaterThan(1e-3);
  for (let lag = 1; lag <= 5; lag++) expect(Math.abs(correlationZ(first, first, lag))).toBeLessThan(4);
});

test.each([1.5, Number.NaN, Infinity, 2 ** 53, "42", undefined, null, {}])(
  "createRandom refuses the seed %s",
  (seed) => {
    expect(() => createRandom(seed as number)).toThrow(InvalidArgumentError);
  },
);

test.each([0.5, Number.NaN, -Infinity, undefined, null, true, ["a"]])("a path refuses the element %s", (part) => {
  const attempts = [() => createRandom(1, "a", part as never), () => createRandom(1).split("a", part as never)];
  for (const attempt of attempts) {
    expect(attempt).toThrow(expect.objectContaining({ name: "InvalidArgumentError", argument: "path[1]" }));
  }
});

test("split refuses an empty path, which would name the stream itself", () => {
  expect(() => createRandom(1).split()).toThrow(InvalidArgumentError);
});
