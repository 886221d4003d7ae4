import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { shardSummaries } from "../src/consensus/shard-summaries.ts";

test("moments of a shard are those of its draws on the scale of the parameters, NaN where it has none", () => {
  const random = createRandom(1, "draws");
  const values = Float64Array.from({ length: 2 * 300 * 2 }, () => 0.3 * random.normal());
  const coordinates = {
    dim: 3,
    constrain: (position: Float64Array, out: Float64Array) => {
      out.set([Math.exp(position[0]!), position[1]!, 1e6 + position[2]! + position[0]!]);
      return out;
    },
  };
  const [summary] = shardSummaries(
    [{ shard: 4, points: 50, coordinates: [0, 2], chains: 2, draws: 300, values }],
    coordinates,
  );
  const rows = Array.from({ length: 600 }, (_, n) => {
    const [a, b] = [values[2 * n]!, values[2 * n + 1]!];
    return [Math.exp(a), 1e6 + b + a] as const;
  });
  const mean = [0, 1].map((k) => rows.reduce((sum, row) => sum + row[k]!, 0) / 600);
  const covariance = (a: number, b: number) =>
    rows.reduce((sum, row) => sum + (row[a]! - mean[a]!) * (row[b]! - mean[b]!), 0) / 599;
  expect([summary!.shard, summary!.points, summary!.mean[1]]).toEqual([4, 50, Number.NaN]);
  expect(summary!.mean[0]).toBeCloseTo(mean[0]!, 12);
  expect(summary!.mean[2]).toBeCloseTo(mean[1]!, 6);
  expect(summary!.covariance[0]).toBeCloseTo(covariance(0, 0), 12);
  expect(summary!.covariance[2]).toBeCloseTo(covariance(0, 1), 8);
  expect(summary!.covariance[8]).toBeCloseTo(covariance(1, 1), 8);
  expect(summary!.covariance[4]).toBeNaN();
});
