/** Which method is chosen, and the reason that is given. */
import { expect, test } from "vitest";
import { combine } from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";

const FACTOR = [[1], [0.6, 0.8]];
const many = (count: number, seed: number, moved: readonly number[] = []) =>
  agreeingShards(Array(count).fill(FACTOR), seed, { shift: (shard) => (moved.includes(shard) ? [0, 9] : [0, 0]) });

test("a single shard: its draws", () => {
  const { method, reason } = combine(many(1, 1), { dim: 2 });
  expect([method, reason]).toEqual(["consensus", "there is a single shard: its draws are the posterior"]);
});

test("Gaussian shards that agree: the consensus of their draws", () => {
  const { method, reason, warnings } = combine(many(12, 2), { dim: 2 });
  expect([method, reason]).toEqual(["consensus", "shards agree, have one mode each and are close to Gaussian"]);
  expect(warnings).toEqual([]);
});

test("shards that disagree with the others: the robust way, with their names", () => {
  const { method, reason, excluded } = combine(many(12, 2, [3, 7]), { dim: 2 });
  expect(method).toBe("robust");
  expect(reason).toMatch(/^2 of 12 shards disagree with the others/);
  expect(reason).toMatch(/3/);
  expect(reason).toMatch(/7/);
  expect(excluded.map(({ shard }) => shard).sort()).toEqual([3, 7]);
});

test("the result is that of the method that was chosen", () => {
  for (const shards of [many(12, 2), many(12, 2, [3, 7])]) {
    const { reason, ...chosen } = combine(shards, { dim: 2, seed: 5 });
    const { reason: asked, ...direct } = combine(shards, { dim: 2, seed: 5, method: chosen.method });
    expect(chosen).toEqual(direct);
    expect([reason === asked, asked]).toEqual([false, "asked for"]);
  }
});

test("auto is the default, and the rate of outliers bears on it", () => {
  const near = agreeingShards(Array(6).fill(FACTOR), 2, { shift: (shard) => (shard === 4 ? [0, 4] : [0, 0]) });
  expect(combine(near, { dim: 2, outlierRate: 0.5 })).toEqual(
    combine(near, { dim: 2, method: "auto", outlierRate: 0.5 }),
  );
  const methods = [1e-6, 0.5].map((outlierRate) => combine(near, { dim: 2, outlierRate }).method);
  expect(methods).toEqual(["consensus", "robust"]);
});
