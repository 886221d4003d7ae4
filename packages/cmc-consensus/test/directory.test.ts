import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { directoryStore } from "../src/directory/index.ts";
import {
  type CmcOptions,
  inProcessExecutor,
  memoryStore,
  planShards,
  RunStoreError,
  runShards,
  type ShardedModel,
} from "../src/index.ts";
import { scratchFolders } from "./faults/scratch-folders.ts";
import { linearModel, SMALL } from "./models/linear-model.ts";

const scratch = scratchFolders();
const model = linearModel();
const executor = inProcessExecutor();
const small: CmcOptions = { ...SMALL, sharding: { numShards: 2 } };

test.each([
  ["memory", () => memoryStore()],
  ["directory", () => directoryStore(scratch())],
])("%s store: keeps what is written until it is removed, and lines of the log", async (_, make) => {
  const store = make();
  await store.open();
  expect(await store.read("a.bin")).toBeUndefined();
  await store.write("a.bin", Uint8Array.of(1, 2));
  await store.write("b.bin", Uint8Array.of());
  await store.write("a.bin", Uint8Array.of(3));
  expect([...(await store.list())].sort()).toEqual(["a.bin", "b.bin"]);
  expect([...(await store.read("a.bin"))!]).toEqual([3]);
  await store.append("one");
  await store.append("zwei ½");
  expect(await store.log()).toEqual(["one", "zwei ½"]);
  await store.reserve(100);
  await store.reserve(0);
  await expect(store.open()).rejects.toMatchObject({ reason: "locked" });
  await store.close();
  await store.open();
  await store.append("three");
  expect(await store.log()).toEqual(["one", "zwei ½", "three"]);
  await store.close();
});

test("a line that was cut short is no line, and is cut off before the next", async () => {
  const folder = scratch();
  const store = directoryStore(folder);
  await store.open();
  await store.append("whole");
  await store.close();
  appendFileSync(join(folder, "events.jsonl"), '{"event":"to');
  expect(await store.log()).toEqual(["whole"]);
  await store.open();
  await store.append("next");
  await store.close();
  expect(readFileSync(join(folder, "events.jsonl"), "utf8")).toBe("whole\nnext\n");
});

test("names that are paths are refused, and so is no folder", async () => {
  const store = directoryStore(scratch());
  await expect(store.write("../x", Uint8Array.of(1))).rejects.toThrow(InvalidArgumentError);
  await expect(store.read("/etc/passwd")).rejects.toThrow(InvalidArgumentError);
  expect(() => directoryStore("")).toThrow(InvalidArgumentError);
});

test("what processes left that died while they wrote is removed", async () => {
  const folder = scratch();
  writeFileSync(join(folder, ".shard-000000.bin.1.tmp"), "half");
  writeFileSync(join(folder, "reserve"), "room");
  const store = directoryStore(folder);
  await store.open();
  expect(readdirSync(folder)).toEqual(["lock-000001.json"]);
  await store.close();
});

test("a folder that cannot be made is told as such", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "file"), "");
  await expect(directoryStore(join(folder, "file", "run")).open()).rejects.toMatchObject({
    name: "RunStoreError",
    reason: "io",
  });
});

