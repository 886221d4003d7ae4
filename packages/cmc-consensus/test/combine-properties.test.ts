/** What holds of any combination: order, units, seeds, chains and counts of draws. */
import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { type CombineMethod, combine, type ShardPosterior } from "../src/index.ts";
import { agreeingShards, normalShard } from "./models/drawn-shards.ts";

const FACTORS = [
  [[1], [0.6, 0.8]],
  [[2], [-0.5, 0.7]],
  [[0.8], [1.1, 1.5]],
  [[1.2], [0, 0.6]],
  [[1], [0.2, 1]],
];
const METHODS = [
  "consensus",
  "weighted-gaussian",
  "robust",
  "semiparametric",
  "nonparametric",
  "mixture",
  "average",
] as const satisfies readonly CombineMethod[];
const KEEPING = ["consensus", "robust", "mixture", "average", "semiparametric", "nonparametric"] as const;
const RANDOM = ["weighted-gaussian", "semiparametric", "nonparametric"] as const;

const shards = agreeingShards(FACTORS, 11, { chains: 3, draws: 200 });
const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Draws with two modes of equal weight. */
function bimodalShard(): ShardPosterior {
  const one = normalShard({ mean: [0, 0], factor: FACTORS[0]! }, createRandom(2, "bimodal"), { chains: 4, draws: 300 });
  return { ...one, values: one.values.map((x, at) => x + 12 * (Math.floor(at / 2) % 2)) };
}

test.each([...KEEPING, "auto"] as const)("%s gives the draws of a single shard back to the bit", (method) => {
  for (const shard of [shards[1]!, bimodalShard()]) {
    const { values, chains, draws, mean: middle, gaussian, covariance } = combine([shard], { dim: 2, method });
    expect(values).toEqual(shard.values);
    expect(values).not.toBe(shard.values);
    expect([chains, draws]).toEqual([shard.chains, shard.draws]);
    gaussian.mean.forEach((x, i) => {
      expect(Math.abs(x - middle[i]!)).toBeLessThan(1e-12);
    });
    gaussian.covariance.forEach((x, at) => {
      expect(Math.abs(x / covariance[at]! - 1)).toBeLessThan(1e-12);
    });
  }
});

test("fewer draws of a single shard are its own, evenly spaced, from every chain", () => {
  const { values, chains, draws } = combine([shards[0]!], { dim: 2, method: "consensus", draws: 50 });
  expect([chains, draws, values.length]).toEqual([3, 50, 300]);
  for (let chain = 0; chain < 3; chain++) {
    for (let draw = 0; draw < 50; draw++) {
      const from = (chain * 200 + 4 * draw) * 2;
      const at = (chain * 50 + draw) * 2;
      expect(values.slice(at, at + 2)).toEqual(shards[0]!.values.slice(from, from + 2));
    }
  }
});

test.each(METHODS)("%s: the order in which shards come plays no role", (method) => {
  const options = { dim: 2, method, seed: 4, draws: 60 };
  const straight = combine(shards, options);
  for (const order of [
    [4, 3, 2, 1, 0],
    [2, 0, 4, 1, 3],
  ]) {
    expect(
      combine(
        order.map((s) => shards[s]!),
        options,
      ),
    ).toEqual(straight);
  }
  expect(straight.shards).toEqual([0, 1, 2, 3, 4]);
});

test.each(METHODS)("%s: the same seed gives the same bits, and the shards stay as they were", (method) => {
  const before = shards.map(({ values }) => values.slice());
  const options = { dim: 2, method, seed: 9, draws: 60 };
  expect(combine(shards, options)).toEqual(combine(shards, options));
  expect(shards.map(({ values }) => values)).toEqual(before);
});

test.each(METHODS)("%s: another seed changes the draws only where they are random", (method) => {
  const [one, other] = [1, 2].map((seed) => combine(shards, { dim: 2, method, seed, draws: 60 }).values);
  const isRandom = (RANDOM as readonly string[]).includes(method);
  expect(one!.every((x, at) => x === other![at])).toBe(!isRandom);
});

/** θ ↦ B θ + c. */
const B = [
  [2000, -300],
  [0.01, 0.04],
] as const;
const C = [5, -7] as const;
function mapped(values: Float64Array): Float64Array {
  const out = values.slice();
  for (let at = 0; at < out.length; at += 2) {
    for (let i = 0; i < 2; i++) out[at + i] = B[i]![0]! * values[at]! + B[i]![1]! * values[at + 1]! + C[i]!;
  }
  return out;
}

