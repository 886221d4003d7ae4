import { mcse } from "@siegert/diagnostics";
import { describe, expect, test } from "vitest";
import { temper } from "../src/index.ts";
import { type DiscretePath, discreteProblem, exactAcceptance, exactRung } from "./problems/discrete-path.ts";
import { BIMODAL, GRID, ISING_4X4, POTTS_3X3, SPIN_GLASS } from "./problems/golden.ts";
import { zScore } from "./z-scores.ts";

interface Golden {
  readonly name: string;
  readonly path: DiscretePath;
  readonly betas: readonly number[];
  readonly acceptances: readonly number[];
  /** [β, log Z, mean energy] of rungs, to the digits that are known. */
  readonly rungs: readonly (readonly [number, number, number])[];
  /** log of the number of states, which log Z is relative to. */
  readonly logStates: number;
}

// Exact enumeration in 30 digits.
const CASES: readonly Golden[] = [
  {
    name: "Ising model on the 4 × 4 torus",
    path: ISING_4X4,
    betas: [0, 0.15, 0.3, 0.4, 0.5, 0.7],
    acceptances: [0.55029064422507, 0.44823494752632, 0.50667065430979, 0.61361372954533, 0.72128134734862],
    rungs: [],
    logStates: 16 * Math.log(2),
  },
  {
    name: "the same at the rungs whose log Z and energy are known",
    path: ISING_4X4,
    betas: [0, 0.2, 0.44, 0.6, 1],
    acceptances: [],
    rungs: [
      [0.2, 11.77147035854158, -7.298165912685555],
      [0.44, 15.50472653871816, -25.00555244966149],
      [0.6, 20.05653288434681, -30.52911244529702],
      [1, 32.69872140187933, -31.95453504409227],
    ],
    logStates: 16 * Math.log(2),
  },
  {
    name: "spin glass of 8 spins",
    path: SPIN_GLASS,
    betas: [0, 0.25, 0.5, 1, 2],
    acceptances: [0.56769652288214, 0.59375668515965, 0.44709469076055, 0.57385348876377],
    rungs: [
      [0.5, 6.817212326614265, -4.846970027806215],
      [1, 9.9760820093624, -7.362316866076343],
    ],
    logStates: 8 * Math.log(2),
  },
  {
    name: "Potts model with 3 states on the 3 × 3 torus",
    path: POTTS_3X3,
    betas: [0, 0.4, 0.8, 1.2, 1.6],
    acceptances: [0.53184584946909, 0.33525823810264, 0.41253221009891, 0.8498283367427],
    rungs: [],
    logStates: 9 * Math.log(3),
  },
  {
    name: "the same at the rungs whose log Z and energy are known",
    path: POTTS_3X3,
    betas: [0, 0.5, 1, 1.6],
    acceptances: [],
    rungs: [
      [0.5, 13.51714394246741, -8.938544126182565],
      [1, 19.60985341053475, -15.62632094812811],
    ],
    logStates: 9 * Math.log(3),
  },
  {
    name: "bimodal target over a wide normal reference",
    path: BIMODAL,
    betas: [0, 0.05, 0.5, 1],
    acceptances: [],
    rungs: [
      [0.05, -0.44142263640047, 1.750469907226],
      [0.5, 0.5887112785109, -3.519316484172],
      [1, 2.5, -4.015039948511],
    ],
    logStates: 0,
  },
];

describe.each(CASES)("$name", ({ path, betas, acceptances, rungs, logStates }) => {
  const run = temper(discreteProblem(path), { betas, rounds: 14, seed: 1, draws: false });

  test("the enumeration of the test gives the values known", () => {
    for (const [k, acceptance] of acceptances.entries()) {
      expect(exactAcceptance(path, betas[k]!, betas[k + 1]!)).toBeCloseTo(acceptance, 12);
    }
    for (const [beta, logZ, meanEnergy] of rungs) {
      expect(exactRung(path, beta).logZ).toBeCloseTo(logZ, 10);
      expect(exactRung(path, beta).meanEnergy).toBeCloseTo(meanEnergy, 9);
    }
  });

  test("every pair is accepted as often as it must be", async () => {
    const { pairs } = (await run).last!;
    for (const { chain, acceptance, acceptanceError } of pairs) {
      const exact = exactAcceptance(path, betas[chain]!, betas[chain + 1]!);
      expect(Math.abs(zScore(acceptance, acceptanceError, exact))).toBeLessThan(4);
    }
  });

  test("every rung has its mean energy and log Z", async () => {
    const { last } = await run;
    for (const rung of last!.rungs) {
      const exact = exactRung(path, rung.beta);
      expect(Math.abs(zScore(rung.meanEnergy, rung.meanEnergyError, exact.meanEnergy))).toBeLessThan(5);
      // The variance of a variance: 4 standard deviations with the kurtosis that the law has.
      const fourth = exact.law.reduce((sum, p, k) => {
        return sum + p * (exact.meanEnergy + path.statistics[0]![k]!) ** 4;
      }, 0);
      const deviation = Math.sqrt((fourth - exact.variance ** 2) / last!.scans);
      expect(Math.abs(rung.energyVariance! - exact.variance)).toBeLessThan(4 * deviation + 1e-12);
    }
    const exact = exactRung(path, betas.at(-1)!).logZ - logStates;
    expect(Math.abs(zScore((await run).logZ, (await run).logZError, exact))).toBeLessThan(5);
  });

  test.each(["swap", "exploration"] as const)("draws of every rung after %s follow its law", async (after) => {
    const drawn = await temper(discreteProblem(path), {
      betas,
      rounds: 12,
      seed: 2,
      draws: { chains: "all", after, thinning: 2 },
    });
    for (const [chain, beta] of betas.entries()) {
      const { values, statistics, draws } = drawn.draws(chain);
      expect(draws).toBe(2 ** 11);
      expect(Array.from(values, (state) => path.statistics[0]![state]!)).toEqual(Array.from(statistics));
      const mean = statistics.reduce((sum, s) => sum + s, 0) / draws;
      const error = mcse({ values: statistics, chains: 1, draws });
      expect(Math.abs(zScore(-mean, error, exactRung(path, beta).meanEnergy))).toBeLessThan(5);
    }
  });
});

test("the modes of the bimodal target have their weights", async () => {
  const run = await temper(discreteProblem(BIMODAL), { chains: 8, rounds: 13, seed: 4 });
  const { values, draws } = run.draws();
  const isLeft = values.map((state) => (GRID[state]! < 0 ? 1 : 0));
  const share = isLeft.reduce((sum, x) => sum + x, 0) / draws;
  // The grid has a point at 0, of density about 1e-6.
  expect(Math.abs(zScore(share, mcse({ values: isLeft, chains: 1, draws }), 0.3000002006561))).toBeLessThan(4);
});
