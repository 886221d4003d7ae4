/** Skewed shards, whose product a consensus of draws misses and the density products find. */
import { rhat } from "@siegert/diagnostics";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { combine, type ShardPosterior } from "../src/index.ts";
import { drawnShard } from "./models/drawn-shards.ts";
import { logGammaShards, momentsOf, productOf } from "./models/log-gamma-shards.ts";

const PRODUCTS = ["semiparametric", "nonparametric"] as const;
const alike = (count: number) => Array.from({ length: count }, () => ({ shape: 3, rate: 3 }));
const error = (found: number, { mean, sd }: { readonly mean: number; readonly sd: number }): number =>
  Math.abs(found - mean) / sd;

test("the closed form of the product is what quadrature gives", () => {
  const parts = alike(4);
  let mass = 0;
  let first = 0;
  let second = 0;
  for (let x = -6; x < 3; x += 1e-3) {
    const density = Math.exp(parts.reduce((sum, { shape, rate }) => sum + shape * x - rate * (Math.exp(x) - 1), 0));
    mass += density;
    first += x * density;
    second += x * x * density;
  }
  const { mean, sd } = momentsOf(productOf(parts));
  expect(first / mass).toBeCloseTo(mean, 9);
  expect(Math.sqrt(second / mass - (first / mass) ** 2)).toBeCloseTo(sd, 9);
});

test.each([4, 16, 40])("%i skewed shards of one coordinate: products come far nearer than the consensus", (count) => {
  const shards = logGammaShards(alike(count), 11, { chains: 4, draws: 1000 });
  const exact = momentsOf(productOf(alike(count)));
  const consensus = error(combine(shards, { dim: 1, method: "consensus" }).mean[0]!, exact);
  expect(consensus).toBeGreaterThan(0.4);
  for (const method of PRODUCTS) {
    const { mean, covariance, acceptance, rhat: mixing, warnings } = combine(shards, { dim: 1, method, seed: 3 });
    expect(error(mean[0]!, exact)).toBeLessThan(consensus / 4);
    expect(Math.abs(Math.sqrt(covariance[0]!) / exact.sd - 1)).toBeLessThan(0.1);
    expect(acceptance).toBeGreaterThan(0.2);
    expect(acceptance).toBeLessThan(0.9);
    expect(mixing).toBeLessThan(1.03);
    expect(warnings).toEqual([]);
  }
});

/**
 * A shard of two coordinates that go together: u = x, v = y + x²/4 of log gamma x and y, whose products are not of that
 * kind in the shards' own scales.
 */
function bentShard(shape: number, rate: number, shard: number): ShardPosterior {
  const random = createRandom(8, "bent", shard);
  return drawnShard(2, { shard, chains: 4, draws: 1500 }, (out) => {
    const x = random.logGamma(shape) - Math.log(rate);
    out[0] = x;
    out[1] = random.logGamma(4) - Math.log(4) + x * x * 0.25;
  });
}

/** The mean and standard deviations of the product of those, on a grid. */
function bentProduct(parts: readonly (readonly [number, number])[]) {
  let mass = 0;
  const sums = [0, 0];
  const squares = [0, 0];
  for (let u = -4; u < 3; u += 0.01) {
    for (let v = -5; v < 5; v += 0.01) {
      const y = v - u * u * 0.25;
      let log = 0;
      for (const [shape, rate] of parts) log += shape * u - rate * (Math.exp(u) - 1) + 4 * y - 4 * (Math.exp(y) - 1);
      const density = Math.exp(log);
      mass += density;
      [u, v].forEach((x, i) => {
        sums[i]! += x * density;
        squares[i]! += x * x * density;
      });
    }
  }
  return sums.map((sum, i) => ({ mean: sum / mass, sd: Math.sqrt(squares[i]! / mass - (sum / mass) ** 2) }));
}

test("skewed shards of two coordinates: products come nearer than the consensus, by quadrature", () => {
  const parts = [
    [2, 2],
    [3, 2],
    [2, 3],
    [4, 3],
    [2, 2],
    [3, 3],
  ] as const;
  const shards = parts.map(([shape, rate], shard) => bentShard(shape, rate, shard));
  const exact = bentProduct(parts);
  const distance = ({ mean }: { readonly mean: Float64Array }): number =>
    Math.hypot(...exact.map((one, i) => error(mean[i]!, one)));
  const consensus = distance(combine(shards, { dim: 2, method: "consensus" }));
  expect(consensus).toBeGreaterThan(0.5);
  for (const method of PRODUCTS) {
    expect(distance(combine(shards, { dim: 2, method, seed: 5 }))).toBeLessThan(consensus / 2);
  }
});

test("the R-hat that is given is the largest over the coordinates of the draws", () => {
  const shards = logGammaShards(alike(3), 2, { chains: 3, draws: 300, signs: [1, -1] });
  for (const method of PRODUCTS) {
    const { values, chains, draws, rhat: given } = combine(shards, { dim: 2, method });
    const each = [0, 1].map((i) =>
      rhat({ values: Float64Array.from({ length: chains * draws }, (_, n) => values[2 * n + i]!), chains, draws }),
    );
    expect(given).toBe(Math.max(...each));
  }
});

test("with one chain there is no R-hat, and other methods give none, nor an acceptance", () => {
  const shards = logGammaShards(alike(3), 2, { chains: 1, draws: 300 });
  expect(combine(shards, { dim: 1, method: "semiparametric" }).rhat).toBeNaN();
  for (const method of ["consensus", "robust", "mixture"] as const) {
    expect(combine(shards, { dim: 1, method })).not.toHaveProperty("rhat");
    expect(combine(shards, { dim: 1, method })).not.toHaveProperty("acceptance");
  }
});

test("draws of different chains are different", () => {
  const shards = logGammaShards(alike(3), 2, { chains: 2, draws: 300 });
  const { values } = combine(shards, { dim: 1, method: "nonparametric" });
  expect(values.slice(0, 300)).not.toEqual(values.slice(300));
});

test("auto takes the semiparametric product where skewness would bias the consensus, and says by how much", () => {
  const shards = logGammaShards(alike(6), 11, { chains: 4, draws: 500 });
  const { method, reason } = combine(shards, { dim: 1 });
  expect(method).toBe("semiparametric");
  expect(Number(/would move the consensus by ([\d.]+) standard deviations/.exec(reason)![1])).toBeGreaterThan(0.5);
});

test("auto stays with the consensus where there are too many coordinates for a product, and says so", () => {
  const signs = Array.from({ length: 9 }, () => 1 as const);
  const { method, reason } = combine(logGammaShards(alike(5), 4, { chains: 2, draws: 1000, signs }), { dim: 9 });
  expect(method).toBe("consensus");
  expect(reason).toMatch(/too many shards or coordinates for a density product: use fewer, larger shards/);
});
