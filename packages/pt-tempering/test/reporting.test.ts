import { describe, expect, test } from "vitest";
import { formatRounds, roundRows, temper, type Verdict } from "../src/index.ts";
import { discreteProblem } from "./problems/discrete-path.ts";
import { ISING_4X4, SPIN_GLASS } from "./problems/golden.ts";
import { toyGaussian } from "./problems/toy-gaussian.ts";

const level = (verdicts: readonly Verdict[], wanted: Verdict["about"]) =>
  verdicts.find(({ about }) => about === wanted)?.level;

describe("verdicts", () => {
  test("are good where all is well", async () => {
    const run = await temper(discreteProblem(ISING_4X4), { rounds: 11, seed: 1, copies: 2, draws: false });
    expect(run.verdicts.map(({ about, level: found }) => [about, found])).toEqual([
      ["barrier", "good"],
      ["round trips", "good"],
      ["exploration", "good"],
      ["evidence", "good"],
      ["copies", "good"],
    ]);
  });

  test("tell of a ladder that is saturated, and of one that is only too short", async () => {
    const saturated = await temper(toyGaussian({ dim: 3000 }), { chains: 4, rounds: 8, draws: false });
    expect(saturated.verdicts[0]!.message).toContain("saturated");
    expect(saturated.last!.idealRoundTripRate).toBeLessThan(0.01);
    const short = await temper(discreteProblem(ISING_4X4), { betas: [0, 0.4, 1], rounds: 8, draws: false });
    expect(short.verdicts[0]!.message).toContain("uncertain");
  });

  test("do not judge round trips that were too few to count", async () => {
    const run = await temper(discreteProblem(ISING_4X4), { rounds: 6, draws: false });
    expect(level(run.verdicts, "round trips")).toBe("unknown");
  });

  test("tell of replicas that do not travel because exploration hardly moves them", async () => {
    const stuck = discreteProblem({ ...ISING_4X4, refresh: 0.002 });
    const run = await temper(stuck, { chains: 8, rounds: 12, seed: 1, draws: false });
    expect(level(run.verdicts, "round trips")).toBe("warning");
    expect(level(run.verdicts, "exploration")).toBe("warning");
    // Its correlation across a step is the share of steps that leave the state.
    expect(Math.abs(run.last!.rungs[2]!.stepCorrelation! - 0.998)).toBeLessThan(0.002);
  });

  test("know the correlation of lazy draws", async () => {
    const run = await temper(discreteProblem({ ...SPIN_GLASS, refresh: 0.3 }), { chains: 4, rounds: 14, draws: false });
    for (const { stepCorrelation } of run.last!.rungs) expect(Math.abs(stepCorrelation! - 0.7)).toBeLessThan(0.04);
    expect(run.tallies).toEqual(["moves"]);
    // 2^14 draws of probability 0.3: 4 standard deviations.
    for (const { tallies } of run.last!.rungs)
      expect(Math.abs(tallies[0]! - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 2 ** 14));
  });
});

describe("the table of rounds", () => {
  const run = temper(discreteProblem(ISING_4X4), { chains: 5, rounds: 5, seed: 1, draws: false });

  test("has a line per round, in columns", async () => {
    const lines = formatRounds(await run).split("\n");
    expect(lines.length).toBe(6);
    expect(lines[0]!.trim().split(/\s{2,}/)).toEqual([
      ...["round", "scans", "chains", "restarts", "trips", "Λ", "time (s)", "log Z", "±"],
      ...["min α", "mean α", "max |ρ|", "mean |ρ|", "min moves", "mean moves"],
    ]);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.slice(1).map((line) => line.trim().split(/\s+/)[1])).toEqual(["2", "4", "8", "16", "32"]);
  });

  test("is the same in Markdown and as numbers", async () => {
    const [row] = roundRows(await run).slice(-1);
    const cells = formatRounds(await run, { as: "markdown" })
      .split("\n")
      .at(-1)!
      .split(" | ");
    expect(cells.length).toBe(15);
    expect(Number(cells[7])).toBeCloseTo(row!.logZ!, 3);
    expect(JSON.parse(formatRounds(await run, { as: "json" })).at(-1)).toEqual(JSON.parse(JSON.stringify(row)));
    expect(row!.minAcceptance).toBeLessThanOrEqual(row!.meanAcceptance);
  });

  test("refuses other formats", async () => {
    const finished = await run;
    expect(() => formatRounds(finished, { as: "html" as never })).toThrow("options.as");
  });
});
