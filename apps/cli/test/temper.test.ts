import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

interface Rung {
  readonly beta: number;
  readonly meanEnergy: number;
  readonly meanEnergyError: number;
  readonly meanBaseEnergy: number;
  readonly meanBaseEnergyError: number;
  readonly acceptance: number | null;
  readonly logZ: number;
}

interface Result {
  readonly status: string;
  readonly logZ: number;
  readonly logZError: number;
  readonly Lambda: number;
  readonly rungs: readonly Rung[];
  readonly roundTrips: number;
  readonly chains: number;
  readonly verdicts: readonly { readonly level: string; readonly message: string }[];
  readonly rounds: readonly object[];
  readonly optimum: { readonly energy: number } | null;
}

/** Tempers a model and reads what was written. */
async function tempered(folder: string, model: object | string, ...words: string[]): Promise<Result> {
  const path = join(folder, "model.json");
  writeFileSync(path, typeof model === "string" ? model : JSON.stringify(model));
  const output = join(folder, "out");
  const { code, err } = await runCli("temper", path, "--output", output, ...words);
  expect(err).not.toContain("siegert:");
  expect(code).toBe(0);
  return JSON.parse(readFileSync(join(output, "tempering.json"), "utf8")) as Result;
}

/** log Z and ⟨V⟩ of levels with their multiplicities. */
function exact(levels: ReadonlyMap<number, number>, beta: number): { logZ: number; mean: number } {
  let [z, sum] = [0, 0];
  for (const [energy, count] of levels) {
    const weight = count * Math.exp(-beta * energy);
    z += weight;
    sum += energy * weight;
  }
  return { logZ: Math.log(z), mean: sum / z };
}

/** Energies of all states of `count` nodes with `states` values each. */
function levelsOf(count: number, states: number, energy: (values: readonly number[]) => number): Map<number, number> {
  const levels = new Map<number, number>();
  for (let code = 0; code < states ** count; code++) {
    const values = Array.from({ length: count }, (_, k) => Math.floor(code / states ** k) % states);
    const level = energy(values);
    levels.set(level, (levels.get(level) ?? 0) + 1);
  }
  return levels;
}

/** Every rung within 5 standard errors of the exact energies, and log Z of the target of its own. */
function expectExact(result: Result, levels: ReadonlyMap<number, number>, beta: number): void {
  expect(result.status).toBe("complete");
  expect(Math.abs(result.logZ - exact(levels, beta).logZ)).toBeLessThan(5 * result.logZError);
  expect(result.rungs.at(-1)!.beta).toBe(beta);
  for (const rung of result.rungs) {
    const { mean } = exact(levels, rung.beta);
    const label = `β = ${rung.beta}: ${rung.meanBaseEnergy} ± ${rung.meanBaseEnergyError}, exactly ${mean}`;
    expect(Math.abs(rung.meanBaseEnergy - mean), label).toBeLessThan(5 * rung.meanBaseEnergyError);
    expect(rung.meanEnergy).toBeCloseTo(rung.beta * rung.meanBaseEnergy, 10);
    expect(rung.meanEnergyError).toBeCloseTo(rung.beta * rung.meanBaseEnergyError, 10);
  }
}

/** Multiplicities of the energies of the 4 × 4 Ising torus. */
const TORUS = new Map(
  [-32, -24, -20, -16, -12, -8, -4].flatMap((energy, k) => {
    const count = [2, 32, 64, 424, 1728, 6688, 13568][k]!;
    return [[energy, count] as const, [-energy, count] as const];
  }),
).set(0, 20524);

const ISING = { model: "ising", lattice: { size: [4, 4], periodic: true }, coupling: 1, field: 0, beta: 0.44 };

