import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import {
  resumeTempering,
  type TemperedBlock,
  type TemperingOptions,
  type TemperingState,
  temper,
} from "../src/index.ts";
import { discreteProblem } from "./problems/discrete-path.ts";
import { BIMODAL_TWO_LEGS, ISING_4X4, SPIN_GLASS } from "./problems/golden.ts";
import { problemModule } from "./problems/problem-module.ts";

const problem = discreteProblem(ISING_4X4);
const twoLegs = discreteProblem(BIMODAL_TWO_LEGS);

describe("is refused before any work:", () => {
  const untouched: ReplicaProblem = {
    dim: 1,
    createGroup() {
      throw new Error("work was done");
    },
  };
  test.each<[string, TemperingOptions]>([
    ["options.betas", { betas: [0] }],
    ["options.betas", { betas: [] }],
    ["options.betas", { betas: 3 as never }],
    ["options.betas[2]", { betas: [0, 0.5, 0.4, 1] }],
    ["options.betas[1]", { betas: [0, 0, 1] }],
    ["options.betas[1]", { betas: [1, 0.5, 0] }],
    ["options.betas[0]", { betas: [-0.1, 1] }],
    ["options.betas[1]", { betas: [0, Number.NaN, 1] }],
    ["options.betas[1]", { betas: [0, Number.POSITIVE_INFINITY] }],
    ["options.chains", { chains: 1 }],
    ["options.chains", { chains: 2.5 }],
    ["options.chains", { chains: "many" as never }],
    ["options.chains", { chains: [3, 4] }],
    ["options.chains", { chains: 3, betas: [0, 1] }],
    ["options.betas", { chains: "auto", betas: [0, 1] }],
    ["options.maxBeta", { maxBeta: 0 }],
    ["options.maxBeta", { maxBeta: 2, betas: [0, 1] }],
    ["options.rounds", { rounds: 0 }],
    ["options.rounds", { rounds: 32 }],
    ["options.seed", { seed: 0.5 }],
    ["options.copies", { copies: 0 }],
    ["options.targetAcceptance", { targetAcceptance: 1 }],
    ["options.maxChains", { maxChains: 2 }],
    ["options.draws.chains", { draws: { chains: "cold" as never } }],
    ["options.draws.chains[0]", { draws: { chains: [10] } }],
    ["options.draws.chains", { draws: { chains: [1, 1] } }],
    ["options.draws.chains", { draws: { chains: [] } }],
    ["options.draws.chains", { chains: "auto", draws: { chains: [1] } }],
    ["options.draws.after", { draws: { after: "sweep" as never } }],
    ["options.draws.rounds", { draws: { rounds: 3 as never } }],
    ["options.draws.thinning", { draws: { thinning: 0 } }],
    ["options.sink", { draws: { keep: false } }],
    ["options.threads", { threads: 0 }],
    ["options.trace", { trace: true, rounds: 28 }],
    ["options.draws.thinning", { rounds: 31 }],
    ["options.scanTimeoutMs", { scanTimeoutMs: 0 }],
    ["options.executor", { executor: {} as never }],
  ])("%s in %j", async (argument, options) => {
    await expect(temper(untouched, options)).rejects.toMatchObject({ name: "InvalidArgumentError", argument });
  });

  test.each<[string, TemperingOptions]>([
    ["options.chains", { chains: "auto" }],
    ["options.chains", { chains: [3] as never }],
    ["options.chains[1]", { chains: [3, 1] }],
    ["options.betas", { betas: [0, 1] }],
    [
      "options.betas[1]",
      {
        betas: [
          [0, 1],
          [0.1, 1],
        ],
      },
    ],
    [
      "options.betas[0]",
      {
        betas: [
          [0, 0.5],
          [0, 1],
        ],
      },
    ],
    [
      "options.betas[1][1]",
      {
        betas: [
          [0, 1],
          [0, 0],
        ],
      },
    ],
    ["options.maxBeta", { maxBeta: 2 }],
    ["options.optimise", { optimise: true }],
  ])("for two legs, %s in %j", async (argument, options) => {
    await expect(temper(twoLegs, options)).rejects.toMatchObject({ name: "InvalidArgumentError", argument });
  });

  test.each([
    ["problem", undefined],
    ["problem", { dim: 0, createGroup() {} }],
    ["problem", { dim: 1, legs: 3, createGroup() {} }],
    ["problem.module", { kind: "module", module: "./here.js" }],
    ["problem.export", { kind: "module", module: problemModule, export: "nothing" }],
    ["problem.export", { kind: "module", module: problemModule, export: "problemModule" }],
  ])("%s that is %j", async (argument, wrong) => {
    await expect(temper(wrong as never)).rejects.toMatchObject({ name: "InvalidArgumentError", argument });
  });

  test("a state that is none, or is damaged", async () => {
    const { state } = await temper(problem, { rounds: 2 });
    const good = state();
    const damaged: unknown[] = [
      undefined,
      {},
      { ...good, format: 2 },
      { ...good, chainOf: [1] },
      { ...good, replicas: good.replicas.slice(1) },
      { ...good, replicas: good.replicas.map(() => "%") },
    ];
    for (const wrong of damaged) {
      await expect(resumeTempering(problem, wrong as TemperingState)).rejects.toMatchObject({
        name: "InvalidArgumentError",
      });
    }
  });
});

