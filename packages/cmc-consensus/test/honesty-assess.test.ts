/** Which shards are assessed, and what cannot be. */
import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { assessConsensus, combine, ShardDrawsError } from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";

const ROUND = [[1], [0.5, 1]];
const shards = agreeingShards(
  Array.from({ length: 6 }, () => ROUND),
  2,
  { draws: 200, shift: (s) => (s === 4 ? [9, 0] : [0, 0]) },
);

test("shards that were left out of the consensus are left out of its assessment", () => {
  const consensus = combine(shards, { dim: 2, method: "robust" });
  expect(consensus.shards).toEqual([0, 1, 2, 3, 5]);
  const assessment = assessConsensus(shards, consensus);
  expect(assessment.heterogeneity.degrees).toBe(8);
  expect(assessment.heterogeneity.pValue).toBeGreaterThan(0.01);
  expect(assessment.gaussianity.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 5]);
  expect(assessment.divergence!.shards).not.toContain(4);
  const used = shards.filter(({ shard }) => shard !== 4);
  expect(assessConsensus(used, consensus)).toEqual(assessment);
  const whole = combine(shards, { dim: 2, method: "consensus" });
  expect(assessConsensus(shards, whole).heterogeneity.pValue).toBeLessThan(1e-6);
});

test("the order of the shards does not matter, and draws are not touched", () => {
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  const before = shards.map(({ values }) => values.slice());
  const assessment = assessConsensus(shards, consensus);
  expect(assessConsensus([...shards].reverse(), consensus)).toEqual(assessment);
  expect(shards.map(({ values }) => values)).toEqual(before);
});

test("a change of units changes nothing that has none", () => {
  const scaled = shards.map((posterior) => ({
    ...posterior,
    values: posterior.values.map((x, at) => (at % 2 === 0 ? 1e6 + 1e-3 * x : 400 * x)),
  }));
  const assess = (own: typeof shards) => assessConsensus(own, combine(own, { dim: 2, method: "consensus" }));
  const [plain, other] = [assess(shards), assess(scaled)];
  expect(other.heterogeneity.statistic / plain.heterogeneity.statistic).toBeCloseTo(1, 5);
  expect(other.betweenShardRhat.joint).toBeCloseTo(plain.betweenShardRhat.joint, 5);
  expect(other.effectiveShards.joint).toBeCloseTo(plain.effectiveShards.joint, 5);
  expect(other.divergence!.nats / plain.divergence!.nats).toBeCloseTo(1, 5);
  other.predictedBias.bias.forEach((bias, i) => {
    expect(bias).toBeCloseTo(plain.predictedBias.bias[i]!, 5);
  });
  other.gaussianity.forEach(({ skewness }, s) => {
    expect(skewness).toBeCloseTo(plain.gaussianity[s]!.skewness, 5);
  });
  expect(other.verdict.level).toBe(plain.verdict.level);
});

test("shards that the consensus was made of must be there", () => {
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  expect(() => assessConsensus(shards.slice(0, 4), consensus)).toThrow(InvalidArgumentError);
  expect(() => assessConsensus(shards.slice(0, 4), consensus)).toThrow(
    /hold every shard that the consensus was made of.* 4/,
  );
});

test.each([
  ["options.maxBetweenShardKl", { maxBetweenShardKl: -1 }],
  ["options.maxBetweenShardKl", { maxBetweenShardKl: Number.NaN }],
  ["names", { names: ["only one"] }],
  ["seed", { seed: 0.5 }],
  ["outlierRate", { outlierRate: 0 }],
  ["bimodalMinWeight", { bimodalMinWeight: 0.7 }],
  ["bimodalMinSeparation", { bimodalMinSeparation: 1 }],
] as const)("%s cannot be as in %o", (argument, options) => {
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  expect(() => assessConsensus(shards, consensus, options)).toThrow(InvalidArgumentError);
  expect(() => assessConsensus(shards, consensus, options)).toThrow(argument);
});

test("draws that are not finite are an error that names the shard and the coordinate", () => {
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  const values = shards[3]!.values.slice();
  values[2 * 250 + 1] = Number.NaN;
  const broken = shards.map((posterior) => (posterior.shard === 3 ? { ...posterior, values } : posterior));
  const attempt = () => assessConsensus(broken, consensus, { names: ["level", "slope"] });
  expect(attempt).toThrow(ShardDrawsError);
  expect(attempt).toThrow("shard 3: draw 50 of chain 1 has NaN for slope");
});