describe("models by their exact values", () => {
  test("the Ising torus: energies on every rung, log Z, and a report", async () => {
    using scratch = scratchFolder();
    const result = await tempered(scratch.path, ISING, "--rounds", "11", "--seed", "3");
    expectExact(result, TORUS, 0.44);
    expect(exact(TORUS, 0.44).logZ).toBeCloseTo(15.50472653871816, 12);
    expect(result.roundTrips).toBeGreaterThan(50);
    expect(result.rungs.at(-1)!.acceptance).toBeNull();
    expect(result.rounds).toHaveLength(11);
    const report = readFileSync(join(scratch.path, "out", "report.html"), "utf8");
    const titles = ["Acceptance of every pair", "Local barrier", "Index process", "Ladder by round", "log Z by round"];
    for (const title of [...titles, "Energy on every rung"]) expect(report).toContain(title);
    expect(report).not.toContain("NaN");
  });

  test("a Potts torus", async () => {
    using scratch = scratchFolder();
    const model = { model: "potts", states: 3, lattice: { size: [3, 3] }, beta: 1 };
    const result = await tempered(scratch.path, model, "--rounds", "11");
    const counts = [3, 54, 144, 108, 810, 660, 2592, 3240, 3348, 3996, 3240, 936, 540, 12];
    const energies = [-18, -14, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, 0];
    expectExact(result, new Map(energies.map((energy, k) => [energy, counts[k]!])), 1);
  });

  test("a graph in YAML with named nodes and a field of each, and its ground state", async () => {
    using scratch = scratchFolder();
    const text =
      "model: ising\nnodes: [a, b, c]\nedges: [[a, b, 1.5], [b, c, -0.5], [a, c]]\ncoupling: 0.25\nfield: [0.3, 0, -0.2]\nbeta: 1.2\n";
    const levels = levelsOf(3, 2, (bits) => {
      const [a, b, c] = bits.map((bit) => 2 * bit - 1) as [number, number, number];
      return -(1.5 * a * b - 0.5 * b * c + 0.25 * a * c + 0.3 * a - 0.2 * c);
    });
    const result = await tempered(scratch.path, text, "--rounds", "10", "--optimise");
    expectExact(
      { ...result, rungs: result.rungs.filter(({ beta }) => beta <= 1.2) },
      levels,
      result.rungs.at(-1)!.beta,
    );
    expect(result.optimum!.energy).toBeCloseTo(Math.min(...levels.keys()), 12);
  });

  test("a restricted Boltzmann machine", async () => {
    using scratch = scratchFolder();
    const weights = [
      [0.8, -0.4],
      [0.5, 1],
      [-0.6, 0.2],
    ];
    const model = { model: "rbm", weights, visibleBias: 0.1, hiddenBias: [0.2, -0.3] };
    const levels = levelsOf(5, 2, (bits) => {
      const s = bits.map((bit) => 2 * bit - 1);
      let sum = 0;
      for (let i = 0; i < 3; i++) for (let j = 0; j < 2; j++) sum += weights[i]![j]! * s[i]! * s[3 + j]!;
      for (let i = 0; i < 3; i++) sum += 0.1 * s[i]!;
      return -(sum + 0.2 * s[3]! - 0.3 * s[4]!);
    });
    expectExact(await tempered(scratch.path, model, "--rounds", "10"), levels, 1);
  });

  test("a module that exports target and reference", async () => {
    using scratch = scratchFolder();
    const source = `export const target = {
  dim: 1,
  logDensity: (x) => 1.5 - 0.5 * ((x[0] - 2) / 0.5) ** 2,
  logDensityAndGradient(x, gradient) { gradient[0] = -(x[0] - 2) / 0.25; return this.logDensity(x); },
};
export const reference = { kind: "normal", mean: 0, sd: 3 };
`;
    writeFileSync(join(scratch.path, "target.mjs"), source);
    const result = await tempered(scratch.path, { model: "module", module: "./target.mjs" }, "--rounds", "10");
    // The integral of the target; the reference is normalised.
    const logZ = 1.5 + Math.log(0.5 * Math.sqrt(2 * Math.PI));
    expect(Math.abs(result.logZ - logZ)).toBeLessThan(5 * result.logZError);
    const { code, out } = await runCli(
      ...[
        "temper",
        join(scratch.path, "target.mjs"),
        "--output",
        join(scratch.path, "same"),
        "--rounds",
        "10",
        "--json",
      ],
    );
    expect(code).toBe(0);
    expect((JSON.parse(out) as Result).logZ).toBe(result.logZ);
  });
});

