/** log Z of tempered lattices against exact values, and its error bar over seeds. */
import {
  type EnergyModel,
  energyModel,
  enumerateStates,
  gibbsReplicas,
  isingModel,
  lattice,
  plantedTorus,
  spinFactor,
  spinNodes,
  userFactor,
} from "@siegert/block-gibbs";
import { isingReplicas } from "@siegert/ising";
import type { ReplicaProblem } from "@siegert/log-density";
import { continuousReplicas, normalReference, randomWalk, type TemperingRun, temper } from "@siegert/pt-tempering";
import { describe, expect, test } from "vitest";
import { GLASS_GROUND, ISING_TORUS_4X4, SPIN_GLASS } from "./tempering-golden.ts";
import { exactRung, stateCount } from "./tempering-models.ts";
import { CALIBRATED, drawScore, score } from "./tempering-scores.ts";

/** Of the finite torus, by Kaufman's formula: [size, β, log Z, energy per site]. */
const KAUFMAN: readonly (readonly [number, number, number, number])[] = [
  [8, 0.44, 60.07630752721541, -1.487525543386],
  [16, 0.3, 202.3832322625404, -0.70453267085877],
  [16, 0.44, 238.3872472042396, -1.4477434648277],
];

const torus = (size: number) => ({ lattice: { size: [size, size] as const }, sweepsPerStep: 2 });

const KERNELS: readonly (readonly [string, (size: number) => ReplicaProblem])[] = [
  ["replica-planes", (size) => isingReplicas({ ...torus(size), form: "replica-planes" })],
  ["general-graph", (size) => isingReplicas({ ...torus(size), form: "general-graph" })],
  ["block Gibbs by colours", (size) => gibbsReplicas({ model: isingModel(lattice([size, size])), sweeps: 2 })],
];

describe.each(KAUFMAN)("the torus of %i² spins at β = %d", (size, beta, logZ, energy) => {
  test.each(KERNELS)("has Kaufman's log Z and energy by %s", async (kernel, problemOf) => {
    const isSlow = kernel.startsWith("block");
    const run = await temper(problemOf(size), {
      chains: size === 8 ? 8 : 16,
      maxBeta: beta,
      rounds: isSlow ? 8 : 12,
      seed: size,
    });
    const sites = size * size;
    expect(Math.abs(score(run.logZ, run.logZError, logZ - sites * Math.LN2))).toBeLessThan(5);
    expect(run.logZError!).toBeLessThan(isSlow ? 0.5 : 0.1);
    const { meanEnergy, meanEnergyError } = run.last!.rungs.at(-1)!;
    expect(Math.abs(score(meanEnergy, meanEnergyError, energy * sites))).toBeLessThan(5);
    expect(Math.abs(drawScore(run, (_, s) => -s / sites, energy))).toBeLessThan(5);
    // Up and down are alike.
    expect(Math.abs(drawScore(run, (state) => state.reduce((a, b) => a + b, 0), 0))).toBeLessThan(5);
  });
});

/** log Z of a torus of `height` × `width` by the trace of its transfer matrix, which leads from column to column. */
function transferLogZ(height: number, width: number, beta: number): number {
  const states = 2 ** height;
  const spin = (state: number, row: number) => ((state >> (row % height)) & 1 ? 1 : -1);
  const rows = Array.from({ length: height }, (_, row) => row);
  const within = (a: number) => rows.reduce((sum, row) => sum + spin(a, row) * spin(a, row + 1), 0);
  const between = (a: number, b: number) => rows.reduce((sum, row) => sum + spin(a, row) * spin(b, row), 0);
  const all = Array.from({ length: states }, (_, state) => state);
  let power = all.map((a) => all.map((b) => Math.exp(beta * (between(a, b) + (within(a) + within(b)) / 2))));
  let logScale = 0;
  // Squared log2(width) times, scaled each time.
  for (let reached = 1; reached < width; reached *= 2) {
    const largest = Math.max(...power.flat());
    const scaled = power.map((row) => row.map((entry) => entry / largest));
    power = all.map((a) => all.map((b) => all.reduce((sum, k) => sum + scaled[a]![k]! * scaled[k]![b]!, 0)));
    logScale = 2 * (logScale + Math.log(largest));
  }
  return logScale + Math.log(all.reduce((sum, a) => sum + power[a]![a]!, 0));
}

