/** What is said of the shape of shards: how far from Gaussian, what that does to the consensus, and what to do about it. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { assessConsensus, type ConsensusAssessment, combine, type ShardPosterior } from "../src/index.ts";
import { agreeingShards, drawnShard, normalShard } from "./models/drawn-shards.ts";
import { type LogGamma, logGammaShards, momentsOf, productOf } from "./models/log-gamma-shards.ts";

function assess(shards: readonly ShardPosterior[], dim: number): ConsensusAssessment {
  return assessConsensus(shards, combine(shards, { dim, method: "consensus" }));
}

/** The mean of numbers in units of its standard error from a value. */
function scoreOf(values: readonly number[], expected: number): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return Math.abs(mean - expected) / Math.sqrt(variance / values.length);
}

const RATE = 0.01;
const FACTOR = [[1], [0.6, 0.8]];

test.each([
  { carry: 0, draws: 300 },
  { carry: 0.5, draws: 600 },
])("Gaussian shards are seldom called anything else: draws correlated by $carry", ({ carry, draws }) => {
  const factors = Array.from({ length: 200 }, () => FACTOR);
  const { gaussianity } = assess(agreeingShards(factors, 17, { chains: 2, draws, carry }), 2);
  expect(gaussianity.map(({ shard }) => shard)).toEqual([...factors.keys()]);
  for (const p of ["skewnessP", "kurtosisP"] as const) {
    const rate = gaussianity.filter((one) => one[p] < RATE).length / factors.length;
    expect(rate).toBeLessThan(RATE + 4 * Math.sqrt((RATE * (1 - RATE)) / factors.length));
  }
});

test("skewness and kurtosis are those of the density, without the bias of few draws", () => {
  const shards = logGammaShards(
    Array.from({ length: 60 }, () => ({ shape: 6, rate: 1 })),
    5,
    { chains: 2, draws: 1000 },
  );
  const { gaussianity } = assess(shards, 1);
  // ψ″/ψ′^1.5 = −0.424676945994, squared; a third of ψ‴/ψ′² = 0.359748861139.
  const skewness = gaussianity.map((one) => one.skewness);
  const kurtosis = gaussianity.map(({ excessKurtosis }) => excessKurtosis);
  expect(Math.max(...gaussianity.map(({ skewnessP }) => skewnessP))).toBeLessThan(1e-3);
  // Moments of sample moments are biased by the order of 1/n; n = 2000 draws.
  expect(scoreOf(skewness, 0.424676945994 ** 2)).toBeLessThan(4);
  expect(scoreOf(kurtosis, 0.359748861139 / 3)).toBeLessThan(4);
  // Variance of 6 x − eˣ + (x − ψ)²/2ψ′ by quadrature of 15 digits; half of it is the divergence from a Gaussian.
  expect(
    scoreOf(
      gaussianity.map(({ logDensityVariance }) => logDensityVariance!),
      0.0325471512317,
    ),
  ).toBeLessThan(4);
});

test("densities of Gaussian shards have no variance beside that of a Gaussian", () => {
  const shards = agreeingShards([FACTOR, FACTOR, FACTOR], 4, { draws: 2000, hasLogDensity: true });
  for (const { logDensityVariance } of assess(shards, 2).gaussianity) {
    // The moments are from 4000 draws: 5 of them, each wrong by 1/√4000.
    expect(logDensityVariance!).toBeLessThan((4 * 5) / 4000);
  }
});

test("heavy tails on both sides are found by the kurtosis", () => {
  const random = createRandom(31);
  const shards = [0, 1, 2].map((shard) =>
    drawnShard(2, { shard, draws: 1000 }, (out) => {
      // Student's t with 5 degrees of freedom in two coordinates.
      const stretch = Math.sqrt(5 / random.gamma(2.5, 2));
      for (let i = 0; i < 2; i++) out[i] = stretch * random.normal();
    }),
  );
  for (const { kurtosisP, excessKurtosis, logDensityVariance } of assess(shards, 2).gaussianity) {
    expect(kurtosisP).toBeLessThan(1e-6);
    // Twice that of a Gaussian, 1 + 2/(5 − 4), of which few draws show the whole.
    expect(excessKurtosis).toBeGreaterThan(0.5);
    expect(logDensityVariance).toBeUndefined();
  }
});

const alike = (count: number, shape: number): LogGamma[] => Array.from({ length: count }, () => ({ shape, rate: 1 }));
const unlike = [2, 8, 3, 9, 5].map((shape) => ({ shape, rate: shape / 4 }));

/** Bias of the consensus and what was predicted, in standard deviations of the posterior. */
function biases(parts: readonly LogGamma[], signs: readonly (1 | -1)[], draws = 1200) {
  const shards = logGammaShards(parts, 1, { draws, signs });
  const dim = signs.length;
  const consensus = combine(shards, { dim, method: "consensus" });
  const { predictedBias, advice } = assessConsensus(shards, consensus);
  const { mean, sd } = momentsOf(productOf(parts));
  return signs.map((sign, i) => ({
    seen: (consensus.mean[i]! - sign * mean) / sd,
    predicted: predictedBias.bias[i]!,
    error: predictedBias.error[i]!,
    largest: predictedBias.largest,
    advice,
  }));
}