describe("running", () => {
  test("stopped after some rounds and resumed with more: the same bits as in one go", async () => {
    using scratch = scratchFolder();
    // Rounds tell their seconds, and how many threads were worth it depends on them.
    const strip = (result: Result) => JSON.stringify({ ...result, rounds: [], threads: 0 });
    const whole = await tempered(scratch.path, ISING, "--rounds", "8", "--chains", "5");
    using other = scratchFolder();
    await tempered(other.path, ISING, "--rounds", "5", "--chains", "5");
    const resumed = await tempered(other.path, ISING, "--rounds", "8", "--resume");
    expect(resumed.rounds).toHaveLength(8);
    expect(strip(resumed)).toBe(strip(whole));
  });

  test("a ladder of one's own, copies, and the draws of every rung", async () => {
    using scratch = scratchFolder();
    const words = ["--betas", "0,0.15,0.3,0.44", "--copies", "2", "--rounds", "11", "--all-rungs"];
    const result = await tempered(scratch.path, ISING, ...words);
    expect(result.rungs.map(({ beta }) => beta)).toEqual([0, 0.15, 0.3, 0.44]);
    const draws = readFileSync(join(scratch.path, "out", "draws.npz"), "latin1");
    for (const name of ["target.npy", "rung_0.npy", "rung_2_base_energy.npy", "betas.npy"])
      expect(draws).toContain(name);
  });

  test("--json prints the file, and the table of rounds goes to stderr", async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, "model.json");
    writeFileSync(path, JSON.stringify(ISING));
    const { code, out, err } = await runCli("temper", path, "--output", scratch.path, "--json", "--rounds", "9");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(join(scratch.path, "tempering.json"), "utf8")));
    expect(err).toMatch(/round\s+scans\s+chains/);
  });

  test("the demonstration: NUTS keeps to its modes, tempering weighs them", async () => {
    using scratch = scratchFolder();
    const { code, out } = await runCli("demo", "--tempering", "--output", scratch.path);
    expect(code).toBe(0);
    const shares = [...out.matchAll(/left mode (\d\.\d+)/g)].map((match) => Number(match[1]));
    expect(new Set(shares)).toEqual(new Set([0, 1]));
    const [, truth, found, error] = /weight of the left mode\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)/.exec(out)!.map(Number);
    expect(truth).toBeCloseTo(0.3, 3);
    expect(Math.abs(found! - truth!)).toBeLessThan(4 * error!);
    expect(readFileSync(join(scratch.path, "tempering", "report.html"), "utf8")).toContain("Plain NUTS and tempering");
  });
});

describe("what cannot be is said in one line, with exit code 2", () => {
  test.each<[string, object | string, string[], RegExp]>([
    ["no such model", { model: "heisenberg" }, [], /must have "model": ising, potts, rbm or module/],
    ["an unknown key", { ...ISING, couplng: 2 }, [], /unknown key; did you mean coupling\?/],
    ["two places", { ...ISING, nodes: 3, edges: [[0, 1]] }, [], /either lattice, or nodes and edges/],
    ["an unknown node", { model: "ising", nodes: 2, edges: [[0, 5]] }, [], /edges\.0: unknown node 5/],
    ["a node twice", { model: "ising", nodes: [1, 1], edges: [] }, [], /nodes: names node 1 twice/],
    ["a node that has no such name", { model: "ising", nodes: [1, 2], edges: [[0, 1]] }, [], /unknown node 0/],
    ["an edge to itself", { model: "ising", nodes: 2, edges: [[1, 1]] }, [], /edges\[0\]/],
    ["a negative β", { ...ISING, beta: -1 }, [], /beta: must not be negative/],
    ["fields for other nodes", { ...ISING, field: [1, 2] }, [], /must be one number, or 16/],
    ["weights of different lengths", { model: "rbm", weights: [[1, 2], [1]] }, [], /rows of one length/],
    ["a module that is not there", { model: "module", module: "./nowhere.mjs" }, [], /cannot be loaded/],
    ["broken JSON", '{"model": ', [], /model\.json:1/],
    ["β that do not ascend", ISING, ["--betas", "0,0.3,0.2"], /betas\[2\]/],
    ["β twice", ISING, ["--betas", "0,0.44,0.44"], /differ from the one before/],
    ["one chain", ISING, ["--chains", "1"], /--chains must be auto, or a whole number of at least 2/],
    ["a ladder to another β", ISING, ["--betas", "0,0.5"], /must end with the model's β, 0.44/],
    ["ladder and number", ISING, ["--betas", "0,1", "--chains", "4"], /--betas/],
    ["nothing to resume", ISING, ["--resume"], /no checkpoint to resume/],
  ])("%s", async (_, model, words, message) => {
    using scratch = scratchFolder();
    const path = join(scratch.path, "model.json");
    writeFileSync(path, typeof model === "string" ? model : JSON.stringify(model));
    const { code, out, err } = await runCli("temper", path, "--output", join(scratch.path, "out"), ...words);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("a file that is not there", async () => {
    const { code, err } = await runCli("temper", "nowhere.json");
    expect(code).toBe(2);
    expect(err).toMatch(/nowhere\.json: there is no such file/);
  });

  test("a checkpoint of another model", async () => {
    using scratch = scratchFolder();
    await tempered(scratch.path, ISING, "--rounds", "9", "--chains", "5");
    writeFileSync(join(scratch.path, "model.json"), JSON.stringify({ ...ISING, beta: 0.5 }));
    const { code, err } = await runCli(
      ...["temper", join(scratch.path, "model.json"), "--output", join(scratch.path, "out"), "--resume"],
    );
    expect(code).toBe(2);
    expect(err).toMatch(/is of another model/);
  });
});
