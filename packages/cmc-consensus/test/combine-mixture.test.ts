/** Posteriors with several modes: joint ones, whose weights are those of the product. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { combine, type ShardPosterior } from "../src/index.ts";
import { drawnShard } from "./models/drawn-shards.ts";

const FACTOR = [[0.5], [0.2, 0.4]];
const OFFSET = 3;

interface Side {
  readonly shard: number;
  /** Share of the mode in which both coordinates are positive. */
  readonly share: number;
  readonly seed: number;
  readonly draws?: number;
  /** Draws for which a chain stays in a mode. Default 1. */
  readonly stay?: number;
}

/** Draws from two Gaussians, at (3, 3) and (−3, −3). */
function bimodal({ shard, share, seed, draws = 1000, stay = 1 }: Side): ShardPosterior {
  const random = createRandom(seed, "bimodal", shard);
  let sign = 1;
  let count = 0;
  return drawnShard(2, { shard, chains: 4, draws }, (out) => {
    if (count++ % stay === 0) sign = random.uniform() < share ? 1 : -1;
    const [a, b] = [random.normal(), random.normal()];
    out[0] = sign * OFFSET + FACTOR[0]![0]! * a;
    out[1] = sign * OFFSET + FACTOR[1]![0]! * a + FACTOR[1]![1]! * b;
  });
}

const bimodals = (shares: readonly number[], seed: number, more: Partial<Side> = {}): ShardPosterior[] =>
  shares.map((share, shard) => bimodal({ shard, share, seed, ...more }));

/** log of the odds of the positive mode in the product: Gaussians of the same shape, so the shares multiply. */
const logOdds = (shares: readonly number[]): number =>
  shares.reduce((sum, share) => sum + Math.log(share / (1 - share)), 0);

/** Share of the draws in each quadrant: both positive, both negative, mixed. */
function quadrants(values: Float64Array): readonly [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < values.length; at += 2) {
    const mixed = values[at]! > 0 !== values[at + 1]! > 0;
    counts[mixed ? 2 : values[at]! > 0 ? 0 : 1] += 2 / values.length;
  }
  return counts;
}

const SHARES = [
  [0.5, 0.5],
  [0.6, 0.6, 0.5, 0.4],
  [0.55, 0.45, 0.55, 0.6, 0.5, 0.4, 0.6, 0.5],
  [0.4, 0.4, 0.45, 0.5, 0.4, 0.6, 0.5, 0.5],
];

test.each(SHARES.map((shares, k) => [shares.length, k] as const))(
  "%i shards with joint modes: weights of the product within their error, no draws elsewhere (%i)",
  (_, k) => {
    const shares = SHARES[k]!;
    const result = combine(bimodals(shares, 40 + k), { dim: 2, method: "mixture", seed: 1 });
    const modes = result.modes!;
    expect(modes).toHaveLength(2);
    expect(modes[0]!.weight).toBeGreaterThanOrEqual(modes[1]!.weight);
    expect(modes[0]!.weight + modes[1]!.weight).toBeCloseTo(1, 12);
    expect(modes[0]!.logWeightError).toBe(0);
    // Errors of the shares, and of the moments of every mode: 2 p (p + 1) / 4 n a shard on the logarithm, far below.
    const [positive, negative] = modes[0]!.mean[0]! > 0 ? modes : [modes[1]!, modes[0]!];
    const found = Math.log(positive!.weight / negative!.weight);
    expect(Math.abs(found - logOdds(shares))).toBeLessThan(4 * modes[1]!.logWeightError);
    // Shares of n draws: √(1 / n p q) each on the logarithm of the odds.
    const expected = Math.sqrt(shares.reduce((sum, p) => sum + 1 / (4000 * p * (1 - p)), 0));
    expect(modes[1]!.logWeightError / expected).toBeGreaterThan(0.7);
    expect(modes[1]!.logWeightError / expected).toBeLessThan(1.4);
    const [up, down, mixed] = quadrants(result.values);
    expect(mixed).toBe(0);
    expect(Math.abs(up - positive!.weight)).toBeLessThan(1.01 / 4000);
    expect(Math.abs(down - negative!.weight)).toBeLessThan(1.01 / 4000);
    expect(result.warnings).toEqual([]);
  },
);

