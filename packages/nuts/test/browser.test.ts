/** The package in headless Chromium: its own tests there, and the same draws as here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, resultInChromium } from "./browser/chromium.ts";
import { type ComparedRuns, comparedRuns, resumedBits } from "./browser/compared-runs.ts";
import type { PageReport } from "./browser/page.ts";

const chromium = findChromium();

/** Fewest tests that each file has: a file of which nothing was run does not pass. */
const fewest = {
  "adaptation.test.ts": 20,
  "calibration.test.ts": 2,
  "faults.test.ts": 35,
  "kernel.test.ts": 12,
  "moments.test.ts": 20,
  "plan.test.ts": 8,
  "same-draws.test.ts": 15,
};

describe.skipIf(!chromium)(chromium ? "in headless Chromium" : "no Chromium is installed", () => {
  let folder: string;
  let report: PageReport;
  let here: ComparedRuns;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "siegert-nuts-"));
    const given = await resultInChromium(chromium!, {
      module: "/packages/nuts/test/browser/page.ts",
      call: "pageReport",
      root: join(import.meta.dirname, "../../.."),
      folder,
    });
    expect(given).not.toHaveProperty("crashed");
    report = given as PageReport;
    here = await comparedRuns();
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  test.each(Object.entries(fewest))("the tests of %s pass", (name, count) => {
    const file = report.files.find((one) => one.name === name);
    expect(file?.failed).toEqual([]);
    expect(file?.passed).toBeGreaterThanOrEqual(count);
  });

  test.each(["sequential", "vectorized", "parallel"])("the draws are the same bits as here, %s", (method) => {
    expect(here.bits[method]!.length).toBe(3 * 180 * 4);
    expect(new Set(here.bits[method]).size).toBeGreaterThan(1000);
    expect(report.runs.bits[method]).toEqual(here.bits[method]);
    expect(here.bits[method]).toEqual(here.bits["sequential"]);
  });

  test.each([
    ["an adapted run", "adapted", 3 * 10 * 4],
    ["a target with exponentials", "eightSchools", 10 * 10],
  ] as const)("the draws of %s are the same but for rounding", (_, name, count) => {
    const there = report.runs[name];
    expect(there.length).toBe(count);
    expect(new Set(there).size).toBeGreaterThan(count / 2);
    there.forEach((value, i) => {
      expect(Math.abs(value - here[name][i]!)).toBeLessThan(1e-9 * (1 + Math.abs(value)));
    });
  });

  test("a run that was stopped there goes on here to the same bits", async () => {
    expect(report.runs.stopped.chains.every(({ tally }) => tally.iteration > 0 && tally.iteration < 180)).toBe(true);
    expect(await resumedBits(report.runs.stopped)).toEqual(here.bits["sequential"]);
  });
});
