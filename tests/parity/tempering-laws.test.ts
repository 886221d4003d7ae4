/** Exact laws on every rung of tempered runs, by every kernel that can move a model. */
import type { ReplicaProblem } from "@siegert/log-density";
import { type TemperingRun, temper } from "@siegert/pt-tempering";
import { describe, expect, test } from "vitest";
import { BINDER, GOLDEN, type GoldenLadder, type GoldenModel, ISING_TORUS_4X4 } from "./tempering-golden.ts";
import { exactAcceptance, exactRung, problemsOf, stateCount } from "./tempering-models.ts";
import { drawScore, score } from "./tempering-scores.ts";

test.each(GOLDEN)("all states of the $name add up to the values known", (golden) => {
  for (const { beta, logZ, meanEnergy, variance, means = {} } of golden.rungs) {
    const exact = exactRung(golden, beta);
    expect(exact.logZ).toBeCloseTo(logZ, 11);
    expect(exact.meanEnergy).toBeCloseTo(meanEnergy, 11);
    if (variance !== undefined) expect(exact.variance).toBeCloseTo(variance, 10);
    for (const [name, mean] of Object.entries(means)) expect(exact.means[name]).toBeCloseTo(mean, 12);
  }
  for (const { betas, acceptances = [] } of golden.ladders) {
    acceptances.forEach((acceptance, k) => {
      expect(exactAcceptance(golden, betas[k]!, betas[k + 1]!)).toBeCloseTo(acceptance, 12);
    });
  }
  if (golden !== ISING_TORUS_4X4) return;
  for (const [beta, binder] of BINDER) {
    const { means } = exactRung(golden, beta);
    expect(1 - means["m⁴"]! / (3 * means["m²"]! ** 2)).toBeCloseTo(binder, 12);
  }
});

/** The scores of everything that is exact of a run, by name. */
function scoresOf(golden: GoldenModel, run: TemperingRun): Map<string, number> {
  const scores = new Map<string, number>();
  for (const { chain, beta, meanEnergy, meanEnergyError } of run.last!.rungs) {
    const exact = exactRung(golden, beta);
    const at = `on rung ${chain}`;
    scores.set(`mean energy ${at}`, score(meanEnergy, meanEnergyError, exact.meanEnergy));
    scores.set(
      `drawn energy ${at}`,
      drawScore(run, (_, s) => -s, exact.meanEnergy, chain),
    );
    const squared = (_: Float64Array, s: number) => (s + exact.meanEnergy) ** 2;
    scores.set(`variance ${at}`, drawScore(run, squared, exact.variance, chain));
    for (const [name, f] of Object.entries(golden.observables)) {
      scores.set(`${name} ${at}`, drawScore(run, f, exact.means[name]!, chain));
    }
  }
  const { betas } = run;
  for (const { chain, acceptance, acceptanceError } of run.last!.pairs) {
    const exact = exactAcceptance(golden, betas[chain]!, betas[chain + 1]!);
    scores.set(`acceptance of pair ${chain}`, score(acceptance, acceptanceError, exact));
  }
  const exact = exactRung(golden, betas.at(-1)!).logZ - Math.log(stateCount(golden));
  scores.set("log Z", score(run.logZ, run.logZError, exact));
  return scores;
}

interface Case {
  readonly golden: GoldenModel;
  readonly ladder: GoldenLadder;
  /** Every kernel, with draws recorded after swaps and after exploration. */
  readonly runs: readonly {
    readonly kernel: string;
    readonly problem: ReplicaProblem;
    readonly after: "swap" | "exploration";
  }[];
  readonly firstSeed: number;
}

const CASES: readonly Case[] = GOLDEN.flatMap((golden) =>
  golden.ladders.map((ladder) => ({
    golden,
    ladder,
    runs: problemsOf(golden).flatMap(([kernel, problem]) =>
      (["swap", "exploration"] as const).map((after) => ({ kernel, problem, after })),
    ),
  })),
).map((one, number) => ({ ...one, firstSeed: 100 * number }));

const ROUNDS = 12;

describe.each(CASES)("$golden.name on $ladder.betas", ({ golden, ladder: { betas }, runs, firstSeed }) => {
  const found: TemperingRun[] = [];

  test.each(runs.map((run, k) => ({ ...run, seed: firstSeed + k })))(
    "has its law on every rung by $kernel, recorded after $after (seed $seed)",
    async ({ problem, after, seed }) => {
      const run = await temper(problem, { betas, rounds: ROUNDS, seed, draws: { chains: "all", after } });
      expect(run.last!.scans).toBe(2 ** ROUNDS);
      found.push(run);
      for (const [name, z] of scoresOf(golden, run)) expect(Math.abs(z), name).toBeLessThan(5);
    },
  );

  test("has one law, whichever kernel moves it", () => {
    expect(found.length).toBe(runs.length);
    for (const [chain, beta] of betas.entries()) {
      const { meanEnergy } = exactRung(golden, beta);
      const rungs = found.map((run) => run.last!.rungs[chain]!);
      const weights = rungs.map(({ meanEnergyError }) => meanEnergyError! ** -2);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const mean = rungs.reduce((sum, rung, k) => sum + weights[k]! * rung.meanEnergy!, 0) / total;
      expect(Math.abs(mean - meanEnergy) * Math.sqrt(total), `all on rung ${chain}`).toBeLessThan(4);
      const spread = rungs.reduce((sum, rung, k) => sum + weights[k]! * (rung.meanEnergy! - mean) ** 2, 0);
      expect(normalScore(spread, rungs.length - 1), `spread on rung ${chain}`).toBeLessThan(4);
    }
  });
});

/** χ² as a standard normal number (Wilson & Hilferty 1931). */
function normalScore(chiSquare: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  return ((chiSquare / degrees) ** (1 / 3) - (1 - variance)) / Math.sqrt(variance);
}

test("a kernel that takes β for 5 % more than it is would be seen", async () => {
  const [, sound] = problemsOf(ISING_TORUS_4X4)[0]!;
  const cold: ReplicaProblem = {
    ...sound,
    createGroup(identity) {
      const group = sound.createGroup(identity);
      const explore: typeof group.explore = (step) =>
        group.explore({ ...step, betas: step.betas.map((beta) => 1.05 * beta) });
      return {
        size: group.size,
        explore,
        readState: (place, state) => group.readState(place, state),
        saveReplica: (place) => group.saveReplica(place),
        loadReplica: (place, saved) => group.loadReplica(place, saved),
      };
    },
  };
  const { betas } = ISING_TORUS_4X4.ladders[0]!;
  const run = await temper(cold, { betas, rounds: ROUNDS, seed: 1, draws: { chains: "all" } });
  expect(Math.max(...[...scoresOf(ISING_TORUS_4X4, run).values()].map(Math.abs))).toBeGreaterThan(5);
});