test("within a mode the draws have the mean, covariance and correlation of the product", () => {
  const shares = [0.5, 0.5, 0.5, 0.5];
  const { values, modes } = combine(bimodals(shares, 7), { dim: 2, method: "mixture" });
  for (const sign of [1, -1]) {
    const draws: (readonly [number, number])[] = [];
    for (let at = 0; at < values.length; at += 2) {
      if (values[at]! * sign > 0) draws.push([values[at]! - sign * OFFSET, values[at + 1]! - sign * OFFSET]);
    }
    const average = (f: (draw: readonly [number, number]) => number): number =>
      draws.reduce((sum, draw) => sum + f(draw), 0) / draws.length;
    const [a, b] = [average(([x]) => x), average(([, y]) => y)];
    // A shard has (0.25, 0.1; 0.1, 0.2), the product a quarter of it.
    const sd = [Math.sqrt(0.25 / 4), Math.sqrt(0.2 / 4)];
    // Two thousand draws a shard and mode; weights from draws cost a factor of √(p + 2) at most.
    for (const [x, i] of [[a, 0] as const, [b, 1] as const])
      expect(Math.abs(x) / sd[i]!).toBeLessThan((4 * 2) / Math.sqrt(1900));
    const covariance = [
      average(([x]) => (x - a) ** 2),
      average(([x, y]) => (x - a) * (y - b)),
      average(([, y]) => (y - b) ** 2),
    ];
    [0.25, 0.1, 0.2].forEach((exact, i) => {
      // Standard error of a covariance: √((C_ii C_jj + C_ij²) / n) ≤ √(2 / n) of the scale.
      const scale = [0.25, Math.sqrt(0.25 * 0.2), 0.2][i]! / 4;
      expect(Math.abs(covariance[i]! - exact / 4) / scale).toBeLessThan(4 * Math.sqrt(2 / 1900));
    });
    const mode = modes!.find(({ mean }) => mean[0]! * sign > 0)!;
    expect(Math.abs(mode.mean[0]! - sign * OFFSET - a)).toBeLessThan(0.1 * sd[0]!);
    expect(Math.abs(mode.covariance[1]! / (0.1 / 4) - 1)).toBeLessThan(0.2);
  }
});

test("mixing coordinate by coordinate makes modes that no shard has", () => {
  const shards = bimodals([0.5, 0.5, 0.5, 0.5], 7);
  const one = (coordinate: number): Float64Array =>
    combine(
      shards.map((shard) => ({ ...shard, values: shard.values.filter((_, at) => at % 2 === coordinate) })),
      { dim: 1, method: "mixture", seed: coordinate },
    ).values;
  const [x, y] = [one(0), one(1)];
  const values = Float64Array.from({ length: 2 * x.length }, (_, at) => (at % 2 === 0 ? x : y)[at >> 1]!);
  expect(quadrants(values)[2]).toBeGreaterThan(0.4);
  expect(quadrants(combine(shards, { dim: 2, method: "mixture" }).values)[2]).toBe(0);
});

test("a consensus of draws falls between the modes", () => {
  const { values } = combine(bimodals([0.5, 0.5, 0.5, 0.5], 7), { dim: 2, method: "consensus" });
  let between = 0;
  for (let at = 0; at < values.length; at += 2) if (Math.abs(values[at]!) < 2) between += 2 / values.length;
  expect(between).toBeGreaterThan(0.5);
});

test("auto finds the modes, takes the mixture and says why", () => {
  const { method, reason, modes } = combine(bimodals([0.5, 0.5, 0.5, 0.5], 7), { dim: 2 });
  expect(method).toBe("mixture");
  expect(reason).toMatch(/4 of 4 shards examined have more than one mode \(0, 1, 2, 3\)/);
  expect(modes).toHaveLength(2);
});

test.each([1, 2, 3, 9])("a mode that one shard never saw is warned about by name, beside %i that did", (others) => {
  const shards = [...bimodals(Array(others).fill(0.5), 9), bimodal({ shard: others, share: 1, seed: 9 })];
  const { modes, values, warnings } = combine(shards, { dim: 2, method: "mixture" });
  // The shard that never saw it weighs against the mode by its whole distance.
  expect(modes![0]!.mean[0]).toBeGreaterThan(0);
  expect(modes![0]!.weight).toBeGreaterThan(0.999);
  expect(quadrants(values)[1]).toBe(0);
  expect(warnings.map(({ code }) => code)).toEqual(["mode-missing"]);
  expect(warnings[0]!.message).toMatch(new RegExp(`left out, as shard\\(s\\) ${others} have no draws near it`));
});