test.each([
  { name: "2 of 3 events", parts: alike(2, 3) },
  { name: "4 of 3 events", parts: alike(4, 3) },
  { name: "8 of 5 events", parts: alike(8, 5) },
  { name: "5 that differ", parts: unlike },
])("the bias of the consensus is predicted within a factor of two, sign and all: $name", ({ parts }) => {
  const both = biases(parts, [1, -1]);
  for (const { seen, predicted, error, largest } of both) {
    expect(Math.abs(seen)).toBeGreaterThan(0.15);
    expect(predicted / seen).toBeGreaterThan(0.5);
    expect(predicted / seen).toBeLessThan(2);
    expect(Math.abs(predicted)).toBeGreaterThan(4 * error);
    expect(largest).toBe(Math.max(...both.map((one) => Math.abs(one.predicted))));
  }
  expect(Math.sign(both[0]!.seen)).toBe(-Math.sign(both[1]!.seen));
});

test("most of what the bias is in data sets at random is predicted", () => {
  const random = createRandom(3);
  let [squares, left] = [0, 0];
  for (let run = 0; run < 12; run++) {
    const parts = Array.from({ length: 4 }, () => ({ shape: 1 + random.poisson(6), rate: 1 }));
    const [{ seen, predicted }] = biases(parts, [1], 250) as [ReturnType<typeof biases>[number]];
    squares += seen ** 2;
    left += (seen - predicted) ** 2;
  }
  expect(squares / 12).toBeGreaterThan(0.01);
  expect(left / squares).toBeLessThan(0.25);
});

/** Shards with two modes that are six standard deviations apart. */
function twoModes(count: number): ShardPosterior[] {
  const random = createRandom(8);
  return Array.from({ length: count }, (_, shard) =>
    drawnShard(2, { shard, draws: 250 }, (out) => {
      const side = random.uniform() < 0.4 ? -3 : 3;
      for (let i = 0; i < 2; i++) out[i] = side + random.normal();
    }),
  );
}

const ROUND = [[1], [0, 1]];
const rounds = (count: number) => Array.from({ length: count }, () => ROUND);

test.each([
  {
    name: "agreeing Gaussians",
    shards: agreeingShards(rounds(6), 2),
    method: "consensus",
    reason: /close to Gaussian/,
  },
  {
    name: "one of them moved",
    shards: agreeingShards(rounds(6), 2, { draws: 200, shift: (s) => (s === 4 ? [9, 0] : [0, 0]) }),
    method: "robust",
    reason: /^1 of 6 shards disagree with the others \(4\)$/,
  },
  {
    name: "two modes",
    shards: twoModes(5),
    method: "mixture",
    reason: /^5 of 5 shards examined have more than one mode/,
  },
  {
    name: "skewed shards",
    shards: logGammaShards(alike(4, 3), 1, { draws: 500, signs: [1, 1] }),
    method: "semiparametric",
    reason: /^skewness of the shards would move the consensus by 0\.\d+ standard deviations$/,
  },
  {
    name: "too many of them for a density product",
    shards: logGammaShards(alike(70, 5), 1, { draws: 150, signs: [1, 1] }),
    method: "consensus",
    reason: /too many shards or coordinates for a density product: use fewer, larger shards$/,
  },
  {
    name: "four skewed coordinates, more than a density product can do",
    shards: logGammaShards(alike(8, 5), 1, { draws: 150, signs: [1, 1, 1, 1] }),
    dim: 4,
    method: "consensus",
    reason: /too many shards or coordinates for a density product/,
  },
  {
    name: "a single one",
    shards: [normalShard({ mean: [0, 0], factor: ROUND }, createRandom(1))],
    method: "consensus",
    reason: /single shard/,
  },
])("advice for $name: $method", ({ shards, method, reason, dim = 2 }) => {
  const { advice } = assess(shards, dim);
  expect(advice.method).toBe(method);
  expect(advice.reason).toMatch(reason);
  // What `auto` does, and why, is the same.
  const auto = combine(shards, { dim, draws: 20 });
  expect([auto.method, auto.reason]).toEqual([advice.method, advice.reason]);
});

test.each([1, 2, 3])("a density product still moves in the %i coordinates for which it is advised", (dim) => {
  const factor = Array.from({ length: dim }, (_, i) => Array.from({ length: i + 1 }, (_, j) => (i === j ? 1 : 0.3)));
  for (const count of [4, 64]) {
    const shards = agreeingShards(
      Array.from({ length: count }, () => factor),
      1,
      { draws: 1000 },
    );
    const { warnings } = combine(shards, { dim, method: "semiparametric", draws: 200 });
    expect(warnings.map(({ code }) => code)).not.toContain("low-acceptance");
  }
});
