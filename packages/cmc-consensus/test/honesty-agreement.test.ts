/** What the checks say of shards that agree: independent data, a right model, finitely many draws. */
import { expect, test } from "vitest";
import { assessConsensus, combine } from "../src/index.ts";
import { agreeingShards, type DrawnShard } from "./models/drawn-shards.ts";

const RUNS = 160;
const BINS = 8;
/** χ² with 7 degrees of freedom exceeds this with probability 1e-3. */
const LIMIT = 24.32;

function expectUniform(pValues: readonly number[]): void {
  const counts = new Array<number>(BINS).fill(0);
  for (const p of pValues) counts[Math.min(BINS - 1, Math.floor(p * BINS))]! += 1;
  const each = pValues.length / BINS;
  expect(counts.reduce((sum, n) => sum + (n - each) ** 2 / each, 0)).toBeLessThan(LIMIT);
}

function expectMean(values: readonly number[], mean: number): void {
  const average = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (values.length - 1);
  expect(Math.abs(average - mean) / Math.sqrt(variance / values.length)).toBeLessThan(4);
}

/** Assessments of many runs in which the shards agree. */
function runs(factors: Parameters<typeof agreeingShards>[0], dim: number, seed: number, options: DrawnShard) {
  return Array.from({ length: RUNS }, (_, run) => {
    const shards = agreeingShards(factors, seed + run, options);
    return assessConsensus(shards, combine(shards, { dim, method: "consensus" }));
  });
}

const WIDE = [[2], [0, 1]];
const ROUND = [[1], [0.5, 0.8]];
const TILTED = [[1], [-1, 1]];
const LONG = [[1], [0, 3]];

const alike = runs([WIDE, ROUND, TILTED, LONG], 2, 1000, { chains: 2, draws: 40 });

test("p values of heterogeneity are uniform, jointly and for every coordinate", () => {
  expectUniform(alike.map(({ heterogeneity }) => heterogeneity.pValue));
  for (const i of [0, 1]) expectUniform(alike.map(({ heterogeneity }) => heterogeneity.coordinates[i]!.pValue));
});

test("the scatter has the degrees of freedom that it says", () => {
  for (const { heterogeneity } of alike) {
    expect([heterogeneity.degrees, ...heterogeneity.coordinates.map(({ degrees }) => degrees)]).toEqual([6, 3, 3]);
    expect(heterogeneity.ratio).toBe(heterogeneity.statistic / heterogeneity.degrees);
    expect(heterogeneity.inconsistency).toBe(Math.max(0, 1 - 1 / heterogeneity.ratio));
  }
  expectMean(
    alike.map(({ heterogeneity }) => heterogeneity.statistic),
    6,
  );
});

test("the square of R-hat between shards is one on average", () => {
  expectMean(
    alike.map(({ betweenShardRhat }) => betweenShardRhat.joint ** 2),
    1,
  );
  for (const i of [0, 1]) {
    expectMean(
      alike.map(({ betweenShardRhat }) => betweenShardRhat.coordinates[i]! ** 2),
      1,
    );
  }
});

test.each(["heterogeneous", "biased", "divergent-pair", "several-modes"])("hardly any run is judged %s", (code) => {
  const judged = alike.filter(({ verdict }) => verdict.findings.some((finding) => finding.code === code));
  // Each test is of p < 0.01 or rarer.
  expect(judged.length / RUNS).toBeLessThan(0.01 + 4 * Math.sqrt(0.0099 / RUNS));
});

test("draws that depend on each other are counted for what they are worth", () => {
  const assessed = runs([[[1]], [[2]], [[3]]], 1, 5000, { chains: 2, draws: 100, carry: 0.5 });
  expectUniform(assessed.map(({ heterogeneity }) => heterogeneity.pValue));
});

test("two shards: p values of their separation are uniform, and their divergence is on average what is expected", () => {
  const pairs = runs([ROUND, ROUND], 2, 9000, { chains: 2, draws: 40 }).map(({ divergence }) => divergence!);
  expectUniform(pairs.map(({ pValue }) => pValue));
  expectMean(
    pairs.map(({ nats, expected }) => nats - expected),
    0,
  );
  expect(new Set(pairs.map(({ pairs: looked }) => looked))).toEqual(new Set([2]));
});

test("shards of some coordinates: p values are uniform, degrees count what they have in common", () => {
  const own = [[0, 1], [0, 1], [0, 2], [0, 2], [0]] as const;
  const factors = [ROUND, WIDE, TILTED, ROUND, [[1.5]]];
  const assessed = Array.from({ length: RUNS }, (_, run) => {
    const shards = agreeingShards(factors, 20_000 + run, { chains: 2, draws: 25 }).map((posterior, s) => ({
      ...posterior,
      coordinates: own[s]!,
    }));
    return assessConsensus(shards, combine(shards, { dim: 3, method: "consensus" })).heterogeneity;
  });
  expect(assessed[0]!.degrees).toBe(9 - 3);
  expect(assessed[0]!.coordinates.map(({ degrees }) => degrees)).toEqual([4, 1, 1]);
  expectUniform(assessed.map(({ pValue }) => pValue));
  for (const i of [0, 1, 2]) expectUniform(assessed.map(({ coordinates }) => coordinates[i]!.pValue));
});
