/** What explorers learn between rounds: shapes and step sizes of rungs, in whatever coordinates. */
import { describe, expect, test } from "vitest";
import { RungScale, stepCorrection } from "../../src/explorers/rung-scale.ts";
import { LearnedShapes } from "../../src/explorers/rung-shapes.ts";
import { RungTable } from "../../src/explorers/rung-table.ts";
import {
  autoMala,
  continuousReplicas,
  type ExplorerChoice,
  normalReference,
  randomWalk,
  slice,
  stretch,
  temper,
} from "../../src/index.ts";
import { hmc, nuts } from "../../src/nuts.ts";
import { zScore } from "./run-moments.ts";

/** N((1, −2), S) with sd 0.3 and 2 and correlation 0.9, as seen through y = A x + b with A lower triangular. */
function seenThrough(a: number, b: number, c: number) {
  const inner = ([x = 0, y = 0]: readonly number[]) => {
    const [u, v] = [(x - 1) / 0.3, (y + 2) / 2];
    return [
      -(u * u - 1.8 * u * v + v * v) / (2 * 0.19),
      -(u - 0.9 * v) / 0.19 / 0.3,
      -(v - 0.9 * u) / 0.19 / 2,
    ] as const;
  };
  const undo = (at: Float64Array) => [at[0]! / a, (at[1]! - (b * at[0]!) / a) / c];
  return {
    target: {
      dim: 2,
      logDensity: (at: Float64Array) => inner(undo(at))[0],
      logDensityAndGradient(at: Float64Array, gradient: Float64Array) {
        const [value, gx, gy] = inner(undo(at));
        gradient[0] = gx / a - (gy * b) / (a * c);
        gradient[1] = gy / c;
        return value;
      },
    },
    // A A' times 9, whose lower factor is 3 A.
    reference: normalReference({
      mean: 0,
      covariance: [
        [9 * a * a, 9 * a * b],
        [9 * a * b, 9 * (b * b + c * c)],
      ],
    }),
  };
}

describe.each([
  ["stretch moves", stretch()],
  ["a random walk along the covariance", randomWalk({ shape: "dense" })],
  ["no-U-turn transitions with a dense metric", nuts({ metric: "dense" })],
  ["Hamiltonian trajectories with a dense metric", hmc({ metric: "dense" })],
] as readonly (readonly [string, ExplorerChoice])[])("%s", (_, explorer) => {
  test("do the same in sheared coordinates", async () => {
    const plain = await continuousReplicas({ ...seenThrough(1, 0, 1), explorer });
    const sheared = await continuousReplicas({ ...seenThrough(40, -7, 0.01), explorer });
    const options = { seed: 2, rounds: 6, betas: [0, 0.03, 0.2, 1] } as const;
    const x = (await temper(plain, options)).draws().values;
    const y = (await temper(sheared, options)).draws().values;
    for (let n = 0; n < x.length; n += 2) {
      expect(Math.abs(y[n]! - 40 * x[n]!)).toBeLessThan(1e-5 * 40);
      expect(Math.abs(y[n + 1]! + 7 * x[n]! - 0.01 * x[n + 1]!)).toBeLessThan(1e-5);
    }
  });
});

test.each([
  ["a random walk", randomWalk(), 0.234 + 0.206 / 2],
  ["a random walk with another aim", randomWalk({ targetAccept: 0.6 }), 0.6],
  ["no-U-turn transitions", nuts(), 0.8],
  ["Hamiltonian trajectories", hmc({ targetAccept: 0.7 }), 0.7],
] as const)("%s reach the acceptance that they aim at, on every rung", async (_, explorer, aim) => {
  const problem = await continuousReplicas({ ...seenThrough(100, 3, 0.01), explorer });
  const run = await temper(problem, { seed: 3, rounds: 10, betas: [0, 0.02, 0.1, 1] });
  const column = run.tallies.indexOf("acceptance");
  for (const { beta, tallies } of run.last!.rungs) {
    if (beta > 0) expect(Math.abs(tallies[column]! - aim)).toBeLessThan(0.1);
  }
});

test("autoMALA needs about one doubling or halving where it has learned its step", async () => {
  const problem = await continuousReplicas({ ...seenThrough(1, 0, 1), explorer: autoMala() });
  const run = await temper(problem, { seed: 3, rounds: 9, betas: [0, 0.02, 0.1, 1] });
  for (const { beta, tallies } of run.last!.rungs.slice(1)) {
    expect(tallies[run.tallies.indexOf("step factor")]!, `at ${beta}`).toBeGreaterThan(0.5);
    expect(tallies[run.tallies.indexOf("step factor")]!).toBeLessThan(2);
    expect(tallies[run.tallies.indexOf("reversible")]!).toBeGreaterThan(0.5);
  }
});

test("the cost of autoMALA grows with the dimension as d^1.33, the gradient's own cost included", async () => {
  const dims = [2, 8, 32, 128];
  const costs: number[] = [];
  for (const dim of dims) {
    const target = {
      dim,
      logDensity: (x: Float64Array) => x.reduce((sum, value) => sum - 0.5 * value * value, 0),
      logDensityAndGradient(x: Float64Array, gradient: Float64Array) {
        for (let i = 0; i < dim; i++) gradient[i] = -x[i]!;
        return this.logDensity(x);
      },
    };
    const reference = normalReference({ mean: 0, sd: 1.2 });
    const problem = await continuousReplicas({ target, reference, explorer: autoMala() });
    const run = await temper(problem, { seed: 1, rounds: 7, betas: [0, 1], draws: false });
    costs.push(dim * run.last!.rungs[1]!.tallies[run.tallies.indexOf("evaluations")]!);
  }
  const xs = dims.map((d) => Math.log(d) - Math.log(16));
  const slope = xs.reduce((sum, x, k) => sum + x * Math.log(costs[k]!), 0) / xs.reduce((sum, x) => sum + x * x, 0);
  expect(Math.abs(slope - 1.33)).toBeLessThan(0.15);
});

