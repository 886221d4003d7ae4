/** The consensus against the full density: moments and draws where that is known exactly. */
import { expect, test } from "vitest";
import { type Correction, combine, correct } from "../src/index.ts";
import { agreeingShards } from "./models/drawn-shards.ts";
import { consensusOf, knownDensity } from "./models/known-density.ts";
import { type LogGamma, logGammaShards, momentsOf, productOf } from "./models/log-gamma-shards.ts";

/** Corrected means and covariances against exact ones, in standard errors; `kurtosis` is E x⁴ / (E x²)² − 3 at most. */
function scoresOf(correction: Correction, mean: readonly number[], covariance: readonly number[], kurtosis = 0) {
  const dim = mean.length;
  const n = correction.effectiveSize;
  const scores = mean.map((m, i) => Math.abs(correction.mean[i]! - m) / correction.meanError[i]!);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) {
      const c = covariance[i * dim + j]!;
      const [ii, jj] = [covariance[i * dim + i]!, covariance[j * dim + j]!];
      const error = Math.sqrt((ii * jj + c * c + kurtosis * ii * jj) / n);
      scores.push(Math.abs(correction.covariance[i * dim + j]! - c) / error);
    }
    expect(correction.sd[i]! ** 2).toBeCloseTo(correction.covariance[i * dim + i]!, 12);
  }
  return scores;
}

test("a consensus that is right is found to be right", () => {
  const factor = [[1], [0.9, 0.4]];
  const means = [
    [0.2, -1],
    [0.8, 0.6],
    [-0.4, 0.1],
  ];
  const shards = means.map((mean, shard) => agreeingShards([factor], shard, { shift: () => mean, draws: 2000 })[0]!);
  const consensus = combine(
    shards.map((posterior, shard) => ({ ...posterior, shard })),
    { dim: 2, method: "consensus" },
  );
  // The product of Gaussians with the moments that the shards have: its mean and precision, known up to the draws.
  const { mean, covariance } = consensus.gaussian;
  const determinant = covariance[0]! * covariance[3]! - covariance[1]! ** 2;
  const full = knownDensity(2, ([x, y]) => {
    const [u, v] = [x! - mean[0]!, y! - mean[1]!];
    return -0.5 * ((covariance[3]! * u * u - 2 * covariance[1]! * u * v + covariance[0]! * v * v) / determinant);
  });
  const correction = correct(consensus, full, { subset: 4000 });
  expect(correction.paretoK).toBeLessThan(0.3);
  expect([correction.isReliable, correction.evaluations, correction.rejected]).toEqual([true, 4000, 0]);
  // t proposals of 7 degrees of freedom are worth about nine tenths of their number in two dimensions.
  expect(correction.effectiveSize).toBeGreaterThan(0.8 * 4000);
  expect(Math.max(...scoresOf(correction, [...mean], [...covariance]))).toBeLessThan(4);
  for (const i of [0, 1]) {
    expect(Math.abs(correction.shift[i]!)).toBeLessThan(4 / Math.sqrt(correction.effectiveSize));
    expect(Math.abs(Math.log(correction.sdRatio[i]!))).toBeLessThan(4 / Math.sqrt(2 * correction.effectiveSize));
  }
});

const PARTS: readonly LogGamma[] = Array.from({ length: 4 }, () => ({ shape: 3, rate: 1 }));
const WHOLE = productOf(PARTS);
/** ψ‴/ψ′² at 12. */
const KURTOSIS = 0.174;

/** Skewed shards, one coordinate to the left and one to the right, sheared: y = (x₀, x₀ / 2 + x₁). */
function shearedCase() {
  const shards = logGammaShards(PARTS, 2, { draws: 1000, signs: [1, -1] });
  for (const { values } of shards) for (let at = 0; at < values.length; at += 2) values[at + 1]! += values[at]! / 2;
  const { mean, sd } = momentsOf(WHOLE);
  const full = knownDensity(2, ([first, second]) => {
    const [x, y] = [first!, first! / 2 - second!];
    return WHOLE.shape * (x + y) - WHOLE.rate * (Math.exp(x) + Math.exp(y));
  });
  const v = sd ** 2;
  return { shards, full, mean: [mean, -mean / 2], covariance: [v, v / 2, v / 2, 1.25 * v] };
}

