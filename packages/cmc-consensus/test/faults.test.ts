import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { directoryStore } from "../src/directory/index.ts";
import { threadExecutor } from "../src/index.ts";
import { runProcess } from "./faults/child.ts";
import { faultyRun, hashOf } from "./faults/faulty-run.ts";
import { scratchFolders } from "./faults/scratch-folders.ts";

const scratch = scratchFolders();
const executor = await threadExecutor({ threads: 2 });
const undisturbed = hashOf(await faultyRun({ executor }));

const lastOf = (lines: readonly string[]) => lines.at(-1);
const shardFiles = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("shard-"));

test("workers killed at random, 24 times in one run, change no bit", { timeout: 60_000 }, async () => {
  const { lines } = await runProcess(scratch(), 24);
  const [, kills, died, reruns] = /^kills (\d+) died (\d+) reruns (\d+)$/.exec(lines.at(-2)!)!.map(Number);
  expect(kills).toBe(24);
  expect(died).toBe(24);
  expect(reruns).toBeGreaterThanOrEqual(10);
  expect(lastOf(lines)).toBe(`hash ${undisturbed}`);
});

test("a process killed at random moments goes on with what is missing, to the same bits", {
  timeout: 60_000,
}, async () => {
  const folder = scratch();
  const random = createRandom(11, "moments");
  let killed = 0;
  const found: number[] = [];
  for (const shards of [0, 2, 1, 2]) {
    const { wasKilled } = await runProcess(folder, 0, { shards, delayMs: 150 * random.uniform() });
    killed += Number(wasKilled);
    found.push(shardFiles(folder).length);
  }
  expect(killed).toBe(4);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  const before = shardFiles(folder).length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(16);
  const { lines } = await runProcess(folder, 0);
  expect(lines.filter((line) => line.startsWith("reused")).length).toBe(before);
  expect(lines.filter((line) => line.startsWith("done")).length).toBe(16 - before);
  expect(lastOf(lines)).toBe(`hash ${undisturbed}`);
  const log = await directoryStore(folder).log();
  expect(log.every((line) => typeof (JSON.parse(line) as { event: unknown }).event === "string")).toBe(true);
  expect(log.filter((line) => line.includes('"event":"resumed"')).length).toBeGreaterThanOrEqual(3);
});

test("damaged files are found, named and run again, and only these", { timeout: 60_000 }, async () => {
  const folder = scratch();
  const store = directoryStore(folder);
  expect(hashOf(await faultyRun({ store, executor }))).toBe(undisturbed);
  const flip = (name: string, at: number) => {
    const bytes = readFileSync(join(folder, name));
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    writeFileSync(join(folder, name), bytes);
  };
  flip("shard-000001.bin", 0);
  flip("shard-000003.bin", 400);
  flip("shard-000004.bin", 3000);
  flip("shard-000005.bin", -1);
  truncateSync(join(folder, "shard-000007.bin"), 1000);
  truncateSync(join(folder, "shard-000008.bin"), 0);
  writeFileSync(join(folder, "shard-000010.bin"), readFileSync(join(folder, "shard-000009.bin")));
  const { shardRun, ...rest } = await faultyRun({ store, executor });
  expect(hashOf({ shardRun, ...rest })).toBe(undisturbed);
  const rerun = shardRun.events.filter(({ state }) => state === "done").map(({ shard }) => shard);
  expect(rerun.sort((a, b) => a - b)).toEqual([1, 3, 4, 5, 7, 8, 10]);
  const { message } = shardRun.warnings.find(({ code }) => code === "damaged")!;
  for (const shard of rerun) expect(message).toContain(`shard-${String(shard).padStart(6, "0")}.bin`);
  const told = shardRun.events.filter(({ state, message: text }) => state === "queued" && text !== "");
  expect(told.map(({ message: text }) => text.replace(/^shard-\d+\.bin:? /, ""))).toEqual([
    "The bytes of the saved shard are damaged: it does not begin as one. It is run again.",
    "The bytes of the saved shard are damaged: its checksum does not fit. It is run again.",
    "The bytes of the saved shard are damaged: its checksum does not fit. It is run again.",
    "The bytes of the saved shard are damaged: its checksum does not fit. It is run again.",
    expect.stringContaining("it has 1000 bytes instead of"),
    expect.stringContaining("it ends after 0 bytes"),
    "holds shard 9. It is run again.",
  ]);
  await executor.close!();
});
