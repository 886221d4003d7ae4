import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sample } from "../src/index.ts";
import { independentNormals } from "./models/normals.ts";
import { killedOptions } from "./models/slow-normal.ts";

const folder = mkdtempSync(join(tmpdir(), "siegert-killed-"));
const file = join(folder, "state.json");
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Starts the run, and kills it as soon as a checkpoint satisfies the condition; resolves to the iterations of the last
 * one seen.
 */
function runUntil(isTime: (iterations: number[]) => boolean): Promise<number[]> {
  const script = join(import.meta.dirname, "killed-run.ts");
  const child: ChildProcess = spawn(process.execPath, ["--conditions=@siegert/source", "--no-warnings", script, file]);
  let last: number[] = [];
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      for (const line of chunk.toString().trim().split("\n")) {
        last = line.split(" ").map(Number);
        if (isTime(last)) child.kill("SIGKILL");
      }
    });
    child.on("exit", (code, signal) => {
      if (signal === "SIGKILL" || code === 0) resolve(last);
      else reject(new Error(errors));
    });
  });
}

test("a run killed in warmup and again while sampling ends with the draws of one that was not", {
  timeout: 60_000,
}, async () => {
  const first = await runUntil(([a]) => a! > 40);
  expect(first[0]).toBeLessThan(300);
  expect(existsSync(`${file}.draws`)).toBe(false);
  const second = await runUntil(([, b]) => b! > 310);
  expect(second[1]).toBeLessThan(500);
  expect(existsSync(`${file}.draws`)).toBe(false);
  await runUntil(() => false);
  const draws = JSON.parse(readFileSync(`${file}.draws`, "utf8")) as number[];
  const whole = await sample(independentNormals([1, 100, 0.01]), killedOptions);
  expect(draws).toEqual(Array.from(whole.unconstrained().values));
});
