/** The standard error of the consensus mean is what the mean is off by, over many sets of draws from the same shards. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { combine } from "../src/index.ts";
import { type DrawnShard, normalShard } from "./models/drawn-shards.ts";
import { inverse, type Matrix, times } from "./models/matrix.ts";

const RUNS = 200;
/** χ² with 200 degrees of freedom lies between these with probability 1 − 1e-3. */
const LOW = 140.7;
const HIGH = 273.0;

const ROUND = [
  [1, 0],
  [0.5, 0.8],
];
const WIDE = [
  [2, 0],
  [-1, 1.5],
];
const LONG = [
  [0.5, 0],
  [0.3, 3],
];

const squared = (factor: Matrix): number[][] =>
  factor.map((row) => factor.map((other) => row.reduce((sum, x, k) => sum + x * other[k]!, 0)));

interface Case {
  readonly factors: readonly Matrix[];
  /** Means of the shards' posteriors, in units of their factors. */
  readonly offsets: readonly (readonly number[])[];
  readonly draws: DrawnShard;
}

function productMean({ factors, offsets }: Case): number[] {
  const precisions = factors.map((factor) => inverse(squared(factor)));
  const total = precisions[0]!.map((row, i) => row.map((_, j) => precisions.reduce((sum, p) => sum + p[i]![j]!, 0)));
  const pulls = factors.map((factor, s) => times(precisions[s]!, times(factor, offsets[s]!)));
  return times(
    inverse(total),
    pulls[0]!.map((_, i) => pulls.reduce((sum, pull) => sum + pull[i]!, 0)),
  );
}

/** Sums over many runs of the squared error of the mean in units of the error that was given, by coordinate. */
function standardised(setup: Case, method: "consensus" | "weighted-gaussian" | "robust", seed: number): number[] {
  const exact = productMean(setup);
  const sums = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const random = createRandom(seed, run);
    const shards = setup.factors.map((factor, shard) =>
      normalShard({ mean: times(factor, setup.offsets[shard]!), factor }, random, { ...setup.draws, shard }),
    );
    const { gaussian, meanError } = combine(shards, { dim: 2, method });
    exact.forEach((x, i) => {
      sums[i]! += ((gaussian.mean[i]! - x) / meanError[i]!) ** 2;
    });
  }
  return sums;
}

const OFFSETS = [
  [0.3, -0.8],
  [-1.2, 0.4],
  [0.9, 1.1],
  [0.2, -0.5],
];
const ALIKE = [ROUND, ROUND, ROUND, ROUND];
const UNLIKE = [ROUND, WIDE, LONG, ROUND];

test.each<[string, Case]>([
  ["one shard", { factors: [WIDE], offsets: [[1, 2]], draws: { chains: 2, draws: 200 } }],
  ["shards of one shape", { factors: ALIKE, offsets: OFFSETS, draws: { chains: 2, draws: 200 } }],
  ["shards of different shapes", { factors: UNLIKE, offsets: OFFSETS, draws: { chains: 2, draws: 1000 } }],
  [
    "draws that depend on each other",
    { factors: UNLIKE, offsets: OFFSETS, draws: { chains: 4, draws: 1000, carry: 0.7 } },
  ],
])("%s: the standardised error has unit variance", (_, setup) => {
  for (const sum of standardised(setup, "consensus", 1)) {
    expect(sum).toBeGreaterThan(LOW);
    expect(sum).toBeLessThan(HIGH);
  }
});

test("noise of the weights is part of it: without it the error would be stated too small", () => {
  const setup: Case = { factors: UNLIKE, offsets: OFFSETS, draws: { chains: 2, draws: 1000 } };
  const random = createRandom(2);
  const shards = setup.factors.map((factor, shard) =>
    normalShard({ mean: times(factor, setup.offsets[shard]!), factor }, random, { ...setup.draws, shard }),
  );
  const { meanError, gaussian } = combine(shards, { dim: 2, method: "consensus" });
  // The draws alone: sd / √n.
  meanError.forEach((error, i) => {
    expect(error / Math.sqrt(gaussian.covariance[3 * i]! / 2000)).toBeGreaterThan(1.2);
  });
});