test("a consensus of skewed shards is corrected to the exact moments, and how far it was off is said", () => {
  const { shards, full, mean, covariance } = shearedCase();
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  const correction = correct(consensus, full, { subset: 4000, seed: 3 });
  expect(correction.isReliable).toBe(true);
  expect(Math.max(...scoresOf(correction, mean, covariance, KURTOSIS))).toBeLessThan(4);
  for (const i of [0, 1]) {
    const sd = Math.sqrt(covariance[3 * i]!);
    const off = consensus.mean[i]! - mean[i]!;
    expect(Math.abs(off)).toBeGreaterThan(4 * consensus.meanError[i]!);
    expect(Math.abs(off)).toBeGreaterThan(4 * correction.meanError[i]!);
    expect(Math.abs(correction.shift[i]! - off / sd)).toBeLessThan((4 * correction.meanError[i]!) / sd + 0.02);
    expect(correction.sdRatio[i]!).toBeCloseTo(Math.sqrt(consensus.covariance[3 * i]!) / correction.sd[i]!, 12);
  }
});

/** The one-dimensional case: the full density, and consensuses that are off. */
const { mean: MEAN, sd: SD } = momentsOf(WHOLE);
const full = knownDensity(1, ([x]) => WHOLE.shape * x! - WHOLE.rate * Math.exp(x!));
const off = consensusOf(1, (random, out) => {
  out[0] = MEAN + SD * (0.7 + 1.3 * random.normal());
});

test("standard errors of corrected means are right over many seeds", () => {
  const small = consensusOf(1, (random, out) => (out[0] = MEAN + SD * (0.5 + random.normal())), { draws: 150 });
  let squares = 0;
  for (let seed = 0; seed < 80; seed++) {
    const { mean, meanError } = correct(small, full, { subset: 500, seed });
    squares += ((mean[0]! - MEAN) / meanError[0]!) ** 2;
  }
  // χ² with 80 degrees of freedom is beyond these with probability 1e-3.
  expect(squares).toBeGreaterThan(44.79);
  expect(squares).toBeLessThan(128.3);
});

test("resampled draws follow the full posterior", () => {
  const { draws, effectiveSize, mean } = correct(off, full, { subset: 8000, draws: 6000, seed: 5 });
  expect(draws.length).toBe(6000);
  const size = Math.min(effectiveSize, 6000);
  // Quantiles of the logarithm of a gamma variate of shape 12 and rate 4.
  const quantiles = [
    [0.1, 0.6715841129453123],
    [0.5, 1.0705868142480737],
    [0.9, 1.4229952040071225],
  ] as const;
  for (const [share, quantile] of quantiles) {
    const below = draws.filter((x) => x < quantile).length / draws.length;
    expect(Math.abs(below - share) / Math.sqrt((share * (1 - share)) / size)).toBeLessThan(4);
  }
  const average = (part: Float64Array) => part.reduce((sum, x) => sum + x, 0) / part.length;
  // Systematic resampling hardly adds to the error of the weights.
  expect(Math.abs(average(draws) - mean[0]!)).toBeLessThan(0.05 * SD);
  // In random order: both halves have the same mean.
  const difference = average(draws.subarray(0, 3000)) - average(draws.subarray(3000));
  expect(Math.abs(difference) / (SD * Math.sqrt(2 / 3000))).toBeLessThan(4);
});

