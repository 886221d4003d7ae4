/** Two hundred shards of fourteen coordinates, and the memory that they cost. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { type Consensus, combine, type ShardPosterior } from "../src/index.ts";

const SHARDS = 200;
const CHAINS = 4;
const DRAWS = 500;
const DIM = 14;

/** Shards of independent coordinates of different scales, drawn once and shifted: making them must not take the time. */
function manyShards(): ShardPosterior[] {
  const random = createRandom(1, "large");
  return Array.from({ length: SHARDS }, (_, shard) => {
    const values = random.fillNormal(new Float64Array(CHAINS * DRAWS * DIM));
    const centre = random.fillNormal(new Float64Array(DIM));
    for (let at = 0; at < values.length; at++) values[at] = (values[at]! + centre[at % DIM]!) * 10 ** ((at % DIM) - 7);
    return { shard, points: 1000, chains: CHAINS, draws: DRAWS, values };
  });
}

/** Bytes of every typed array that is made while something runs. */
function bytesAllocated<T>(run: () => T): { readonly result: T; readonly bytes: number } {
  const before = Float64Array;
  let bytes = 0;
  const counted = new Proxy(before, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget) as Float64Array;
      bytes += made.byteLength;
      return made;
    },
  });
  globalThis.Float64Array = counted;
  // Slices and maps are made by the constructor that the prototype names.
  before.prototype.constructor = counted;
  try {
    return { result: run(), bytes };
  } finally {
    globalThis.Float64Array = before;
    before.prototype.constructor = before;
  }
}

const shards = manyShards();
const output = CHAINS * DRAWS * DIM * 8;

test("the count sees every way of making an array", () => {
  const ways = [
    () => new Float64Array(3),
    () => Float64Array.from([1, 2, 3]),
    () => shards[0]!.values.slice(0, 3),
    () => shards[0]!.values.subarray(0, 3).map((x) => x),
  ];
  for (const way of ways) expect(bytesAllocated(way).bytes).toBeGreaterThanOrEqual(24);
});

test("200 shards × 2000 draws × 14 coordinates: the consensus, in a small multiple of the memory of its draws", () => {
  const { result, bytes } = bytesAllocated((): Consensus => combine(shards, { dim: DIM, method: "consensus" }));
  expect(result.values).toHaveLength(CHAINS * DRAWS * DIM);
  // Matrices of every shard come on top: the draws of all shards together are two hundred times the output.
  const matrices = SHARDS * DIM * DIM * 8;
  expect(bytes).toBeGreaterThan(output);
  expect(bytes).toBeLessThan(2 * output + 40 * matrices);
  expect(bytes).toBeLessThan((SHARDS * output) / 4);
  for (let i = 0; i < DIM; i++) {
    const scale = 10 ** (i - 7);
    // The precision of each is 1 / scale², the whole has 200 times that.
    expect(Math.abs(Math.sqrt(result.covariance[i * (DIM + 1)]!) * Math.sqrt(SHARDS) - scale) / scale).toBeLessThan(
      0.08,
    );
  }
});

test("more draws cost no more than themselves: nothing is made per draw", () => {
  const half = shards.map((shard) => ({
    ...shard,
    draws: DRAWS / 2,
    values: shard.values.subarray(0, shard.values.length / 2),
  }));
  for (const method of ["consensus", "weighted-gaussian", "average"] as const) {
    const whole = bytesAllocated(() => combine(shards, { dim: DIM, method })).bytes;
    const part = bytesAllocated(() => combine(half, { dim: DIM, method })).bytes;
    expect(whole - part).toBe(output / 2);
  }
});
