import { readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryStore } from "../src/directory/index.ts";
import { inProcessExecutor, planShards, runShards } from "../src/index.ts";
import { dyingDisk } from "./faults/dying-disk.ts";
import { scratchFolders } from "./faults/scratch-folders.ts";
import { linearModel } from "./models/linear-model.ts";

const scratch = scratchFolders();
const model = linearModel({ points: 90 });
const plan = planShards(model, {
  sharding: { numShards: 3 },
  perShardMcmc: { numWarmup: 40, numSamples: 10, numChains: 2, adaptiveSampling: false },
  validation: { minSuccessRate: 0 },
});
const executor = inProcessExecutor();
const run = (folder: string, files?: ReturnType<typeof dyingDisk>) =>
  runShards(model, plan, { executor, store: directoryStore(folder, { ...(files && { files }) }) });
const drawsOf = ({ posteriors }: Awaited<ReturnType<typeof run>>) => posteriors.map(({ values }) => values);

/** Makes the owner of the lock a process that is gone, as it would be. */
function bury(folder: string): void {
  const name = readdirSync(folder)
    .filter((one) => one.startsWith("lock-"))
    .sort()
    .at(-1);
  if (name) writeFileSync(join(folder, name), JSON.stringify({ owner: { pid: 2 ** 30, host: hostname() } }));
}

test("a process may die at any operation on files, in the midst of any write: the run goes on to the same bits", {
  timeout: 60_000,
}, async () => {
  const whole = dyingDisk(Infinity);
  const undisturbed = drawsOf(await run(scratch(), whole));
  const operations = whole.done();
  expect(operations).toBeGreaterThan(50);
  const reused: number[] = [];
  for (let moment = 0; moment < operations; moment++) {
    const folder = scratch();
    const isDead = await run(folder, dyingDisk(moment)).then(
      () => false,
      () => true,
    );
    bury(folder);
    const resumed = await run(folder);
    expect(drawsOf(resumed), `after operation ${moment}`).toEqual(undisturbed);
    expect(resumed.warnings.map(({ code }) => code)).not.toContain("damaged");
    reused.push(isDead ? resumed.reports.filter(({ isReused }) => isReused).length : 3);
  }
  expect(reused).toEqual([...reused].sort((a, b) => a - b));
  expect(new Set(reused)).toEqual(new Set([0, 1, 2, 3]));
});

test("what fails in a listener is thrown when the run has stopped", async () => {
  const onEvent = () => {
    throw new RangeError("of the listener");
  };
  await expect(runShards(model, plan, { executor, onEvent })).rejects.toThrow("of the listener");
});
