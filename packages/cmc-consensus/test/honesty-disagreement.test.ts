/** What the checks say of shards that do not agree. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { assessConsensus, combine, type ShardPosterior } from "../src/index.ts";
import { agreeingShards, normalShard } from "./models/drawn-shards.ts";

const assess = (shards: readonly ShardPosterior[], dim: number, names?: readonly string[]) =>
  assessConsensus(shards, combine(shards, { dim, method: "consensus" }), names && { names });

/** The shard with other moments, to the last digit: its draws made standard and then stretched and moved. */
function withMoments(shard: number, mean: readonly number[], scale: readonly number[], draws = 2000): ShardPosterior {
  const dim = mean.length;
  const posterior = normalShard({ mean: mean.map(() => 0), factor: identity(dim) }, createRandom(7), { shard, draws });
  const { values } = posterior;
  const count = values.length / dim;
  const centred = (i: number, j: number) => {
    let sum = 0;
    for (let at = 0; at < values.length; at += dim) sum += values[at + i]! * values[at + j]!;
    return sum;
  };
  for (let i = 0; i < dim; i++) {
    const average = values.reduce((sum, x, at) => sum + (at % dim === i ? x : 0), 0) / count;
    for (let at = i; at < values.length; at += dim) values[at]! -= average;
    // Gram and Schmidt: no correlation with the coordinates before it.
    for (let j = 0; j < i; j++) {
      const along = centred(i, j) / centred(j, j);
      for (let at = 0; at < values.length; at += dim) values[at + i]! -= along * values[at + j]!;
    }
    const length = Math.sqrt(centred(i, i) / (count - 1));
    for (let at = i; at < values.length; at += dim) values[at]! /= length;
  }
  return { ...posterior, values: values.map((z, at) => mean[at % dim]! + scale[at % dim]! * z) };
}

const identity = (dim: number) =>
  Array.from({ length: dim }, (_, i) => Array.from({ length: i + 1 }, (_, j) => (i === j ? 1 : 0)));

test("R-hat between shards is that of its definition", () => {
  const means = [-1.2, 0.3, 0.4, 2.1];
  const shards = means.map((mean, s) => withMoments(s, [mean, 5 - mean], [1, 1]));
  const { betweenShardRhat, heterogeneity } = assess(shards, 2);
  // Equal widths of one: the mean is 0.4, the variance of the means 5.58 / 3.
  const between = means.reduce((sum, mean) => sum + (mean - 0.4) ** 2, 0) / 3;
  const rhat = Math.sqrt((1 + between) / 2);
  // Weights are debiased and widths widened for finitely many draws, by about 1/n with n = 4000 draws.
  for (const i of [0, 1]) expect(Math.abs(betweenShardRhat.coordinates[i]! / rhat - 1)).toBeLessThan(1e-3);
  // Uncorrelated coordinates with the same scatter: jointly the same.
  expect(Math.abs(betweenShardRhat.joint / rhat - 1)).toBeLessThan(1e-3);
  expect(Math.abs(heterogeneity.ratio / between - 1)).toBeLessThan(2e-3);
});

test("R-hat between shards of different widths weighs each by its own", () => {
  const [means, sds] = [
    [0, 1, 4],
    [0.5, 1, 2],
  ];
  const shards = means!.map((mean, s) => withMoments(s, [mean], [sds![s]!]));
  const { coordinates, joint } = assess(shards, 1).betweenShardRhat;
  // Weights 4, 1, 1/4 about their mean 2 / 5.25.
  const centre = 2 / 5.25;
  const q = means!.reduce((sum, mean, s) => sum + ((mean - centre) / sds![s]!) ** 2, 0);
  const rhat = Math.sqrt((1 + q / 2) / 2);
  // Covariances are drawn together by what they could differ by chance, here 0.1 % of their differences.
  expect(Math.abs(coordinates[0]! / rhat - 1)).toBeLessThan(0.01);
  expect(Math.abs(joint / rhat - 1)).toBeLessThan(0.01);
});

const SHEAR = [[1], [0.99, 0.1]];

test("a shard that is moved is found, in the coordinate in which it is", () => {
  const factors = Array.from({ length: 6 }, () => identity(3));
  const shift = (s: number) => (s === 4 ? [0, 8, 0] : [0, 0, 0]);
  const { heterogeneity, betweenShardRhat } = assess(agreeingShards(factors, 3, { shift }), 3);
  expect(heterogeneity.pValue).toBeLessThan(1e-6);
  expect(heterogeneity.coordinates[1]!.pValue).toBeLessThan(1e-6);
  for (const i of [0, 2]) expect(heterogeneity.coordinates[i]!.pValue).toBeGreaterThan(1e-3);
  expect(heterogeneity.inconsistency).toBeGreaterThan(0.5);
  expect(betweenShardRhat.coordinates[1]!).toBeGreaterThan(2);
});

test("a shift across a narrow ridge, which no coordinate shows, is found jointly", () => {
  const shift = (s: number) => (s === 0 ? [0.5, -0.5] : [0, 0]);
  const shards = agreeingShards([SHEAR, SHEAR, SHEAR, SHEAR], 12, { shift });
  const { heterogeneity } = assess(shards, 2);
  expect(heterogeneity.pValue).toBeLessThan(1e-6);
  for (const { pValue } of heterogeneity.coordinates) expect(pValue).toBeGreaterThan(0.01);
});