/** A process that holds the folder and waits. */
async function holder(folder: string) {
  const code = `
    import { directoryStore } from ${JSON.stringify(new URL("../src/directory/index.ts", import.meta.url).href)};
    await directoryStore(${JSON.stringify(folder)}).open();
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [
    "--conditions=@siegert/source",
    "--no-warnings",
    "--input-type=module-typescript",
    "-e",
    code,
  ]);
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error("the holder died")));
  });
  return {
    pid: child.pid!,
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGKILL");
      }),
  };
}

test("two processes on one folder are refused; the lock of a killed one is free", async () => {
  const folder = scratch();
  const other = await holder(folder);
  const store = directoryStore(folder);
  const refused = (await runShards(model, planShards(model, small), { executor, store }).catch(
    (error: unknown) => error,
  )) as RunStoreError;
  expect(refused).toBeInstanceOf(RunStoreError);
  expect(refused.reason).toBe("locked");
  expect(refused.message).toContain(`process ${other.pid} on ${hostname()}`);
  await other.kill();
  await store.open();
  await store.close();
});

test("a lock of another machine is not judged, one of a process number that is used again is free", async () => {
  const folder = scratch();
  const lock = (owner: unknown) => writeFileSync(join(folder, "lock-000004.json"), JSON.stringify({ owner }));
  lock({ pid: 1, host: "elsewhere" });
  await expect(directoryStore(folder).open()).rejects.toThrow("if it is dead, remove lock-000004.json");
  lock({ pid: process.pid, host: hostname(), begun: "another boot 17" });
  const store = directoryStore(folder);
  await store.open();
  expect(existsSync(join(folder, "lock-000005.json"))).toBe(true);
  await store.close();
});

test("of many that follow a dead owner at once, one gets the folder", async () => {
  for (let round = 0; round < 20; round++) {
    const folder = scratch();
    writeFileSync(join(folder, "lock-000001.json"), JSON.stringify({ owner: { pid: 2 ** 30, host: hostname() } }));
    const stores = Array.from({ length: 8 }, () => directoryStore(folder));
    const taken = await Promise.allSettled(stores.map((store) => store.open()));
    expect(taken.filter(({ status }) => status === "fulfilled").length).toBe(1);
    for (const outcome of taken)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ reason: "locked" });
    await stores[taken.findIndex(({ status }) => status === "fulfilled")]!.close();
  }
});

const changes: readonly (readonly [string, ShardedModel, CmcOptions, string])[] = [
  ["seed", model, { ...small, seed: 43 }, "config.seed was 42, now 43"],
  ["number of shards", model, { ...small, sharding: { numShards: 3 } }, "shards was 2, now 3"],
  ["strategy", model, { ...small, sharding: { numShards: 2, strategy: "random" } }, "config.sharding.strategy"],
  [
    "sampling",
    model,
    { ...small, perShardMcmc: { ...SMALL.perShardMcmc, targetAcceptProb: 0.9 } },
    "config.perShardMcmc.targetAcceptProb was 0.8, now 0.9",
  ],
  ["number of points", linearModel({ points: 4001 }), small, "points was 4000, now 4001"],
  ["groups", linearModel({ groupSizes: [2000, 2000] }), small, "groups"],
  ["data", linearModel({ dataSeed: 2 }), small, "the data or model of shard 0"],
  ["fingerprint", { ...model, fingerprint: "b" }, small, 'fingerprint was "none", now "b"'],
];

test.each(changes)("a run is not gone on with another %s, and says so", async (_, other, options, message) => {
  const store = memoryStore();
  await runShards(model, planShards(model, small), { executor, store });
  const refused = (await runShards(other, planShards(other, options), { executor, store }).catch(
    (error: unknown) => error,
  )) as RunStoreError;
  expect(refused).toBeInstanceOf(RunStoreError);
  expect(refused.reason).toBe("changed");
  expect(refused.differences.length).toBeGreaterThan(0);
  expect(refused.message).toContain(message);
});

test("limits, methods of chains and other things that change no draw may change", async () => {
  const store = memoryStore();
  await runShards(model, planShards(model, small), { executor, store });
  const other = planShards(model, {
    ...small,
    perShardTimeout: 10,
    validation: { minPerShardEss: 1 },
    perShardMcmc: { ...SMALL.perShardMcmc, chainMethod: "vectorized" },
  });
  const { events } = await runShards(model, other, { executor, store });
  expect(events.filter(({ state }) => state === "reused").length).toBe(2);
});

test("a store with a run is refused when it must not be gone on with, and a description that is none too", async () => {
  const store = memoryStore();
  await runShards(model, planShards(model, small), { executor, store });
  const fresh = planShards(model, { ...small, checkpoints: { resume: false } });
  await expect(runShards(model, fresh, { executor, store })).rejects.toMatchObject({ reason: "not-empty" });
  await store.write("manifest.json", new TextEncoder().encode('{"format":'));
  await expect(runShards(model, planShards(model, small), { executor, store })).rejects.toMatchObject({
    reason: "damaged",
  });
});

test("results are written together when that is asked for, and all of them at the end", async () => {
  const writes: string[] = [];
  const inner = memoryStore();
  const store = {
    ...inner,
    write: (name: string, bytes: Uint8Array) => inner.write(name, bytes).then(() => void writes.push(name)),
  };
  const plan = planShards(model, { ...SMALL, checkpoints: { frequency: 3 } });
  const seen: number[] = [];
  await runShards(model, plan, {
    executor,
    store,
    onEvent: ({ state, finished }) => state === "done" && seen.push(writes.length * 100 + finished),
  });
  // The manifest, then three, three and two.
  expect(writes.length).toBe(1 + 8);
  expect(seen).toEqual([101, 102, 103, 404, 405, 406, 707, 708]);
});

test("the manifest says what the run is", async () => {
  const folder = scratch();
  await runShards(model, planShards(model, small), { executor, store: directoryStore(folder) });
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  expect(manifest).toMatchObject({
    format: 1,
    code: "1",
    identity: { points: 4000, shards: 2, coordinates: ["a", "b"], lists: "by seed", config: { seed: 42 } },
    config: { perShardTimeout: 3600, sharding: { strategy: "balanced" } },
  });
  const log = readFileSync(join(folder, "events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).event);
  expect(log).toEqual(["begun", "done", "done", "ended"]);
  expect(readdirSync(folder).sort()).toEqual([
    "events.jsonl",
    "lock-000001.json",
    "manifest.json",
    "shard-000000.bin",
    "shard-000001.bin",
  ]);
});