describe("draws", () => {
  test("come by default from the target, one per scan of the last round", async () => {
    const run = await temper(problem, { rounds: 6, seed: 1 });
    const { values, draws, chains, names } = run.draws();
    expect([values.length, draws, chains, names]).toEqual([64, 64, 1, ["state"]]);
    expect(() => run.draws(0)).toThrow("kept");
    expect(() => run.draws(10)).toThrow("integer");
  });

  test("come from both targets of two legs", async () => {
    const run = await temper(twoLegs, { chains: [4, 3], rounds: 5, copies: 2 });
    expect(run.draws()).toMatchObject({ chains: 4, draws: 32 });
    expect(run.draws().values.slice(0, 32)).toEqual(run.draws(3).values.slice(0, 32));
    expect(run.draws().values.slice(32, 64)).toEqual(run.draws(4).values.slice(0, 32));
  });

  test("can be left out", async () => {
    const run = await temper(problem, { rounds: 3, draws: false });
    expect(() => run.draws()).toThrow("kept");
  });

  test("reach a sink block by block, in order, with and without memory", async () => {
    const draws = { chains: [0, 4], thinning: 3, rounds: "all" } as const;
    const blocks: TemperedBlock[] = [];
    let isBusy = false;
    const sink = {
      async write(block: TemperedBlock) {
        expect(isBusy).toBe(false);
        isBusy = true;
        await new Promise((resolve) => setTimeout(resolve, 1));
        blocks.push(block);
        isBusy = false;
      },
    };
    const options = { chains: 5, rounds: 7, copies: 2, seed: 3 };
    const run = await temper(problem, { ...options, draws, sink });
    // Rounds of 2 scans have no third one.
    expect(blocks.map(({ round, draws: count }) => [round, count])).toEqual([
      [1, 1],
      [2, 2],
      [3, 5],
      [4, 10],
      [5, 21],
      [6, 42],
    ]);
    const last = blocks.at(-1)!;
    const { values, statistics } = run.draws(4);
    for (let draw = 0; draw < 42; draw++) {
      for (let copy = 0; copy < 2; copy++) {
        expect(values[copy * 42 + draw]).toBe(last.values[(draw * 2 + copy) * 2 + 1]);
        expect(statistics[copy * 42 + draw]).toBe(last.statistics[(draw * 2 + copy) * 2 + 1]);
      }
    }
    const streamed: TemperedBlock[] = [];
    const bare = await temper(problem, {
      ...options,
      draws: { ...draws, keep: false },
      sink: { write: (block) => void streamed.push(block) },
    });
    expect(() => bare.draws(4)).toThrow("kept");
    expect(streamed.map(({ values: v }) => v)).toEqual(blocks.map(({ values: v }) => v));
  });

  test("of a long round come in several blocks that join without a seam", async () => {
    const wide: ReplicaProblem = {
      ...problem,
      dim: 2 ** 17,
      createGroup(identity): ReplicaGroup {
        const group = problem.createGroup(identity);
        return { ...group, readState: (place, state) => group.readState(place, state) };
      },
    };
    const blocks: TemperedBlock[] = [];
    const options = { chains: 3, rounds: 7, seed: 4 } as const;
    const sink = { write: (block: TemperedBlock) => void blocks.push(block) };
    const run = await temper(wide, { ...options, draws: { thinning: 5, keep: false }, sink });
    expect(blocks.length).toBe(1);
    expect(run.last!.scans).toBe(128);
    const dense: TemperedBlock[] = [];
    await temper(wide, { ...options, draws: { keep: false }, sink: { write: (block) => void dense.push(block) } });
    expect(dense.map(({ firstDraw, draws }) => [firstDraw, draws])).toEqual([0, 1, 2, 3].map((k) => [32 * k, 32]));
    const narrow = await temper(problem, options);
    const first = dense.flatMap(({ values, draws }) => Array.from({ length: draws }, (_, k) => values[k * 2 ** 17]!));
    expect(first).toEqual(Array.from(narrow.draws().values));
    expect(run.last!.pairs).toEqual(narrow.last!.pairs);
  });
});

