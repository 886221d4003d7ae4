/** Shards that know very different amounts keep what they know. */
import { expect, test } from "vitest";
import { combine } from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";

const diagonal = (first: number, second: number) => [[first], [0, second]];
const rounds = (count: number) => Array.from({ length: count }, () => diagonal(1, 1));

test.each([
  { name: "one narrow shard", factors: [diagonal(0.05, 0.05), ...rounds(7)] },
  { name: "one that is three times as narrow", factors: [diagonal(1 / 3, 1 / 3), ...rounds(7)] },
  { name: "shards narrow in one direction each", factors: [diagonal(0.05, 1), diagonal(1, 0.05), ...rounds(6)] },
  { name: "one wide shard", factors: [diagonal(20, 20), ...rounds(7)] },
  { name: "shards alike", factors: rounds(8) },
])("variances of the product are right: $name", ({ factors }) => {
  // Exactly: precisions add up.
  const exact = [0, 1].map((i) => 1 / factors.reduce((sum, factor) => sum + 1 / factor[i]![i]! ** 2, 0));
  const runs = 12;
  const ratios = [0, 1].map((i) =>
    Array.from({ length: runs }, (_, seed) => {
      const shards = agreeingShards(factors, seed, { draws: 500 });
      return combine(shards, { dim: 2, method: "consensus" }).gaussian.covariance[3 * i]! / exact[i]!;
    }),
  );
  for (const own of ratios) {
    const mean = own.reduce((sum, x) => sum + x, 0) / runs;
    // One narrow shard has variances of 1000 draws: √(2/1000) each run, so 4 standard errors of 12 are 5 %.
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 1000 / runs));
  }
});
