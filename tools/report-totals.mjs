/**
 * Adds up the tests of a CI run and prints the plain closing line. Plain JavaScript, so that it runs on the Node that the
 * machine brings even when the installation failed.
 *
 * Usage: node tools/report-totals.mjs REPORTS_FOLDER FAILED_STEPS
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, failedSteps] = process.argv.slice(2);
const read = (name) =>
  existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : undefined;

const vitest = read("vitest.json");
const tarballs = read("tarballs.json");
const passed = (vitest?.numPassedTests ?? 0) + (tarballs?.passed ?? 0);
// A test file that does not load has no failed tests, and a check without tests can fail too: each counts as one.
const brokenFiles = (vitest?.testResults ?? []).filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
const tests = (vitest?.numFailedTests ?? 1) + brokenFiles.length + (tarballs?.failed ?? 1);
const failed = Math.max(tests, Number(failedSteps));
const skipped = vitest?.numPendingTests ?? 0;
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
