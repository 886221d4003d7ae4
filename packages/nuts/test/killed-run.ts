/** A run that saves its state to a file, for a test that kills it. Usage: node killed-run.ts FILE */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type RunState, resume, sample } from "../src/index.ts";
import { killedOptions, slowNormal } from "./models/slow-normal.ts";

const file = process.argv[2]!;
const checkpoint = {
  everyMs: 20,
  save(state: RunState) {
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
    const iterations = state.chains.map((chain) => chain.tally.iteration);
    process.stdout.write(`${iterations.join(" ")}\n`);
  },
};
const target = slowNormal();
const run = existsSync(file)
  ? await resume(target, JSON.parse(readFileSync(file, "utf8")) as RunState, { checkpoint })
  : await sample(target, { ...killedOptions, checkpoint });
writeFileSync(`${file}.draws`, JSON.stringify(Array.from(run.unconstrained().values)));