test.each(["consensus", "robust"] as const)("%s of draws in other coordinates is in those coordinates", (method) => {
  const stretched = shards.map((shard) => ({ ...shard, values: mapped(shard.values) }));
  const here = combine(shards, { dim: 2, method });
  const there = combine(stretched, { dim: 2, method });
  const scale = [2000, 0.04];
  mapped(here.values).forEach((x, at) => {
    expect(Math.abs(there.values[at]! - x)).toBeLessThan(1e-10 * scale[at % 2]!);
  });
  expect(there.winsorised).toBe(here.winsorised);
});

test("a draw of the consensus is the weighted mean of the draws with its place, so that chains stay chains", () => {
  const offset = shards.map((shard) => {
    const values = shard.values.slice();
    // Chain 1 of every shard lies apart.
    for (let at = 400; at < 800; at++) values[at]! += 50;
    return { ...shard, values };
  });
  const { values, chains, draws } = combine(offset, { dim: 2, method: "consensus" });
  expect([chains, draws]).toEqual([3, 200]);
  const gap = mean(values.slice(400, 800)) - (mean(values.slice(0, 400)) + mean(values.slice(800))) / 2;
  expect(gap).toBeGreaterThan(45);
  // Changing draw 7 of chain 2 of one shard moves draw 7 of chain 2 far more than the change of all weights moves others.
  const nudged = offset.map((shard) => ({ ...shard, values: shard.values.slice() }));
  nudged[3]!.values[(2 * 200 + 7) * 2]! += 0.5;
  const after = combine(nudged, { dim: 2, method: "consensus" }).values;
  const moves = values.map((x, at) => Math.abs(after[at]! - x));
  const most = moves.indexOf(Math.max(...moves));
  expect(Math.floor(most / 2)).toBe(2 * 200 + 7);
});

test("shards with different numbers of chains and draws are combined to the fewest", () => {
  const unequal = shards.map((shard, s) => {
    const draws = 200 - 10 * s;
    const chains = s === 1 ? 2 : 3;
    return { ...shard, draws, chains, values: shard.values.slice(0, chains * draws * 2) };
  });
  for (const method of METHODS) {
    const { chains, draws, values } = combine(unequal, { dim: 2, method });
    expect([chains, draws, values.length]).toEqual([2, 160, 640]);
  }
});

test("methods that keep draws refuse to make more, the others make as many as asked for", () => {
  for (const method of ["consensus", "robust", "average"] as const) {
    expect(() => combine(shards, { dim: 2, method, draws: 201 })).toThrow(InvalidArgumentError);
    expect(combine(shards, { dim: 2, method, draws: 70 }).values).toHaveLength(3 * 70 * 2);
  }
  for (const method of RANDOM) expect(combine(shards, { dim: 2, method, draws: 301 }).values).toHaveLength(3 * 301 * 2);
});

test("the mean and covariance that are given are those of the draws", () => {
  for (const method of METHODS) {
    const { values, mean: middle, covariance } = combine(shards, { dim: 2, method, draws: 40 });
    for (let i = 0; i < 2; i++) {
      const column = Float64Array.from({ length: 120 }, (_, n) => values[2 * n + i]!);
      expect(middle[i]!).toBeCloseTo(mean(column), 12);
      const variance = mean(column.map((x) => (x - middle[i]!) ** 2)) * (120 / 119);
      expect(covariance[3 * i]!).toBeCloseTo(variance, 12);
    }
    expect(covariance[1]).toBe(covariance[2]);
  }
});

test("the average is the mean of the draws with equal weights, and says that it is for comparison only", () => {
  const { values, warnings } = combine(shards, { dim: 2, method: "average" });
  values.forEach((x, at) => {
    const plain = shards.reduce((sum, shard) => sum + shard.values[at]! / shards.length, 0);
    expect(Math.abs(x - plain)).toBeLessThan(1e-12);
  });
  expect(warnings.map(({ code }) => code)).toEqual(["comparison-only"]);
});

test("the average divides each coordinate by the shards that have it", () => {
  const [a, b] = shards;
  const halves = [a!, { ...b!, coordinates: [1], values: b!.values.filter((_, at) => at % 2 === 1) }];
  const { values } = combine(halves, { dim: 2, method: "average" });
  values.forEach((x, at) => {
    const plain = at % 2 === 0 ? a!.values[at]! : (a!.values[at]! + b!.values[at]!) / 2;
    expect(Math.abs(x - plain)).toBeLessThan(1e-12);
  });
});

test("a Gaussian has Gaussian tails, and says so", () => {
  const { warnings } = combine(shards, { dim: 2, method: "weighted-gaussian" });
  expect(warnings.map(({ code }) => code)).toEqual(["gaussian-tails"]);
});
