/** Shards that disagree with the others, and draws that went astray. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { combine, type ShardPosterior } from "../src/index.ts";
import { agreeingShards, type DrawnShard, normalShard, normalVector } from "./models/drawn-shards.ts";

const FACTOR = [
  [1, 0, 0],
  [0.5, 0.8, 0],
  [-0.7, 0.2, 0.6],
];
const NAMES = ["rate", "power", "offset"];

/** Eight shards of which some are moved. */
function eight(seed: number, moved: Readonly<Record<number, readonly number[]>>, options: DrawnShard = {}) {
  return agreeingShards(Array(8).fill(FACTOR), seed, { shift: (shard) => moved[shard] ?? [0, 0, 0], ...options }).map(
    (posterior) => ({ ...posterior, points: 100 + posterior.shard }),
  );
}

test("a planted outlier is found and named, with its distance, its worst coordinate and the reason", () => {
  const shards = eight(3, { 5: [0, 8, 0] });
  const { excluded, dataLost, warnings, shards: used } = combine(shards, { dim: 3, names: NAMES, method: "robust" });
  expect(excluded).toHaveLength(1);
  const [outlier] = excluded;
  expect(outlier).toMatchObject({ shard: 5, points: 105, coordinate: 1 });
  expect(outlier!.pValue).toBeLessThan(1e-6);
  expect(outlier!.distance).toBeGreaterThan(outlier!.deviation ** 2);
  expect(outlier!.deviation).toBeGreaterThan(4);
  expect(outlier!.reason).toMatch(/standard deviations from the other shards in 3 coordinates.* in power/);
  expect(used).toEqual([0, 1, 2, 3, 4, 6, 7]);
  const points = 8 * 100 + 28;
  expect(dataLost).toBeCloseTo(105 / points, 14);
  const lost = warnings.find(({ code }) => code === "data-lost");
  expect(lost?.message).toContain("shard(s) 5 were left out: 105 of 828 points");
});

test("an outlier that no coordinate shows alone is found by the joint test", () => {
  // Three standard deviations against the correlation of the first two coordinates, 1.5 along each.
  const tight = [
    [1, 0],
    [0.99, 0.14],
  ];
  const shards = agreeingShards(Array(8).fill(tight), 6, { shift: (shard) => (shard === 2 ? [-0.8, 0.8] : [0, 0]) });
  const { excluded } = combine(shards, { dim: 2, method: "robust" });
  expect(excluded.map(({ shard }) => shard)).toEqual([2]);
  expect(excluded[0]!.deviation).toBeLessThan(3);
});

test("what is left is the consensus of the other shards", () => {
  const shards = eight(3, { 5: [0, 8, 0] });
  const rest = shards.filter(({ shard }) => shard !== 5);
  const robust = combine(shards, { dim: 3, method: "robust" });
  const others = combine(rest, { dim: 3, method: "consensus" });
  robust.mean.forEach((x, i) => {
    expect(Math.abs(x - others.mean[i]!)).toBeLessThan(4 * others.meanError[i]!);
    expect(Math.abs(robust.covariance[4 * i]! / others.covariance[4 * i]! - 1)).toBeLessThan(0.05);
  });
  const plain = combine(shards, { dim: 3, method: "consensus" });
  expect(plain.mean[1]! - others.mean[1]!).toBeGreaterThan(0.7);
});

test("up to three of eight shards that are wrong together are found", () => {
  const moved = { 1: [9, 9, 0], 4: [9, 9, 0], 6: [9, 9, 0] };
  const { excluded } = combine(eight(8, moved), { dim: 3, method: "robust" });
  expect(excluded.map(({ shard }) => shard).sort()).toEqual([1, 4, 6]);
});

test("of one or two shards none is left out", () => {
  const shards = eight(3, { 1: [0, 50, 0] });
  for (const few of [shards.slice(0, 2), shards.slice(0, 1)]) {
    expect(combine(few, { dim: 3, method: "robust" }).excluded).toEqual([]);
  }
});

/** Runs, of those whose shards agree, that leave any shard out, or call their scatter too wide. */
function falseAlarms(runs: number, rate: number, seed: number, options: DrawnShard) {
  let excluding = 0;
  let warning = 0;
  for (let run = 0; run < runs; run++) {
    const shards = agreeingShards(Array(6).fill(FACTOR), seed + run, options);
    const { excluded, warnings } = combine(shards, { dim: 3, method: "robust", outlierRate: rate });
    if (excluded.length > 0) excluding++;
    if (warnings.some(({ code }) => code === "overdispersed")) warning++;
  }
  return { excluding, warning };
}