test("a shard of some coordinates that is moved is found", () => {
  const own = [
    [0, 1],
    [0, 1],
    [0, 2],
    [0, 2],
  ] as const;
  const shards = agreeingShards([SHEAR, SHEAR, SHEAR, SHEAR], 5, { shift: (s) => (s === 3 ? [0, 6] : [0, 0]) });
  const { heterogeneity } = assess(
    shards.map((posterior, s) => ({ ...posterior, coordinates: own[s]! })),
    3,
    ["common", "left", "right"],
  );
  expect(heterogeneity.pValue).toBeLessThan(1e-6);
  expect(heterogeneity.coordinates[2]!.pValue).toBeLessThan(1e-3);
  expect(heterogeneity.coordinates[1]!.pValue).toBeGreaterThan(1e-3);
});

test("the divergence of two Gaussians is in closed form", () => {
  const [a, b] = [withMoments(3, [0, 1], [1, 2]), withMoments(8, [3, 0], [2, 1])];
  const { divergence } = assess([a, b], 2);
  // KL(a || b) = ½ Σ [v_a/v_b − 1 − log(v_a/v_b) + (m_a − m_b)²/v_b]: by coordinates 0.25 and 4, 9/4 and 1; and the other way.
  const aToB = 0.5 * (0.25 - 1 - Math.log(0.25) + 9 / 4 + (4 - 1 - Math.log(4)) + 1);
  const bToA = 0.5 * (4 - 1 - Math.log(4) + 9 + (0.25 - 1 - Math.log(0.25)) + 1 / 4);
  expect(bToA).toBeGreaterThan(aToB);
  expect(divergence!.shards).toEqual([8, 3]);
  // Covariances are drawn together by about 0.1 % of their differences.
  expect(Math.abs(divergence!.nats / bToA - 1)).toBeLessThan(0.01);
  // When such shards agree, their means are apart by v_a + v_b: ½ Σ (v_a + v_b)/v instead of the squares.
  const expected = 0.5 * (4 - 1 - Math.log(4) + 5 + (0.25 - 1 - Math.log(0.25)) + 5 / 4);
  expect(Math.abs(divergence!.expected / expected - 1)).toBeLessThan(0.01);
  expect(divergence!.pairs).toBe(2);
  expect(divergence!.pValue).toBeGreaterThan(0.1);
});

test("the divergence is that of the pair farthest apart, over what the two have in common", () => {
  const shards = [
    { ...withMoments(0, [0, 0], [1, 1]), coordinates: [0, 1] },
    { ...withMoments(1, [1, 0], [1, 1]), coordinates: [0, 2] },
    { ...withMoments(2, [7], [1]), coordinates: [0] },
    { ...withMoments(5, [30], [1]), coordinates: [3] },
  ];
  const { divergence, effectiveShards } = assess(shards, 4);
  expect(new Set(divergence!.shards)).toEqual(new Set([0, 2]));
  // One coordinate in common, seven standard deviations apart: 49/2 nats. The last shard has no pair.
  expect(Math.abs(divergence!.nats / 24.5 - 1)).toBeLessThan(0.01);
  expect(Math.abs(divergence!.expected - 1)).toBeLessThan(0.01);
  expect(divergence!.pairs).toBe(6);
  // 7/√2 standard deviations: p = 7.4e-7, three pairs.
  expect(divergence!.pValue / 2.2e-6).toBeGreaterThan(0.8);
  expect(divergence!.pValue / 2.2e-6).toBeLessThan(1.25);
  expect(effectiveShards.coordinates[3]).toBe(1);
});

test("effective shards: all that are alike, next to one where one dominates", () => {
  const alike = [0, 1, 2, 3, 4].map((s) => withMoments(s, [s, -s], [1, 3]));
  const equal = assess(alike, 2).effectiveShards;
  expect(equal.joint).toBeCloseTo(5, 2);
  for (const n of equal.coordinates) expect(n).toBeCloseTo(5, 8);
  const dominated = assess([withMoments(9, [0, 0], [0.02, 0.02]), ...alike], 2).effectiveShards;
  expect(dominated.joint).toBeLessThan(1.05);
  for (const n of dominated.coordinates) expect(n).toBeLessThan(1.05);
});

test("effective shards for each coordinate and jointly", () => {
  const shards = [
    withMoments(0, [0, 0], [1, 1]),
    withMoments(1, [0, 0], [0.5, 1]),
    { ...withMoments(2, [0], [1]), coordinates: [1] },
  ];
  const { joint, coordinates } = assess(shards, 2).effectiveShards;
  // Weights 1, 4 in the first: 25/17. Three equal ones in the second.
  expect(Math.abs(coordinates[0]! / (25 / 17) - 1)).toBeLessThan(0.01);
  expect(Math.abs(coordinates[1]! / 3 - 1)).toBeLessThan(0.01);
  // Shares (1/5, 1/3), (4/5, 1/3), (0, 1/3): 2 / (17/25 + 1/3).
  expect(Math.abs(joint / (2 / (17 / 25 + 1 / 3)) - 1)).toBeLessThan(0.01);
});

test("a single shard has nothing to disagree with", () => {
  const { heterogeneity, betweenShardRhat, effectiveShards, divergence, predictedBias, verdict } = assess(
    [withMoments(4, [1, 2], [1, 1])],
    2,
  );
  const none = { statistic: 0, degrees: 0, pValue: 1, ratio: 1, inconsistency: 0 };
  expect(heterogeneity).toEqual({ ...none, coordinates: [none, none] });
  expect(betweenShardRhat).toEqual({ joint: 1, coordinates: Float64Array.of(1, 1) });
  expect(divergence).toBeUndefined();
  expect(effectiveShards.joint).toBeCloseTo(1, 2);
  expect([...effectiveShards.coordinates]).toEqual([1, 1]);
  expect(predictedBias.largest).toBe(0);
  expect(verdict.level).toBe("trust");
});
