import { expect, test } from "vitest";
import { idealRoundTripRate, temper } from "../src/index.ts";
import { type DiscretePath, discreteProblem, exactAcceptance } from "./problems/discrete-path.ts";
import { BIMODAL_TWO_LEGS, ISING_4X4 } from "./problems/golden.ts";

/** One state: every exchange is accepted. */
const FLAT: DiscretePath = { references: [[1]], statistics: [[0]] };

test("32 accepted scans on 4 chains are 13 round trips", async () => {
  const run = await temper(discreteProblem(FLAT), { chains: 4, rounds: 5, adapt: false });
  expect(run.last!.scans).toBe(32);
  expect(run.last!.roundTrips).toBe(13);
  expect(run.last!.pairs.map(({ tried, exchanged }) => [tried, exchanged])).toEqual([
    [16, 16],
    [16, 16],
    [16, 16],
  ]);
});

test("exchanges are made as often as their mean acceptance probability says", async () => {
  const run = await temper(discreteProblem(ISING_4X4), { chains: 6, rounds: 13, seed: 1, copies: 2, draws: false });
  for (const { acceptance, tried, exchanged } of run.last!.pairs) {
    expect(tried).toBe(2 ** 13);
    const error = Math.sqrt((acceptance * (1 - acceptance)) / tried);
    expect(Math.abs(exchanged / tried - acceptance)).toBeLessThan(4 * error);
  }
});

test("where all is accepted replicas move on at every scan and turn round at the ends", async () => {
  const run = await temper(discreteProblem(FLAT), { chains: 4, rounds: 4, adapt: false, trace: true });
  const { chains, scans, replicas } = run.indexTrace!;
  expect([scans, replicas]).toEqual([16, 4]);
  const path = Array.from({ length: 9 }, (_, scan) => chains[scan * 4]!);
  // From wherever the last round left replica 0, as a conveyor belt of period 8.
  const belt = [0, 1, 2, 3, 3, 2, 1, 0];
  const shifts = belt.map((_, shift) => path.every((chain, k) => chain === belt[(k + shift) % 8]));
  expect(shifts.filter(Boolean).length).toBe(1);
});

test.each([
  [ISING_4X4, [0, 0.15, 0.3, 0.4, 0.5, 0.7]],
  [ISING_4X4, [0, 0.4, 1]],
] as const)("round trips under independent draws are as frequent as the formula says, to 3 %%", async (path, betas) => {
  const run = await temper(discreteProblem(path), { betas, rounds: 17, seed: 1, draws: false });
  const rejections = betas.slice(1).map((beta, i) => 1 - exactAcceptance(path, betas[i]!, beta));
  const exact = idealRoundTripRate([rejections]);
  expect(Math.abs(run.last!.roundTripRate / exact - 1)).toBeLessThan(0.03);
  expect(Math.abs(run.last!.idealRoundTripRate / exact - 1)).toBeLessThan(0.01);
});

test("two legs of unlike lengths make the trips of both", async () => {
  const run = await temper(discreteProblem(BIMODAL_TWO_LEGS), { chains: [4, 7], rounds: 17, seed: 1, draws: false });
  expect(Math.abs(run.last!.roundTripRate / run.last!.idealRoundTripRate - 1)).toBeLessThan(0.03);
  // Two legs are two ways: more trips than the better one alone.
  const { schedules, pairs } = run.last!;
  const first = pairs.slice(0, schedules[0]!.length - 1).map(({ acceptance }) => 1 - acceptance);
  expect(run.last!.roundTripRate).toBeGreaterThan(idealRoundTripRate([first]));
});

test("two like legs restart twice as often as one", async () => {
  const { references, statistics } = ISING_4X4;
  const twice = { references: [references[0]!, references[0]!], statistics: [statistics[0]!, statistics[0]!] };
  const betas = [0, 0.2, 0.4, 1];
  const options = { rounds: 16, seed: 3, draws: false } as const;
  const two = await temper(discreteProblem(twice), { ...options, betas: [betas, betas] });
  const one = await temper(discreteProblem(ISING_4X4), { ...options, betas });
  expect(Math.abs(two.last!.restarts / (2 * one.last!.restarts) - 1)).toBeLessThan(0.05);
  expect(two.last!.pairs[3]!.acceptance).toBe(1);
});

test("the ideal rate is that of the barrier, and 0 where a pair never exchanges", () => {
  expect(idealRoundTripRate([[]])).toBe(0.5);
  expect(idealRoundTripRate([[0.5]])).toBe(0.25);
  expect(idealRoundTripRate([[0, 0, 0]])).toBe(0.5);
  expect(idealRoundTripRate([[0.2, 1]])).toBe(0);
  expect(idealRoundTripRate([[0.5], [0.5]])).toBe(0.5);
  expect(idealRoundTripRate([Array(10).fill(0.2)])).toBeCloseTo(1 / 7, 14);
});
