import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { createInProcessExecutor, createPool, type Pool, PoolClosedError, stopOnInterrupt } from "../src/index.ts";

const module = new URL("./fixtures/tasks.mjs", import.meta.url);
const task = (name: string, argument?: unknown) => ({ module, export: name, argument });

const pools: Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close({ graceMs: 0 })));
});

/** Starts a task and waits until it says that it runs. */
async function start<Result>(pool: Pool, name: string, options: { signal?: AbortSignal; graceMs?: number } = {}) {
  let onMessage!: () => void;
  const isRunning = new Promise<void>((resolve) => {
    onMessage = resolve;
  });
  const result = pool.run<Result>(task(name), { ...options, onMessage });
  await isRunning;
  return { result };
}

describe.each([
  ["threads", () => createPool({ size: 1 })],
  ["in process", () => createInProcessExecutor({ size: 1 })],
])("%s", (_, make) => {
  const create = () => {
    const pool = make();
    pools.push(pool);
    return pool;
  };

  test("what a task returns after it was told to stop is its result", async () => {
    const stopper = new AbortController();
    const { result } = await start<{ reason: string }>(create(), "turnsUntilStopped", { signal: stopper.signal });
    stopper.abort(new Error("enough"));
    expect((await result).reason).toMatch(/^(enough|the task was told to stop)$/);
  });

  test("a task that throws the signal's reason has stopped: the caller gets his own reason", async () => {
    const stopper = new AbortController();
    const pool = create();
    const { result } = await start(pool, "throwsWhenStopped", { signal: stopper.signal });
    const reason = new Error("the user changed his mind");
    stopper.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(pool.statistics.workersDied).toBe(0);
  });

  test("a task that fails while it stops says why", async () => {
    const stopper = new AbortController();
    const { result } = await start(create(), "failsToSave", { signal: stopper.signal });
    stopper.abort();
    await expect(result).rejects.toThrow("disk full");
  });

  test("a task that does not stop is ended after the time of grace", async () => {
    const stopper = new AbortController();
    const pool = create();
    const { result } = await start(pool, "neverStops", { signal: stopper.signal, graceMs: 50 });
    stopper.abort();
    await expect(result).rejects.toMatchObject({ name: "AbortError" });
    expect(pool.statistics).toMatchObject({ workersDied: 1, reruns: 0 });
    expect(await pool.run(task("echo", 1))).toBe(1);
  });

  test("a task that waits is taken out of the queue; others go on", async () => {
    const stopper = new AbortController();
    const pool = create();
    const before = pool.run(task("slowRun", { seed: 1, steps: 10, waitMs: 30 }));
    const waiting = pool.run(task("echo", 1), { signal: stopper.signal });
    const after = pool.run(task("echo", 2));
    const reason = new Error("not needed");
    stopper.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await before;
    expect(await after).toBe(2);
  });

  test("a signal that aborted before the call rejects at once", async () => {
    const pool = create();
    await expect(pool.run(task("echo", 1), { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(pool.statistics.workersStarted).toBe(0);
  });

  test("close tells running tasks to stop, keeps what they return, and rejects those that wait", async () => {
    const pool = create();
    const { result } = await start<{ count: number }>(pool, "turnsUntilStopped");
    const waiting = pool.run(task("echo", 1)).catch((error: unknown) => error);
    const closed = pool.close();
    expect((await result).count).toBeGreaterThanOrEqual(0);
    expect(await waiting).toBeInstanceOf(PoolClosedError);
    await closed;
    expect(pool.statistics).toMatchObject({ running: 0, queued: 0, workersDied: 0 });
  });

  test("close ends tasks that do not stop", async () => {
    const pool = create();
    const { result } = await start(pool, "neverStops");
    const rejected = expect(result).rejects.toBeInstanceOf(PoolClosedError);
    await pool.close({ graceMs: 30 });
    await rejected;
  });
});

test("a loop that never awaits sees the signal", async () => {
  const pool = createPool({ size: 1 });
  pools.push(pool);
  const stopper = new AbortController();
  const { result } = await start<{ count: number }>(pool, "countsUntilStopped", { signal: stopper.signal });
  await new Promise((resolve) => setTimeout(resolve, 20));
  stopper.abort();
  expect(await result).toEqual({ count: expect.any(Number), reason: "AbortError" });
});

const interruptible = `
import { createPool, stopOnInterrupt } from "@siegert/workers";
const pool = createPool({ size: 1 });
stopOnInterrupt(pool, { onInterrupt: (signal) => console.log("stopping on", signal) });
const module = new URL(${JSON.stringify(module.href)});
const { reason } = await pool.run({ module, export: process.argv[1] }, { onMessage: (message) => console.log(message) });
console.log("saved on", reason);
await pool.close();
`;

const flags = ["--conditions=@siegert/source", "--no-warnings", "--input-type=module", "-e"];

/** Runs a program that signals stop, each sent when what comes before it was printed; what it printed, how it ended. */
async function interrupted(exportName: string, steps: readonly (readonly [after: string, signal: NodeJS.Signals])[]) {
  const child = spawn(process.execPath, [...flags, interruptible, exportName], { cwd: import.meta.dirname });
  const waiting = [...steps];
  let printed = "";
  const read = (text: unknown) => {
    printed += String(text);
    const next = waiting[0];
    if (!next || !printed.includes(next[0])) return;
    waiting.shift();
    child.kill(next[1]);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const [code, endedBy] = (await once(child, "close")) as [number | null, string | null];
  return { printed, code, endedBy };
}

describe("stopOnInterrupt, in a process of its own", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s: running tasks save and the program ends by itself", async (signal) => {
    const { printed, code } = await interrupted("countsUntilStopped", [["counting", signal]]);
    expect(printed).toBe(`counting\nstopping on ${signal}\nsaved on AbortError\n`);
    expect(code).toBe(0);
  });

  test("a second signal ends the process at once", async () => {
    const { endedBy } = await interrupted("neverStops", [
      ["running", "SIGINT"],
      ["stopping", "SIGINT"],
    ]);
    expect(endedBy).toBe("SIGINT");
  });
});

test("stopOnInterrupt stops listening when asked to", () => {
  const before = process.listenerCount("SIGINT");
  const pool = createInProcessExecutor();
  const release = stopOnInterrupt(pool);
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  release();
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("an open pool without tasks does not keep the process alive", async () => {
  const program = `
    import { createPool } from "@siegert/workers";
    const pool = createPool({ size: 2 });
    console.log(await pool.run({ module: ${JSON.stringify(module.href)}, export: "echo", argument: "bye" }));`;
  const child = spawn(process.execPath, [...flags, program], { cwd: import.meta.dirname });
  let printed = "";
  child.stdout.on("data", (text) => {
    printed += String(text);
  });
  const [code] = (await once(child, "close")) as [number];
  expect(printed).toBe("bye\n");
  expect(code).toBe(0);
});
