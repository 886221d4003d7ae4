/** What a combination refuses, and what it says. */
import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { type CombineOptions, combine, ShardDrawsError, type ShardPosterior } from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";

const FACTOR = [[1], [0.6, 0.8]];
const shards = agreeingShards([FACTOR, FACTOR, FACTOR], 3, { chains: 2, draws: 100 });
const DIM = { dim: 2 };

/** The shards with something else in the second one. */
const changed = (change: Partial<ShardPosterior>): ShardPosterior[] =>
  shards.map((shard, s) => (s === 1 ? { ...shard, ...change } : shard));

/** The shards with some draws of the second one changed. */
function withDraws(change: (values: Float64Array) => void): ShardPosterior[] {
  const values = shards[1]!.values.slice();
  change(values);
  return changed({ values });
}

test.each<[string, readonly ShardPosterior[], CombineOptions]>([
  ["shards", [], DIM],
  ["shards", [shards[0]!, shards[1]!, shards[0]!], DIM],
  ["dim", shards, { dim: 0 }],
  ["dim", shards, { dim: 1.5 }],
  ["names", shards, { dim: 2, names: ["a"] }],
  ["method", shards, { dim: 2, method: "consensual" as "consensus" }],
  ["seed", shards, { dim: 2, seed: 0.5 }],
  ["draws", shards, { dim: 2, draws: 0 }],
  ["draws", shards, { dim: 2, draws: 2.5 }],
  ["draws", shards, { dim: 2, draws: 101, method: "consensus" }],
  ["outlierRate", shards, { dim: 2, outlierRate: 0 }],
  ["outlierRate", shards, { dim: 2, outlierRate: 1 }],
  ["outlierRate", shards, { dim: 2, outlierRate: Number.NaN }],
  ["bimodalMinWeight", shards, { dim: 2, bimodalMinWeight: 0 }],
  ["bimodalMinWeight", shards, { dim: 2, bimodalMinWeight: 0.51 }],
  ["bimodalMinSeparation", shards, { dim: 2, bimodalMinSeparation: 1 }],
  ["bimodalMinSeparation", shards, { dim: 2, bimodalMinSeparation: -1 }],
  ["shards[1].shard", changed({ shard: -1 }), DIM],
  ["shards[1].points", changed({ points: 0.5 }), DIM],
  ["shards[1].chains", changed({ chains: 0 }), DIM],
  ["shards[1].draws", changed({ draws: Number.NaN }), DIM],
  ["shards[1].coordinates", changed({ coordinates: [] }), DIM],
  ["shards[1].coordinates[1]", changed({ coordinates: [1, 0] }), DIM],
  ["shards[1].coordinates[1]", changed({ coordinates: [0, 0] }), DIM],
  ["shards[1].coordinates[1]", changed({ coordinates: [0, 2] }), DIM],
  ["shards[1].coordinates[0]", changed({ coordinates: [-1, 0] }), DIM],
  ["shards[1].values", changed({ values: new Float64Array(399) }), DIM],
  ["shards[0].values", shards, { dim: 3 }],
  ["shards[1].values", changed({ values: [...shards[1]!.values] as unknown as Float64Array }), DIM],
  ["shards[1].logDensity", changed({ logDensity: new Float64Array(199) }), DIM],
  ["shards[1].draws", changed({ draws: 2, values: shards[1]!.values.slice(0, 8) }), DIM],
])("names %s when it is at fault", (argument, given, options) => {
  const run = (): unknown => combine(given, options);
  expect(run).toThrow(InvalidArgumentError);
  expect(run).toThrow(expect.objectContaining({ argument }));
});

test("a method that nearly has a name is guessed", () => {
  expect(() => combine(shards, { dim: 2, method: "semi-parametric" as "robust" })).toThrow(
    /did you mean semiparametric/,
  );
  expect(() => combine(shards, { dim: 2, method: "xyz" as "robust" })).toThrow(/auto, consensus, weighted-gaussian/);
});

test.each([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
])("a draw of %s is named with its shard, chain, place and coordinate", (shown, value) => {
  const broken = withDraws((values) => {
    // Chain 1, draw 30, coordinate 1, and one further on.
    values[(100 + 30) * 2 + 1] = value;
    values[(100 + 31) * 2] = value;
  });
  for (const method of ["auto", "consensus", "robust", "average", "nonparametric"] as const) {
    const run = (): unknown => combine(broken, { dim: 2, method, names: ["rate", "power"] });
    expect(run).toThrow(ShardDrawsError);
    expect(run).toThrow(expect.objectContaining({ shard: 1, chain: 1, draw: 30, coordinate: 1 }));
    expect(run).toThrow(`shard 1: draw 30 of chain 1 has ${shown} for power`);
  }
});

test("infinite draws that cancel are found", () => {
  const broken = withDraws((values) => {
    values[4] = Infinity;
    values[6] = -Infinity;
  });
  expect(() => combine(broken, DIM)).toThrow(expect.objectContaining({ shard: 1, chain: 0, draw: 2, coordinate: 0 }));
});

test("the coordinate at fault is that of the full posterior", () => {
  const local = changed({ coordinates: [1, 3] }).map((shard, s) => ({
    ...shard,
    coordinates: s === 1 ? [1, 3] : [0, 2],
  }));
  const values = local[1]!.values.slice();
  values[5] = Number.NaN;
  const broken = local.map((shard, s) => (s === 1 ? { ...shard, values } : shard));
  expect(() => combine(broken, { dim: 4, names: ["a", "b", "c", "d"] })).toThrow(/NaN for d/);
  expect(() => combine(broken, { dim: 4 })).toThrow(expect.objectContaining({ coordinate: 3 }));
});

test.each([0, 0.1, 1e8 / 3])("draws of a coordinate that are all %d are named", (value) => {
  const stuck = withDraws((values) => {
    for (let at = 1; at < values.length; at += 2) values[at] = value;
  });
  const run = (): unknown => combine(stuck, { dim: 2, names: ["rate", "power"] });
  expect(run).toThrow(ShardDrawsError);
  expect(run).toThrow(/shard 1: all draws of power are the same/);
  expect(run).toThrow(expect.objectContaining({ shard: 1, coordinate: 1 }));
});

test("draws on a line are refused", () => {
  const flat = withDraws((values) => {
    for (let at = 0; at < values.length; at += 2) values[at + 1] = 3 - 2 * values[at]!;
  });
  expect(() => combine(flat, DIM)).toThrow(/shard 1: its draws lie in fewer than 2 dimensions/);
  expect(() => combine(flat, DIM)).toThrow(expect.objectContaining({ shard: 1, draw: undefined }));
});

test.each([1e154, 1e300])("draws of size %d, whose squares or sums overflow, are refused by a typed error", (scale) => {
  const huge = withDraws((values) => {
    for (let at = 0; at < values.length; at++) values[at]! *= scale * 1e4;
  });
  expect(() => combine(huge, DIM)).toThrow(ShardDrawsError);
});

test("few draws for many coordinates are combined with a warning", () => {
  const wide = Array.from({ length: 8 }, (_, i) => Array.from({ length: i + 1 }, (__, j) => (i === j ? 1 : 0)));
  const few = agreeingShards([wide, wide], 5, { chains: 1, draws: 12 });
  const { warnings, values } = combine(few, { dim: 8, method: "consensus" });
  expect(warnings.map(({ code }) => code)).toContain("few-draws");
  expect(values.every(Number.isFinite)).toBe(true);
});
