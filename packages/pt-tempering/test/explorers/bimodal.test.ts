/** Two modes that no explorer crosses alone: exact values on every rung, within the tempered run. */
import { describe, expect, test } from "vitest";
import {
  autoMala,
  compose,
  continuousReplicas,
  type ExplorerChoice,
  mix,
  normalReference,
  randomWalk,
  slice,
  stretch,
  temper,
} from "../../src/index.ts";
import { hmc, nuts } from "../../src/nuts.ts";
import { bimodal, RUNGS } from "./bimodal.ts";
import { zScore } from "./run-moments.ts";

const explorers: readonly (readonly [string, ExplorerChoice])[] = [
  ["slice sampling", slice()],
  ["a random walk", randomWalk()],
  ["stretch moves", stretch()],
  ["autoMALA", autoMala()],
  ["Hamiltonian trajectories", hmc()],
  ["no-U-turn transitions", nuts()],
  ["a random walk and a slice in turn", compose(randomWalk({ steps: 2 }), slice({ passes: 1 }))],
  ["one of two at random", mix([autoMala({ steps: 1 }), slice({ passes: 1 })], [1, 2])],
];
const reference = normalReference({ mean: 0, sd: 10 });
const betas = [0, 0.01, 0.05, 0.2, 0.5, 1];

describe.each(explorers)("%s", (name, explorer) => {
  test("gives every rung its law, before and after swaps", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference, explorer });
    for (const after of ["swap", "exploration"] as const) {
      const seed = name.length + (after === "swap" ? 0 : 100);
      const run = await temper(problem, { seed, rounds: 11, betas, draws: { chains: "all", after } });
      for (const [beta, , meanV, mean, negative] of RUNGS) {
        const { chain, meanEnergy, meanEnergyError } = run.last!.rungs.find((rung) => rung.beta === beta)!;
        expect(Math.abs(meanEnergy! + meanV) / meanEnergyError!, `<V> at ${beta}`).toBeLessThan(5);
        expect(Math.abs(zScore(run, ([x = 0]) => x, mean, chain)), `<x> at ${beta}`).toBeLessThan(5);
        expect(Math.abs(zScore(run, ([x = 0]) => (x < 0 ? 1 : 0), negative, chain))).toBeLessThan(5);
      }
    }
  });

  test("finds log Z = 2.5 on a tuned ladder", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference, explorer });
    const run = await temper(problem, { seed: 5, rounds: 11, chains: 8 });
    expect(Math.abs(run.logZ! - 2.5)).toBeLessThan(5 * run.logZError!);
    expect(run.logZError!).toBeLessThan(0.15);
  });
});

describe("short steps, of 0.5", () => {
  const shortSteps: ExplorerChoice = (path) => {
    for (let n = 0; n < 5; n++) {
      const trial = Float64Array.of(path.position[0]! + 0.5 * path.random.normal());
      if (Math.log(path.random.uniform()) < path.evaluate(trial) - path.logDensity) path.accept(trial);
    }
  };

  test("stay for good in the mode in which they start", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference, explorer: shortSteps, starts: [[-4]] });
    const group = problem.createGroup({ seed: 1, replicas: [0] });
    const step = {
      betas: Float64Array.of(1),
      chains: Int32Array.of(0),
      legs: Int32Array.of(0),
      statistics: new Float64Array(1),
      tallies: new Float64Array(problem.tallies!.length),
    };
    const state = new Float64Array(1);
    for (let n = 0; n < 2000; n++) {
      group.explore(step);
      group.readState(0, state);
      expect(state[0]).toBeLessThan(0);
    }
  });

  test("find both modes with their weights when tempered", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference, explorer: shortSteps, starts: [[-4]] });
    const run = await temper(problem, { seed: 4, rounds: 11, chains: 8 });
    expect(Math.abs(zScore(run, ([x = 0]) => (x < 0 ? 1 : 0), 0.3))).toBeLessThan(5);
    expect(Math.abs(run.logZ! - 2.5)).toBeLessThan(5 * run.logZError!);
  });
});
