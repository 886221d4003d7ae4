/** A run that saves its state to a file after every round, for a test that kills it. Usage: node killed-run.ts FILE */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resumeTempering, type TemperingRun, type TemperingState, temper } from "../src/index.ts";
import { SPIN_GLASS } from "./problems/golden.ts";
import { problemModule } from "./problems/problem-module.ts";

/** The run of the test; `ms` only slows it down. */
export const killedProblem = (ms: number) => ({
  kind: "module" as const,
  module: problemModule,
  export: "slowProblem",
  argument: { path: { ...SPIN_GLASS, refresh: 0.3 }, ms },
});
export const killedOptions = { chains: 4, rounds: 8, seed: 5, draws: { chains: "all" } } as const;

/** Draws and evidence of all rounds. */
export function killedHash(run: TemperingRun): string {
  const found = run.rounds.map(({ evidence, pairs }) => [evidence, pairs]);
  const hash = createHash("sha256").update(JSON.stringify(found));
  for (let chain = 0; chain < run.chains; chain++) hash.update(run.draws(chain).values);
  return hash.digest("hex");
}

const file = process.argv[2];
if (file && process.argv[1]?.endsWith("killed-run.ts")) {
  const checkpoint = {
    save(state: TemperingState) {
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
      process.stdout.write(`${state.round}\n`);
    },
  };
  const problem = killedProblem(2);
  const runtime = { checkpoint, threads: 2 };
  const run = existsSync(file)
    ? await resumeTempering(problem, JSON.parse(readFileSync(file, "utf8")) as TemperingState, runtime)
    : await temper(problem, { ...killedOptions, ...runtime });
  writeFileSync(`${file}.hash`, killedHash(run));
}
