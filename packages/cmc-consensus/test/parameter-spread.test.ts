/** The check of how far a coordinate spreads between shards, `parameter-cv`. */
import { expect, test } from "vitest";
import {
  type CmcOptions,
  concludeConsensus,
  type PlannedModel,
  planShards,
  type ShardPosterior,
  type ShardRun,
} from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";

const model: PlannedModel = { points: 1000, coordinates: ["level", "slope"] };

/** What is checked when shards came out with these posteriors. */
function checksOf(posteriors: readonly ShardPosterior[], method: "consensus" | "robust", limit = 1) {
  const config: CmcOptions = {
    sharding: { numShards: posteriors.length },
    combination: { method },
    validation: { maxParameterCv: limit },
  };
  const shardRun: ShardRun = {
    status: "complete",
    plan: planShards(model, config),
    reports: [],
    posteriors,
    filtered: [],
    events: [],
    warnings: [],
    successRate: 1,
    dataLost: 0,
  };
  const { checks, consensus } = concludeConsensus({}, shardRun);
  return { spread: checks.find(({ code }) => code === "parameter-cv")!, consensus: consensus! };
}

const ROUND = [[1], [0, 1]];
const rounds = (count: number) => Array.from({ length: count }, () => ROUND);

test("shards of zero mean that agree pass, however widely the means of a few scatter", () => {
  const runs = Array.from(
    { length: 120 },
    (_, seed) => checksOf(agreeingShards(rounds(2), seed, { draws: 40 }), "consensus").spread,
  );
  // Two means scatter by more than their widths say twice over with probability 0.16 in each coordinate.
  expect(runs.filter(({ value, limit }) => value > limit).length).toBeGreaterThan(15);
  // 0.01 at most, and 4 standard errors.
  expect(runs.filter(({ isPassed }) => !isPassed).length / 120).toBeLessThan(0.01 + 4 * Math.sqrt(0.0099 / 120));
});

test("shards of zero mean one of which is elsewhere fail, by the coordinate in which it is", () => {
  const shards = agreeingShards(rounds(8), 2, { draws: 200, shift: (s) => (s === 3 ? [0, 12] : [0, 0]) });
  const { spread } = checksOf(shards, "consensus");
  expect(spread).toMatchObject({ isPassed: false, isStrict: true, limit: 1 });
  expect(spread.value).toBeGreaterThan(2);
  expect(spread.message).toMatch(/^Means of shards spread most in slope, by \d\.\d\d/);
});

test("a spread is relative to the mean where that is large", () => {
  const shards = agreeingShards(rounds(8), 2, { draws: 200, shift: (s) => (s === 3 ? [1000, 1012] : [1000, 1000]) });
  const { spread } = checksOf(shards, "consensus");
  expect(spread.isPassed).toBe(true);
  expect(spread.value).toBeLessThan(0.01);
  // A spread of 4 in 1000 is beyond chance nevertheless, and fails a limit below it.
  expect(checksOf(shards, "consensus", 0.001).spread.isPassed).toBe(false);
});

test("a coordinate that is wide by chance does not hide one that is not", () => {
  // The level is known to two shards only, which lie 3.4 of their widths apart: p is 0.016.
  const own = [[0, 1], [0, 1], [1], [1], [1], [1]] as const;
  const apart = (far: number) => {
    const shards = agreeingShards([ROUND, ROUND, [[1]], [[1]], [[1]], [[1]]], 1, { draws: 200 });
    return shards.map((posterior, s): ShardPosterior => {
      const { values } = posterior;
      const dim = own[s]!.length;
      const mean = (k: number) =>
        values.reduce((sum, x, at) => sum + (at % dim === k ? x : 0), 0) / (values.length / dim);
      const level = (s === 0 ? -1.7 : 1.7) - mean(0);
      const move = dim === 2 ? [level, -mean(1)] : [(s === 5 ? far : 0) - mean(0)];
      return { ...posterior, coordinates: own[s]!, values: values.map((x, at) => x + move[at % dim]!) };
    });
  };
  const luck = checksOf(apart(0), "consensus").spread;
  expect(luck.isPassed).toBe(true);
  expect(luck.message).toContain("level");
  const { spread } = checksOf(apart(5.5), "consensus");
  expect(spread.isPassed).toBe(false);
  expect(spread.message).toContain("slope");
  expect(spread.value).toBeLessThan(luck.value);
});

test("a shard that was left out does not count", () => {
  const shards = agreeingShards(rounds(8), 2, { draws: 200, shift: (s) => (s === 3 ? [0, 12] : [0, 0]) });
  const { spread, consensus } = checksOf(shards, "robust");
  expect(consensus.excluded.map(({ shard }) => shard)).toEqual([3]);
  expect(spread.isPassed).toBe(true);
  expect(spread.value).toBeLessThan(1);
});