test("points are drawn in proportion to their weights, to within one", () => {
  const counts = (draws: number) => {
    const found = new Map<number, number>();
    for (const x of correct(off, full, { subset: 200, draws, seed: 2 }).draws) found.set(x, (found.get(x) ?? 0) + 1);
    return found;
  };
  const [few, many] = [counts(3000), counts(300_000)];
  expect(many.size).toBeLessThanOrEqual(200);
  for (const [x, count] of many) expect(Math.abs((few.get(x) ?? 0) - count / 100)).toBeLessThan(1.01);
});

test("the same seed gives the same bits, another one others, and as many evaluations as are asked for", () => {
  let evaluations = 0;
  const counted = knownDensity(1, (position) => {
    evaluations++;
    return full.logDensity(position);
  });
  const first = correct(off, counted, { subset: 300, seed: 9 });
  expect([evaluations, first.evaluations, first.draws.length]).toEqual([300, 300, 300]);
  expect(correct(off, full, { subset: 300, seed: 9 })).toEqual(first);
  expect(correct(off, full, { subset: 300, seed: 10 }).mean).not.toEqual(first.mean);
  expect(correct(off, full).evaluations).toBe(1000);
  expect(correct(off, full, { draws: 7 }).draws.length).toBe(7);
});

test("the full density need not be normalised", () => {
  const raised = knownDensity(1, (position) => full.logDensity(position) + 12_345);
  const [plain, moved] = [correct(off, full), correct(off, raised)];
  expect(moved.mean[0]!).toBeCloseTo(plain.mean[0]!, 9);
  expect(moved.paretoK).toBeCloseTo(plain.paretoK, 6);
});

test("two modes with wrong weights are given the right ones", () => {
  const consensus = consensusOf(2, (random, out) => {
    const side = random.uniform() < 0.5 ? -4 : 4;
    for (let i = 0; i < 2; i++) out[i] = side + random.normal();
  });
  const target = knownDensity(2, ([x, y]) => {
    const at = (m: number) => -0.5 * ((x! - m) ** 2 + (y! - m) ** 2);
    return Math.log(0.85 * Math.exp(at(-4)) + 0.15 * Math.exp(at(4)));
  });
  const { isReliable, draws, effectiveSize, mean, meanError } = correct(consensus, target, { subset: 3000 });
  expect(isReliable).toBe(true);
  const left = draws.filter((x, at) => at % 2 === 0 && x < 0).length / (draws.length / 2);
  expect(Math.abs(left - 0.85) / Math.sqrt((0.85 * 0.15) / effectiveSize)).toBeLessThan(4);
  for (const i of [0, 1]) expect(Math.abs(mean[i]! - 4 * (0.15 - 0.85)) / meanError[i]!).toBeLessThan(4);
});

test("draws of a shard in many coordinates are corrected too", () => {
  const dim = 8;
  const factor = Array.from({ length: dim }, (_, i) => Array.from({ length: i + 1 }, (_, j) => (i === j ? 1 : 0.2)));
  const shards = agreeingShards([factor, factor], 4, { draws: 1500 });
  const consensus = combine(shards, { dim, method: "consensus" });
  // Off by 0.3 standard deviations of every coordinate, and narrower than the truth.
  const target = knownDensity(dim, (x) => {
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      const sd = 1.2 * Math.sqrt(consensus.covariance[i * dim + i]!);
      sum += ((x[i]! - consensus.mean[i]!) / sd - 0.3) ** 2;
    }
    return -sum / 2;
  });
  const { isReliable, mean, meanError, shift } = correct(consensus, target, { subset: 8000, seed: 1 });
  expect(isReliable).toBe(true);
  for (let i = 0; i < dim; i++) {
    const exact = consensus.mean[i]! + 0.3 * 1.2 * Math.sqrt(consensus.covariance[i * dim + i]!);
    expect(Math.abs(mean[i]! - exact) / meanError[i]!).toBeLessThan(4);
    expect(shift[i]!).toBeLessThan(-0.1);
  }
});
