import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { temper } from "../src/index.ts";
import { killedHash, killedOptions, killedProblem } from "./killed-run.ts";

const folder = mkdtempSync(join(tmpdir(), "siegert-tempering-"));
const file = join(folder, "state.json");
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts or goes on with the run, and kills it in the middle of a round; gives the rounds that it had saved. */
function runUntil(rounds: number): Promise<number> {
  const script = join(import.meta.dirname, "killed-run.ts");
  const child = spawn(process.execPath, ["--conditions=@siegert/source", "--no-warnings", script, file]);
  let saved = 0;
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      saved = Number(chunk.toString().trim().split("\n").at(-1));
      // Some scans later, in the middle of the next round.
      if (saved >= rounds) setTimeout(() => child.kill("SIGKILL"), 20);
    });
    child.on("exit", (code, signal) => {
      if (signal === "SIGKILL" || code === 0) resolve(saved);
      else reject(new Error(errors));
    });
  });
}

test("a run that is killed twice, on two threads, ends with the bits of one that was not, on one", async () => {
  expect(await runUntil(4)).toBeLessThan(8);
  expect(existsSync(`${file}.hash`)).toBe(false);
  expect(await runUntil(6)).toBeLessThan(8);
  expect(existsSync(`${file}.hash`)).toBe(false);
  expect(await runUntil(99)).toBe(8);
  const whole = await temper(killedProblem(0), { ...killedOptions, threads: 1 });
  expect(readFileSync(`${file}.hash`, "utf8")).toBe(killedHash(whole));
});