test("a mode that a single shard can tell from another is kept, with its weight", () => {
  // Shard 0 is bimodal in a coordinate of its own; the others are not.
  const shards = [
    bimodal({ shard: 0, share: 0.7, seed: 4 }),
    ...[1, 2].map((shard) => {
      const random = createRandom(4, "others", shard);
      return drawnShard(1, { shard, chains: 4, draws: 1000, coordinates: [2] }, (out) => {
        out[0] = random.normal();
      });
    }),
  ].map((shard) => ({ ...shard, coordinates: shard.coordinates ?? [0, 1] }));
  const { modes, values, warnings } = combine(shards, { dim: 3, method: "mixture" });
  expect(modes!.map(({ mean }) => Math.sign(mean[0]!))).toEqual([1, -1]);
  expect(Math.abs(Math.log(modes![0]!.weight / modes![1]!.weight) - logOdds([0.7]))).toBeLessThan(
    4 * modes![1]!.logWeightError,
  );
  expect(warnings).toEqual([]);
  const flat = values.filter((_, at) => at % 3 < 2);
  expect(quadrants(flat)[2]).toBe(0);
});

test("chains that change modes rarely make the weights uncertain, and that is said", () => {
  const shards = bimodals([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 3, { stay: 250 });
  const { modes, warnings } = combine(shards, { dim: 2, method: "mixture" });
  expect(modes).toHaveLength(2);
  expect(modes![1]!.logWeightError).toBeGreaterThan(0.5);
  if (modes![1]!.weight > 1e-3) expect(warnings.map(({ code }) => code)).toContain("mode-weights");
});

test("one mode is one mode: the mixture is then the consensus", () => {
  const shards = bimodals([1, 1, 1], 5);
  const mixture = combine(shards, { dim: 2, method: "mixture" });
  const consensus = combine(shards, { dim: 2, method: "consensus" });
  expect(mixture.values).toEqual(consensus.values);
  expect(mixture.modes).toHaveLength(1);
  expect(mixture.modes![0]).toMatchObject({ weight: 1, logWeightError: 0, absentFrom: [] });
});

test("how light a mode may be is an option", () => {
  const shards = bimodals([0.85, 0.85], 5);
  const modes = (bimodalMinWeight: number): number =>
    combine(shards, { dim: 2, method: "mixture", bimodalMinWeight }).modes!.length;
  expect([modes(0.1), modes(0.2)]).toEqual([2, 1]);
});

test("how deep the valley must be is an option", () => {
  const near = (distance: number): ShardPosterior[] =>
    [0, 1].map((shard) => {
      const random = createRandom(6, "near", shard);
      return drawnShard(1, { shard, chains: 4, draws: 1000 }, (out) => {
        out[0] = (random.uniform() < 0.5 ? distance : -distance) / 2 + random.normal();
      });
    });
  // Two equal Gaussians d standard deviations apart have the middle at 2 e^(−d²/8) / (1 + e^(−d²/2)) of their peaks.
  const modes = (distance: number, bimodalMinSeparation: number): number =>
    combine(near(distance), { dim: 1, method: "mixture", bimodalMinSeparation }).modes!.length;
  expect(1 - 2 * Math.exp(-(4 ** 2) / 8)).toBeCloseTo(0.73, 2);
  expect([modes(4, 0.5), modes(4, 0.95)]).toEqual([2, 1]);
  expect([modes(6, 0.5), modes(6, 0.95)]).toEqual([2, 2]);
});

test("a single shard keeps its draws, and its modes their shares", () => {
  const shard = bimodal({ shard: 0, share: 0.7, seed: 2 });
  const { values, modes } = combine([shard], { dim: 2, method: "mixture" });
  expect(values).toEqual(shard.values);
  const [up] = quadrants(shard.values);
  expect(modes!.map(({ weight }) => weight)).toEqual([expect.closeTo(up, 10), expect.closeTo(1 - up, 10)]);
});