test.each([
  [0.2, 100],
  [0.05, 20_000],
])("when all agree, a share of %d of the runs leaves any out", (rate, seed) => {
  const runs = 600;
  const { excluding, warning } = falseAlarms(runs, rate, seed, { chains: 2, draws: 100 });
  expect(Math.abs(excluding - runs * rate) / Math.sqrt(runs * rate * (1 - rate))).toBeLessThan(4);
  // Scatter beyond two standard errors of its median, which is skewed.
  expect(warning / runs).toBeLessThan(0.1);
});

test("where all shards scatter too widely none is singled out, and that is said", () => {
  const random = createRandom(12, "wide");
  const shards = Array.from({ length: 12 }, (_, shard): ShardPosterior => {
    const wide = FACTOR.map((row) => row.map((x) => 4 * x));
    return normalShard({ mean: normalVector({ mean: [0, 0, 0], factor: wide }, random), factor: FACTOR }, random, {
      shard,
    });
  });
  const { excluded, warnings } = combine(shards, { dim: 3, method: "robust" });
  expect(excluded).toEqual([]);
  const warning = warnings.find(({ code }) => code === "overdispersed");
  const times = Number(/scatter ([\d.]+) times/.exec(warning!.message)![1]);
  expect(times).toBeGreaterThan(2.5);
  expect(times).toBeLessThan(6);
});

test("the only shard with some coordinate is kept, with a warning", () => {
  const shards = eight(3, { 5: [0, 8, 0] }).map((shard) =>
    shard.shard === 5 ? { ...shard, coordinates: [0, 1, 3] } : shard,
  );
  const all = shards.map((shard) => ({ ...shard, coordinates: shard.coordinates ?? [0, 1, 2] }));
  const { excluded, warnings, shards: used } = combine(all, { dim: 4, method: "robust" });
  expect([excluded, used.length]).toEqual([[], 8]);
  expect(warnings.map(({ code }) => code)).toContain("kept-outlier");
  expect(warnings.find(({ code }) => code === "kept-outlier")!.message).toContain("shard 5");
});

test("stray draws are drawn in: their share is told, and mean and covariance hardly feel them", () => {
  const shards = eight(21, {}, { chains: 4, draws: 2500 });
  const strays = shards.map((shard) => {
    const random = createRandom(4, "strays", shard.shard);
    const values = shard.values.slice();
    for (let n = 0; n < values.length / 3; n++) {
      if (random.uniform() < 0.01) for (let i = 0; i < 3; i++) values[3 * n + i] = 60 * random.normal();
    }
    return { ...shard, values };
  });
  const clean = combine(shards, { dim: 3, method: "consensus" });
  const robust = combine(strays, { dim: 3, method: "robust" });
  const plain = combine(strays, { dim: 3, method: "consensus" });
  // One draw in a thousand of a Gaussian is beyond the limit, and 1 % were planted, of which few lie within.
  expect(robust.winsorised).toBeGreaterThan(0.009);
  expect(robust.winsorised).toBeLessThan(0.013);
  expect(robust.excluded).toEqual([]);
  for (let i = 0; i < 3; i++) {
    const sd = Math.sqrt(clean.covariance[4 * i]!);
    expect(Math.abs(robust.mean[i]! - clean.mean[i]!)).toBeLessThan(0.1 * sd);
    expect(robust.covariance[4 * i]! / clean.covariance[4 * i]!).toBeGreaterThan(0.9);
    expect(robust.covariance[4 * i]! / clean.covariance[4 * i]!).toBeLessThan(1.2);
    expect(plain.covariance[4 * i]! / clean.covariance[4 * i]!).toBeGreaterThan(10);
  }
});

test("Gaussian draws are hardly touched", () => {
  const shards = eight(22, {}, { chains: 4, draws: 2500 });
  const robust = combine(shards, { dim: 3, method: "robust" });
  const plain = combine(shards, { dim: 3, method: "consensus" });
  const count = 8 * 4 * 2500;
  expect(Math.abs(robust.winsorised! - 1e-3)).toBeLessThan(4 * Math.sqrt(1e-3 / count));
  for (let i = 0; i < 9; i++) {
    const [row, column] = [Math.floor(i / 3), i % 3];
    const scale = Math.sqrt(plain.covariance[4 * row]! * plain.covariance[4 * column]!);
    expect(Math.abs(robust.covariance[i]! - plain.covariance[i]!) / scale).toBeLessThan(0.005);
  }
});

test("methods other than robust leave nobody out", () => {
  const shards = eight(3, { 5: [0, 8, 0] });
  for (const method of ["consensus", "weighted-gaussian", "mixture", "average"] as const) {
    const { excluded, dataLost, shards: used } = combine(shards, { dim: 3, method });
    expect([excluded, dataLost, used.length]).toEqual([[], 0, 8]);
  }
});