test("the transfer matrix gives the 4 × 4 torus its log Z", () => {
  for (const { beta, logZ } of ISING_TORUS_4X4.rungs) expect(transferLogZ(4, 4, beta)).toBeCloseTo(logZ, 11);
});

describe("the torus of 4 × 256 spins, on all three kernels", () => {
  const beta = 0.3;
  const logZ = transferLogZ(4, 256, beta);
  const energy = -(transferLogZ(4, 256, beta + 1e-4) - transferLogZ(4, 256, beta - 1e-4)) / 2e-4;
  test.each(["wide-lattice", "replica-planes", "general-graph"] as const)(
    "has its log Z, and its energy on every rung, by %s",
    async (form) => {
      const problem = isingReplicas({ lattice: { size: [4, 256] }, form });
      expect(problem.form).toBe(form);
      const run = await temper(problem, { chains: 18, maxBeta: beta, rounds: 10, seed: 3, draws: { chains: "all" } });
      expect(Math.abs(score(run.logZ, run.logZError, logZ - 1024 * Math.LN2))).toBeLessThan(5);
      const { meanEnergy, meanEnergyError } = run.last!.rungs.at(-1)!;
      expect(Math.abs(score(meanEnergy, meanEnergyError, energy))).toBeLessThan(5);
      for (const rung of run.last!.rungs) {
        const [above, below] = [1e-4, -1e-4].map((d) => transferLogZ(4, 256, rung.beta + d)) as [number, number];
        const exact = -(above - below) / 2e-4;
        // Differences of log Z are right to 1e-7 or so.
        expect(Math.abs(rung.meanEnergy! - exact)).toBeLessThan(5 * rung.meanEnergyError! + 1e-5);
        expect(Math.abs(drawScore(run, (_, s) => -s, exact, rung.chain))).toBeLessThan(5);
      }
    },
  );
});

/** log Z of all seeds, as the sum of squared scores. */
async function squaredScores(run: (seed: number) => Promise<TemperingRun>, exact: number) {
  const sums = { bridge: 0, stepping: 0, mean: 0 };
  for (let seed = 0; seed < 100; seed++) {
    const { logZ, logZError, last } = await run(seed);
    const { steppingStone } = last!.evidence.legs[0]!;
    const z = score(logZ, logZError, exact);
    sums.bridge += z ** 2;
    sums.mean += z / 10;
    sums.stepping += score(steppingStone.value, steppingStone.error, exact) ** 2;
  }
  return sums;
}

function expectCalibrated({ bridge, stepping, mean }: Awaited<ReturnType<typeof squaredScores>>): void {
  const [low, high] = CALIBRATED;
  for (const sum of [bridge, stepping]) {
    expect(sum).toBeGreaterThan(low);
    expect(sum).toBeLessThan(high);
  }
  // No bias: the sum of 100 standard normal numbers over its standard deviation.
  expect(Math.abs(mean)).toBeLessThan(4);
}

