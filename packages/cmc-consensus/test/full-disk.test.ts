import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryStore } from "../src/directory/index.ts";
import {
  inProcessExecutor,
  planShards,
  type RunStore,
  RunStoreError,
  runShards,
  type ShardRun,
  ShardRunError,
} from "../src/index.ts";
import { scratchFolders } from "./faults/scratch-folders.ts";
import { smallDisk } from "./faults/small-disk.ts";
import { linearModel, SMALL } from "./models/linear-model.ts";

const scratch = scratchFolders();
const model = linearModel();
const plan = planShards(model, SMALL);
const executor = inProcessExecutor();
const drawsOf = (run: ShardRun) =>
  run.posteriors.map(({ shard, values, logDensity }) => ({ shard, values, logDensity }));
const undisturbed = drawsOf(await runShards(model, plan, { executor }));
const shardFiles = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("shard-"));

/** Runs until the disk is full, then again with room, and checks what must hold. */
async function fillAndResume(folder: string, store: RunStore, makeRoom: () => void): Promise<void> {
  const failed = await runShards(model, plan, { executor, store }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ShardRunError);
  const { reason, cause, run, unsaved } = failed as ShardRunError;
  expect(reason).toBe("store");
  expect(cause).toBeInstanceOf(RunStoreError);
  expect((cause as RunStoreError).reason).toBe("full");
  expect(unsaved).toEqual([]);
  const finished = run.posteriors.length;
  expect(finished).toBeGreaterThan(0);
  expect(finished).toBeLessThan(8);
  expect(shardFiles(folder).length).toBe(finished);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  await expect(runShards(model, plan, { executor, store })).rejects.toMatchObject({ reason: "full" });
  makeRoom();
  const whole = await runShards(model, plan, { executor, store });
  expect(whole.events.filter(({ state }) => state === "reused").length).toBe(finished);
  expect(drawsOf(whole)).toEqual(undisturbed);
}

test("when the disk fills up, what is computed is saved into the room kept in reserve, and the run goes on later", async () => {
  const folder = scratch();
  // The reserve holds three results and 64 kB for each; a few more results fit.
  const disk = smallDisk(275_000);
  await fillAndResume(folder, directoryStore(folder, { files: disk }), () => {
    disk.capacity = 1e7;
  });
});

test("what cannot be written even then stays in the error", async () => {
  const folder = scratch();
  const disk = smallDisk(1e7);
  const store = directoryStore(folder, { files: disk });
  const failed = (await runShards(model, plan, {
    executor,
    store,
    onEvent({ state, finished }) {
      if (state === "done" && finished === 3) disk.capacity = 0;
    },
  }).catch((error: unknown) => error)) as ShardRunError;
  expect(failed.reason).toBe("store");
  const finished = failed.run.posteriors.map(({ shard }) => shard);
  const saved = shardFiles(folder).map((name) => Number(/\d+/.exec(name)![0]));
  expect(finished).toContain(2);
  expect(saved).not.toContain(2);
  expect(failed.unsaved).toEqual(finished.filter((shard) => !saved.includes(shard)));
  expect(failed.message).toContain(`shards ${failed.unsaved.join(", ")} are in memory only`);
  expect(drawsOf(failed.run)).toEqual(undisturbed.filter(({ shard }) => finished.includes(shard)));
  disk.capacity = 1e7;
  expect(drawsOf(await runShards(model, plan, { executor, store }))).toEqual(undisturbed);
});

test("a disk without room from the beginning is told before anything is run", async () => {
  const store = directoryStore(scratch(), { files: smallDisk(1000) });
  const failed = await runShards(model, plan, { executor, store }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(RunStoreError);
  expect((failed as RunStoreError).reason).toBe("full");
});

/** A file system of its own, for which one must be root. */
function mountSmall(folder: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=288k", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("the same on a real file system that is full, where one can be mounted", async ({ skip }) => {
  const folder = scratch();
  const isMounted = mountSmall(folder);
  // The tests above check the same through a file system that fails by itself.
  if (!isMounted) skip("no file system can be mounted here");
  try {
    const run = join(folder, "run");
    mkdirSync(run);
    await fillAndResume(run, directoryStore(run), () => {
      execFileSync("mount", ["-o", "remount,size=4m", folder], { stdio: "ignore" });
    });
  } finally {
    execFileSync("umount", [folder], { stdio: "ignore" });
  }
});