test("beyond the target, at β = 2, the path is target² / reference", async () => {
  // N(0, 1) from N(0, 3²): precision 2 − 1/9.
  const logDensity = ([x = 0]: Float64Array) => -0.5 * x * x;
  const target = { dim: 1, logDensity, logDensityAndGradient: logDensity };
  const problem = await continuousReplicas({ target, reference: normalReference({ mean: 0, sd: 3 }) });
  const run = await temper(problem, { seed: 1, rounds: 10, chains: 4, maxBeta: 2 });
  expect(Math.abs(zScore(run, ([x = 0]) => x * x, 1 / (2 - 1 / 9)))).toBeLessThan(5);
});

test("tallies count evaluations, and leave bookkeeping out", async () => {
  let evaluations = 0;
  const { target, reference } = seenThrough(1, 0, 1);
  const counting = {
    ...target,
    logDensity(at: Float64Array) {
      evaluations++;
      return target.logDensity(at);
    },
  };
  const problem = await continuousReplicas({ target: counting, reference, explorer: slice({ passes: 1 }) });
  const started = { seed: 1, rounds: 3, betas: [0, 1] };
  evaluations = 0;
  const run = await temper(problem, started);
  expect(run.tallies).toEqual(["acceptance", "evaluations", "invalid"]);
  const counted = run.rounds.flatMap(({ scans, rungs }) => rungs.map(({ tallies }) => tallies[1]! * scans));
  // Two more when the replicas look for their starts.
  expect(counted.reduce((sum, n) => sum + n, 0) + 2).toBeCloseTo(evaluations, 6);
});

test("the correction of a step is that of 2 Φ(−c εᵖ)", () => {
  expect(stepCorrection(0.4, 0.4, 1)).toBeCloseTo(1, 12);
  // 2 Φ(−1) = 0.3173 and 2 Φ(−0.5) = 0.6171: half the step, or 1/√2 of it.
  expect(stepCorrection(0.3173, 0.6171, 1)).toBeCloseTo(0.5, 2);
  expect(stepCorrection(0.3173, 0.6171, 2)).toBeCloseTo(Math.SQRT1_2, 2);
  for (const rate of [0, 1]) expect(stepCorrection(rate, 0.5, 1)).toSatisfy((f: number) => f > 0 && f < Infinity);
});

test("numbers of rungs are interpolated between them and kept beyond, per leg", () => {
  const table = new RungTable(2, Float64Array.of(5, 6));
  const out = new Float64Array(2);
  table.lookup(1, 0.3, out);
  expect(Array.from(out)).toEqual([5, 6]);
  table.replace(0, [1, 0, 0.5], Float64Array.of(30, 3, 10, 1, 20, 2));
  const at = (leg: number, beta: number) => {
    table.lookup(leg, beta, out);
    return Array.from(out);
  };
  expect(at(0, 0)).toEqual([10, 1]);
  expect(at(0, 0.25)).toEqual([15, 1.5]);
  expect(at(0, 0.5)).toEqual([20, 2]);
  expect(at(0, 2)).toEqual([30, 3]);
  expect(at(1, 0.25)).toEqual([5, 6]);
  const other = new RungTable(2, Float64Array.of(0, 0));
  other.load(table.save());
  expect(other.save()).toEqual(table.save());
});

test("steps change by at most ten times between rounds, and not where nothing was seen", () => {
  const scale = new RungScale(1, 2, 0.5, 1);
  const round = { round: 0, scans: 1e9, betas: Float64Array.of(0, 0.5, 1), legs: new Int32Array(3) };
  scale.tune({ ...round, tallies: Float64Array.of(1e9, 0, Number.NaN) }, 0, 1);
  expect(scale.atBeta(0, 0.5)).toBeGreaterThan(0.2 * (1 - 1e-6));
  expect(scale.atBeta(0, 0.5)).toBeLessThan(0.5);
  expect(scale.atBeta(0, 1)).toBeCloseTo(2, 12);
});

test("shapes are learned from sums around the mean as known, without cancellation", () => {
  // Values of 1e8 ± 1e-3: plain sums of squares would lose everything.
  const shapes = new LearnedShapes(1, Float64Array.of(1e8), Float64Array.of(1));
  const round = { round: 0, betas: Float64Array.of(1), legs: new Int32Array(1) };
  const scans = 10_000;
  for (let pass = 0; pass < 4; pass++) {
    const tallies = new Float64Array(shapes.columns);
    const shape = shapes.at(0, 0, 1);
    for (let n = 0; n < scans; n++) {
      shapes.observe(Float64Array.of(1e8 + 1 + (n % 2 === 0 ? 1e-3 : -1e-3)), shape, tallies, 0);
    }
    shapes.tune({ ...round, scans, tallies }, 0, shapes.columns);
  }
  expect(shapes.at(0, 0, 1).mean[0]).toBeCloseTo(1e8 + 1, 7);
  expect(shapes.at(0, 0, 1).sd[0]).toBeCloseTo(1e-3, 5);
});