describe("over 100 seeds the error bar of log Z is the error's size", () => {
  const [first] = ISING_TORUS_4X4.ladders;
  const exactOf = (golden: typeof SPIN_GLASS, betas: readonly number[]) =>
    exactRung(golden, betas.at(-1)!).logZ - Math.log(stateCount(golden));

  test.each(["replica-planes", "general-graph"] as const)("of the 4 × 4 torus by %s", async (form) => {
    const { betas } = first!;
    const problem = isingReplicas({ ...ISING_TORUS_4X4.ising!, form });
    const run = (seed: number) => temper(problem, { betas, rounds: 9, seed, draws: false });
    expectCalibrated(await squaredScores(run, exactOf(ISING_TORUS_4X4, betas)));
  });

  test("of the spin glass by block Gibbs, two copies", async () => {
    const { betas } = SPIN_GLASS.ladders[0]!;
    const problem = gibbsReplicas({ model: SPIN_GLASS.model });
    const run = (seed: number) => temper(problem, { betas, rounds: 8, copies: 2, seed, draws: false });
    expectCalibrated(await squaredScores(run, exactOf(SPIN_GLASS, betas)));
  });

  test("of a ladder that is tuned while it runs", async () => {
    const problem = isingReplicas(SPIN_GLASS.ising!);
    const run = (seed: number) => temper(problem, { chains: 5, maxBeta: 1, rounds: 9, seed, draws: false });
    expectCalibrated(await squaredScores(run, exactOf(SPIN_GLASS, [1])));
  });

  test("of the path from precision 1 to precision 10 in two dimensions, by a random walk", async () => {
    const target = {
      dim: 2,
      logDensity: ([x = 0, y = 0]: Float64Array) => -5 * (x * x + y * y) - Math.log(2 * Math.PI),
      logDensityAndGradient: () => Number.NaN,
    };
    const reference = normalReference({ mean: 0, sd: 1 });
    const problem = await continuousReplicas({ target, reference, explorer: randomWalk({ steps: 4 }) });
    const run = (seed: number) => temper(problem, { chains: 4, rounds: 9, seed, draws: false });
    expectCalibrated(await squaredScores(run, -Math.log(10)));
  });
});

/** Particles that exclude their neighbours: spins up may not be next to each other; energy −1 per particle. */
function hardCore(): EnergyModel {
  const { nodes, edges } = lattice([3, 3], { periodic: false });
  const spins = spinNodes(nodes);
  const ends = [0, 1].map((end) => Array.from({ length: edges.length / 2 }, (_, e) => spins[edges[2 * e + end]!]!));
  return energyModel({
    nodes: spins,
    factors: [
      spinFactor({ spins: [spins], weights: Array<number>(nodes).fill(0.5) }),
      userFactor({ groups: ends, energy: ([a = 0, b = 0]) => (a === 1 && b === 1 ? Number.POSITIVE_INFINITY : 0) }),
    ],
  });
}

test("states that are forbidden at every β > 0: log Z, and the energy of every rung above 0", async () => {
  const model = hardCore();
  const exact = enumerateStates(model);
  const run = await temper(gibbsReplicas({ model }), { chains: 6, maxBeta: 2, rounds: 12, seed: 1 });
  expect(Math.abs(score(run.logZ, run.logZError, exact.at(2).logZ - 9 * Math.LN2))).toBeLessThan(5);
  const [reference, ...rungs] = run.last!.rungs;
  expect(reference!.meanEnergy).toBeUndefined();
  for (const { beta, meanEnergy, meanEnergyError } of rungs) {
    expect(Math.abs(score(meanEnergy, meanEnergyError, exact.at(beta).meanEnergy))).toBeLessThan(5);
  }
  expect(
    Math.abs(
      drawScore(
        run,
        ([a = 0]) => a,
        exact.mean(([a = 0]) => a, 2),
      ),
    ),
  ).toBeLessThan(5);
});

describe("the lowest energy", () => {
  test.each([
    ["Ising kernels", isingReplicas(SPIN_GLASS.ising!)],
    ["block Gibbs", gibbsReplicas({ model: SPIN_GLASS.model })],
  ])("of the spin glass of 8 spins is found with its state, by %s", async (_, problem) => {
    const { optimum } = await temper(problem, { chains: 5, maxBeta: 2, rounds: 8, seed: 1, optimise: true });
    expect(optimum!.statistic).toBe(8.75);
    expect([...optimum!.state]).toEqual(GLASS_GROUND);
  });

  test.each(["replica-planes", "general-graph"] as const)(
    "of a planted glass of 12 × 12 is the one it was planted with, by %s",
    async (form) => {
      const glass = plantedTorus(12, 5);
      const problem = isingReplicas({ ...glass, form, sweepsPerStep: 4 });
      const { optimum } = await temper(problem, { chains: 16, maxBeta: 3, rounds: 11, seed: 2, optimise: true });
      expect(-optimum!.statistic).toBe(glass.groundEnergy);
    },
  );
});