describe("optimise", () => {
  test("finds the ground state, and when it was seen first", async () => {
    const run = await temper(discreteProblem(SPIN_GLASS), { chains: 5, rounds: 8, seed: 1, optimise: true });
    const { energy, state, statistic } = run.optimum!;
    expect([energy, statistic]).toEqual([-8.75, 8.75]);
    // Spins − − + + − + + +, first to last.
    expect(state).toEqual([0b11101100]);
  });

  test("lets the ladder grow until its cold end is frozen", async () => {
    const run = await temper(discreteProblem(SPIN_GLASS), { chains: 6, rounds: 10, seed: 1, optimise: true });
    const coldest = run.last!.rungs.at(-1)!;
    expect(coldest.beta).toBeGreaterThan(2);
    expect(coldest.beta ** 2 * coldest.energyVariance!).toBeLessThan(0.2);
    const still = await temper(discreteProblem(SPIN_GLASS), {
      chains: 6,
      rounds: 10,
      seed: 1,
      optimise: { freeze: false },
    });
    expect(still.betas.at(-1)).toBe(1);
    expect(still.optimum!.energy).toBe(-8.75);
  });

  test("leaves a ladder that was given alone", async () => {
    const run = await temper(discreteProblem(SPIN_GLASS), { betas: [0, 0.5, 1], rounds: 6, optimise: true });
    expect(Array.from(run.betas)).toEqual([0, 0.5, 1]);
  });

  test("is off by default", async () => {
    expect((await temper(problem, { rounds: 2 })).optimum).toBeUndefined();
  });
});

test("progress is told for every round, and rounds are told when they are done", async () => {
  const rounds: number[] = [];
  const ends: string[] = [];
  await temper(problem, {
    rounds: 4,
    onRound: ({ round }) => void rounds.push(round),
    onProgress: ({ phase, round, scan, scans, secondsLeft }) => {
      if (scan === scans) ends.push(`${phase} ${round}`);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    },
  });
  expect(rounds).toEqual([0, 1, 2, 3]);
  expect(ends).toEqual(["rounds 0", "rounds 1", "rounds 2", "rounds 3"]);
});

test("a run that is stopped at once has no round, and says so", async () => {
  const run = await temper(problem, { signal: AbortSignal.abort(), chains: "auto" });
  expect(run).toMatchObject({ status: "aborted", rounds: [], last: undefined, logZ: undefined, verdicts: [] });
  expect(run.energies(0).length).toBe(0);
  expect(() => run.barrier()).toThrow("complete round");
  const later = await resumeTempering(problem, run.state());
  expect(later.status).toBe("complete");
});

test("energies are those of every scan, up to 4096 of them", async () => {
  const run = await temper(problem, {
    betas: [0, 0.3, 1],
    rounds: 13,
    copies: 2,
    draws: { chains: [1], after: "exploration" },
  });
  const energies = run.energies(1);
  expect(energies.length).toBe(2 * 4096);
  const { statistics } = run.draws(1);
  expect(Array.from(energies)).toEqual(Array.from({ length: 8192 }, (_, k) => 0 - statistics[2 * k]!));
});
