/** One, four and sixteen shards of a linear model give the posterior of all data, which is known in closed form. */
import { ess } from "@siegert/diagnostics";
import { expect, test } from "vitest";
import { type CombineMethod, type Consensus, combine, type ShardPosterior } from "../src/index.ts";
import { ConjugateLinear, type Division } from "./models/conjugate-linear.ts";
import { correlations, rowsOf } from "./models/matrix.ts";

const CHAINS = 4;
const DRAWS = 4000;
const model = new ConjugateLinear(4);
const drawn = new Map<string, ShardPosterior[]>();

function shardsOf(count: number, division: Division): readonly ShardPosterior[] {
  const key = `${count} ${division}`;
  const shards = drawn.get(key) ?? model.shards(count, division, 5, { chains: CHAINS, draws: DRAWS });
  drawn.set(key, shards);
  return shards;
}

const combined = (count: number, division: Division, method: CombineMethod | "auto"): Consensus =>
  combine(shardsOf(count, division), { dim: model.dim, method, seed: 3 });

/** Largest error of a covariance, relative to the standard deviations of its coordinates. */
function covarianceError(covariance: Float64Array, { exact, sd } = model): number {
  return Math.max(
    ...rowsOf(covariance).flatMap((row, i) =>
      row.map((x, j) => Math.abs(x - exact.covariance[i]![j]!) / (sd[i]! * sd[j]!)),
    ),
  );
}

function correlationError(covariance: Float64Array, { exact } = model): number {
  const right = correlations(exact.covariance);
  return Math.max(
    ...correlations(rowsOf(covariance)).flatMap((row, i) => row.map((x, j) => Math.abs(x - right[i]![j]!))),
  );
}

/** The covariance of combining parameter by parameter: of variances alone. */
function perParameter(shards: readonly ShardPosterior[]): Float64Array {
  const { dim } = model;
  const covariance = new Float64Array(dim * dim);
  const each = shards.map((shard) => combine([shard], { dim, method: "consensus" }).covariance);
  for (let i = 0; i < dim * dim; i += dim + 1) covariance[i] = 1 / each.reduce((sum, own) => sum + 1 / own[i]!, 0);
  return covariance;
}

test("the coefficients are correlated enough to tell methods apart", () => {
  const off = correlations(model.exact.covariance).flatMap((row, i) => row.filter((_, j) => j !== i));
  expect(Math.max(...off.map(Math.abs))).toBeGreaterThan(0.7);
});

const cases = (["dealt", "contiguous"] as const).flatMap((division) =>
  [1, 4, 16].map((count) => [count, division] as const),
);
for (const method of ["consensus", "weighted-gaussian", "robust", "auto"] as const) {
  // Looking for modes takes the time of the whole, and finds the same in either division.
  const own = method === "auto" ? cases.filter(([, division]) => division === "dealt") : cases;
  test.each(own)(`${method}: %i %s shards give means, covariance and correlations of all data`, (count, division) => {
    const { mean, meanError, covariance, gaussian, excluded, dataLost, shards } = combined(count, division, method);
    mean.forEach((x, i) => {
      const mcse = model.sd[i]! / Math.sqrt(CHAINS * DRAWS);
      const own = method === "weighted-gaussian" ? mcse : 0;
      expect(Math.abs(x - model.exact.mean[i]!)).toBeLessThan(4 * Math.hypot(meanError[i]!, own));
      expect(Math.abs(gaussian.mean[i]! - model.exact.mean[i]!)).toBeLessThan(4 * meanError[i]!);
      // Weights from draws cost a factor of √(p + 2) at most, when shards' means scatter as independent data make them.
      expect(meanError[i]! / mcse).toBeGreaterThan(0.95);
      expect(meanError[i]! / mcse).toBeLessThan(count === 1 ? 1.05 : 1.1 * Math.sqrt(model.dim + 2));
    });
    expect(covarianceError(covariance)).toBeLessThan(0.05);
    expect(covarianceError(gaussian.covariance)).toBeLessThan(0.05);
    expect(correlationError(covariance)).toBeLessThan(0.05);
    expect([excluded, dataLost, shards.length]).toEqual([[], 0, count]);
  });
}

test.each([4, 16])("combining %i shards parameter by parameter fails these checks", (count) => {
  const covariance = perParameter(shardsOf(count, "contiguous"));
  expect(correlationError(covariance)).toBeGreaterThan(0.7);
  expect(covarianceError(covariance)).toBeGreaterThan(0.4);
});

test.each([4, 16])("so does the average of %i shards that differ in shape", (count) => {
  expect(covarianceError(combined(count, "contiguous", "average").covariance)).toBeGreaterThan(0.05);
});

const flat = new ConjugateLinear(2);
const flatCases = (["semiparametric", "nonparametric"] as const).flatMap((method) =>
  cases.map(([count, division]) => [method, count, division] as const),
);

test.each(flatCases)("%s: %i %s shards, to what the chains over choices are worth", (method, count, division) => {
  const shards = flat.shards(count, division, 5, { chains: CHAINS, draws: 3000 });
  const { mean, covariance, meanError, values, chains, draws, warnings } = combine(shards, {
    dim: 2,
    method,
    seed: 3,
  });
  const sizes = flat.sd.map((_, i) =>
    ess({ values: Float64Array.from({ length: chains * draws }, (__, n) => values[2 * n + i]!), chains, draws }),
  );
  mean.forEach((x, i) => {
    const error = Math.hypot(flat.sd[i]! / Math.sqrt(sizes[i]!), meanError[i]!);
    expect(Math.abs(x - flat.exact.mean[i]!)).toBeLessThan(4 * error);
  });
  // From n draws a variance has a relative error of √(2 / n), a correlation ρ one of (1 − ρ²) / √n.
  const size = Math.min(...sizes);
  const rho = correlations(flat.exact.covariance)[0]![1]!;
  expect(size).toBeGreaterThan(80);
  expect(covarianceError(covariance, flat)).toBeLessThan(4 * Math.sqrt(2 / size));
  expect(correlationError(covariance, flat)).toBeLessThan((4 * (1 - rho ** 2)) / Math.sqrt(size));
  expect(warnings).toEqual([]);
});

test.each(["semiparametric", "nonparametric"] as const)(
  "%s says so where it does not reach the posterior",
  (method) => {
    const shards = model.shards(16, "dealt", 5, { chains: CHAINS, draws: 1000 });
    const { mean, warnings, rhat, acceptance } = combine(shards, { dim: model.dim, method, seed: 3 });
    const worst = Math.max(...mean.map((x, i) => Math.abs(x - model.exact.mean[i]!) / model.sd[i]!));
    expect(worst).toBeGreaterThan(0.2);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.some(({ code }) => code === "low-acceptance")).toBe(acceptance! < 0.02);
    expect(warnings.some(({ code }) => code === "chains-disagree")).toBe(rhat! > 1.05);
  },
);
