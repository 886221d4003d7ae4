/** Shards that sample only some of the coordinates: what all have in common, and what is their own. */
import { ess } from "@siegert/diagnostics";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { combine, type ShardPosterior, UninformedCoordinateError } from "../src/index.ts";
import { normalShard, normalVector } from "./models/drawn-shards.ts";
import { correlations, inverse, lowerFactor, type Matrix, rowsOf, times } from "./models/matrix.ts";

const DIM = 5;
const NAMES = ["rate", "power", "contrast 0", "contrast 1", "contrast 2"];
const DRAWS = 4000;
const CHAINS = 4;

/** Three groups of shards: two shared coordinates, and one that belongs to the group. */
const OWN = [2, 3, 4, 2, 3, 4, 2].map((local) => [0, 1, local]);
const random = createRandom(31, "local");
const parts = OWN.map((coordinates) => {
  // What is a shard's own depends strongly on what is shared.
  const factor = [
    [1 + random.uniform(), 0, 0],
    [0.3 * random.normal(), 1 + random.uniform(), 0],
    [2 + random.uniform(), 0.3 * random.normal(), 0.3],
  ];
  const covariance = factor.map((row) => factor.map((other) => row.reduce((sum, x, k) => sum + x * other[k]!, 0)));
  const mean = normalVector({ mean: [2, 2, 2], factor }, random);
  return { coordinates, mean, covariance };
});
const shards = parts.map(
  ({ coordinates, mean, covariance }, shard): ShardPosterior =>
    normalShard({ mean, factor: lowerFactor(covariance) }, random, {
      shard,
      coordinates,
      chains: CHAINS,
      draws: DRAWS,
    }),
);

/** The product of the Gaussians over the coordinates that each has. */
function productOf(dim: number, gaussians: typeof parts): { readonly mean: number[]; readonly covariance: Matrix } {
  const precision = Array.from({ length: dim }, () => new Array<number>(dim).fill(0));
  const pull = new Array<number>(dim).fill(0);
  for (const { coordinates, mean, covariance } of gaussians) {
    const own = inverse(covariance);
    coordinates.forEach((row, i) => {
      pull[row]! += own[i]!.reduce((sum, x, j) => sum + x * mean[j]!, 0);
      coordinates.forEach((column, j) => {
        precision[row]![column]! += own[i]![j]!;
      });
    });
  }
  const covariance = inverse(precision);
  return { mean: times(covariance, pull), covariance };
}

const exact = productOf(DIM, parts);
const exactCorrelations = correlations(exact.covariance);

test.each(["consensus", "weighted-gaussian", "robust"] as const)(
  "%s: the exact product over shared and own coordinates",
  (method) => {
    const { mean, covariance, meanError, excluded } = combine(shards, { dim: DIM, method, seed: 1 });
    expect(excluded).toEqual([]);
    const found = rowsOf(covariance);
    const foundCorrelations = correlations(found);
    for (let i = 0; i < DIM; i++) {
      const sd = Math.sqrt(exact.covariance[i]![i]!);
      const own = method === "weighted-gaussian" ? sd / Math.sqrt(CHAINS * DRAWS) : 0;
      expect(Math.abs(mean[i]! - exact.mean[i]!)).toBeLessThan(4 * Math.hypot(meanError[i]!, own));
      for (let j = 0; j < DIM; j++) {
        const scale = Math.sqrt(exact.covariance[i]![i]! * exact.covariance[j]![j]!);
        expect(Math.abs(found[i]![j]! - exact.covariance[i]![j]!)).toBeLessThan(0.05 * scale);
        expect(Math.abs(foundCorrelations[i]![j]! - exactCorrelations[i]![j]!)).toBeLessThan(0.05);
      }
    }
  },
);

test("coordinates that no shard has together are correlated through those that are shared", () => {
  for (const [i, j] of [
    [2, 3],
    [2, 4],
    [3, 4],
  ] as const) {
    expect(Math.abs(exactCorrelations[i]![j]!)).toBeGreaterThan(0.2);
  }
});

test.each(["semiparametric", "nonparametric"] as const)("%s takes them to what its chains are worth", (method) => {
  const factor = [[1], [0.5, 1]];
  const means = [
    [0.3, 1],
    [-0.4, 2],
    [0.2, 1.6],
    [-0.3, 1.1],
  ];
  const draws = means.map((mean, s) =>
    normalShard({ mean, factor }, createRandom(7, s), {
      shard: s,
      coordinates: [0, 1 + (s % 2)],
      chains: 4,
      draws: 1500,
    }),
  );
  const right = productOf(
    3,
    means.map((mean, s) => ({
      coordinates: [0, 1 + (s % 2)],
      mean,
      covariance: [
        [1, 0.5],
        [0.5, 1.25],
      ],
    })),
  );
  const { mean, values, meanError, warnings } = combine(draws, { dim: 3, method, seed: 1 });
  expect(warnings).toEqual([]);
  mean.forEach((x, i) => {
    const column = Float64Array.from({ length: 6000 }, (_, n) => values[3 * n + i]!);
    const variance = right.covariance[i]![i]! / ess({ values: column, chains: 4, draws: 1500 });
    expect(Math.abs(x - right.mean[i]!)).toBeLessThan(4 * Math.hypot(Math.sqrt(variance), meanError[i]!));
  });
});

test("shards that have nothing in common stay as they are, beside each other", () => {
  const [a, b] = [
    { ...shards[0]!, coordinates: [0, 2, 4] },
    { ...shards[1]!, coordinates: [1, 3, 5] },
  ];
  const { values } = combine([a, b], { dim: 6, method: "consensus" });
  for (let n = 0; n < CHAINS * DRAWS; n += 97) {
    for (let i = 0; i < 3; i++) {
      // To the factor that makes up for weights from as many draws.
      expect(Math.abs(values[n * 6 + 2 * i]! - a.values[n * 3 + i]!)).toBeLessThan(5e-3);
      expect(Math.abs(values[n * 6 + 2 * i + 1]! - b.values[n * 3 + i]!)).toBeLessThan(5e-3);
    }
  }
});

test("a list of all coordinates is the same as none", () => {
  const all = shards.map(({ coordinates: _, ...shard }) => shard);
  const listed = all.map((shard) => ({ ...shard, coordinates: [0, 1, 2] }));
  for (const method of ["consensus", "robust", "mixture"] as const) {
    expect(combine(listed, { dim: 3, method })).toEqual(combine(all, { dim: 3, method }));
  }
});

test("a coordinate that no shard samples is named", () => {
  const known = shards.filter((_, s) => OWN[s]![2] !== 3);
  for (const method of ["auto", "consensus", "average", "mixture"] as const) {
    expect(() => combine(known, { dim: DIM, names: NAMES, method })).toThrow(/no shard samples contrast 1/);
  }
  const unnamed = (): unknown => combine(known, { dim: DIM });
  expect(unnamed).toThrow(UninformedCoordinateError);
  expect(unnamed).toThrow(expect.objectContaining({ coordinate: 3, name: "UninformedCoordinateError" }));
  expect(unnamed).toThrow(/coordinate 3/);
});
