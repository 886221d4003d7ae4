/**
 * Runs a suite of benchmarks, prints a table and optionally writes JSON.
 *
 * Usage: npm run bench -- NAME [--json FILE]
 */
import { globSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { BenchmarkCase, Suite } from "./suite.ts";

const suites = globSync("*/suite.ts", { cwd: import.meta.dirname })
  .map(dirname)
  .sort();
const usage = `Usage: npm run bench -- NAME [--json FILE]\nSuites: ${suites.join(", ")}`;

/** Reads NAME and --json FILE. */
function readArguments(given: readonly string[]): { name: string; jsonFile: string | undefined } {
  const words = given.filter((word) => word !== "--");
  const at = words.indexOf("--json");
  const jsonFile = at < 0 ? undefined : words[at + 1];
  const rest = words.filter((_, k) => at < 0 || (k !== at && k !== at + 1));
  const name = rest[0];
  if (rest.length !== 1 || name === undefined || !suites.includes(name) || (at >= 0 && jsonFile === undefined)) {
    console.error(name !== undefined && !suites.includes(name) ? `No suite "${name}".\n${usage}` : usage);
    process.exit(2);
  }
  return { name, jsonFile };
}

const { name, jsonFile } = readArguments(process.argv.slice(2));
const { suite } = (await import(join(import.meta.dirname, name, "suite.ts"))) as { suite: Suite };
const machine = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform}-${process.arch}`,
  node: process.version,
};
console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}\n`);
console.log(
  `${"case".padEnd(28)}${"value".padStart(11)} ${"unit".padEnd(9)}${"baseline".padStart(11)}${"ratio".padStart(9)}  what`,
);
const cases: BenchmarkCase[] = [];
for await (const one of suite()) {
  cases.push(one);
  const figure = (value: number | null) => (value === null ? "-" : value.toPrecision(3));
  const row = `${one.name.padEnd(28)}${figure(one.value).padStart(11)} ${one.unit.padEnd(9)}${figure(one.baseline).padStart(11)}${figure(one.ratio).padStart(9)}`;
  console.log(`${row}  ${one.note}`);
}
if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ machine, cases }, null, 2)}\n`);
