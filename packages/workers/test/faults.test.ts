import { afterEach, describe, expect, test } from "vitest";
import { createPool, type Pool, WorkerError } from "../src/index.ts";
import { run as sumDirectly } from "./fixtures/tasks.mjs";

const module = new URL("./fixtures/tasks.mjs", import.meta.url);
const task = (name: string, argument?: unknown) => ({ module, export: name, argument });

const pools: Pool[] = [];
const create = (...parameters: Parameters<typeof createPool>): Pool => {
  const pool = createPool(...parameters);
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

async function failure(promise: Promise<unknown>): Promise<WorkerError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkerError);
  return error as WorkerError;
}

test("20 and more workers killed at random moments: results identical to an undisturbed run", async () => {
  const arguments_ = Array.from({ length: 60 }, (_, k) => ({ seed: 1000 + k, steps: 200_000, waitMs: 25 }));
  const tasks = arguments_.map((argument) => task("slowRun", argument));
  const undisturbed = await create({ size: 2 }).runAll<number>(tasks);
  expect(undisturbed).toEqual(arguments_.map(sumDirectly));

  const pool = create({ size: 3, retries: 100 });
  let state = 7;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator: upper bits are good enough
    return Math.floor((state / 2 ** 32) * n);
  };
  let isDone = false;
  let kills = 0;
  const killer = async () => {
    while (!isDone) {
      await new Promise((resolve) => setTimeout(resolve, 1 + random(25)));
      if (!isDone && pool.statistics.running > 0 && (await pool.killWorker(random(3)))) kills++;
    }
  };
  const killing = killer();
  const results = await pool.runAll<number>(tasks);
  isDone = true;
  await killing;
  expect(kills).toBeGreaterThanOrEqual(20);
  expect(pool.statistics.workersDied).toBe(kills);
  expect(pool.statistics.reruns).toBeGreaterThan(0);
  expect(pool.statistics.tasksRun).toBe(60);
  expect(results).toEqual(undisturbed);
});

test("tasks that end their own process are rerun on a new worker", async () => {
  const pool = create({ size: 1, retries: 3 });
  expect(await pool.run(task("exitsUntil", { attempt: 4 }))).toBe(4);
  expect(pool.statistics).toMatchObject({ reruns: 3, workersDied: 3, workersStarted: 4, tasksRun: 1 });
});

test("reruns are bounded; the error names the task, the exit code and the attempts", async () => {
  const pool = create({ size: 1 });
  const error = await failure(pool.run({ ...task("exits", { code: 5 }), name: "shard 12" }, { retries: 1 }));
  expect(error).toMatchObject({ task: "shard 12", reason: "died", exitCode: 5, attempts: 2 });
  expect(error.message).toBe('task "shard 12": the worker died (exit code 5) in the last of 2 attempts');
  expect(pool.statistics).toMatchObject({ reruns: 1, tasksFailed: 1, workersDied: 2 });
  expect(await pool.run(task("echo", "still here"))).toBe("still here");
});

test("an error that nobody catches in a worker is the cause", async () => {
  const error = await failure(create({ size: 1 }).run(task("throwsLate"), { retries: 0 }));
  expect(error).toMatchObject({ reason: "died", exitCode: 1, attempts: 1 });
  expect((error.cause as Error).message).toBe("nobody catches this");
  expect(error.message).toContain("nobody catches this");
});

test("a task that takes too long is ended and not rerun, also when it never awaits", async () => {
  const pool = create({ size: 1 });
  const error = await failure(pool.run(task("spins", { ms: 30_000 }), { timeoutMs: 100 }));
  expect(error).toMatchObject({ reason: "timeout", attempts: 1 });
  expect(error.message).toContain("100 ms");
  expect(pool.statistics).toMatchObject({ reruns: 0, workersDied: 1 });
  expect(await pool.run(task("spins", { ms: 5 }), { timeoutMs: 10_000 })).toBe("spun");
});

test("waiting in the queue does not count as time of the task", async () => {
  const pool = create({ size: 1 });
  const runs = Array.from({ length: 5 }, () => pool.run(task("spins", { ms: 200 }), { timeoutMs: 800 }));
  expect(await Promise.all(runs)).toEqual(Array(5).fill("spun"));
});

test("a silent task is lost and rerun; one that beats may take as long as it likes", async () => {
  const pool = create({ size: 1, heartbeatMs: 400 });
  expect(await pool.run(task("spinsAndBeats", { ms: 1200 }))).toBe("beaten");
  expect(pool.statistics.workersDied).toBe(0);
  const error = await failure(pool.run(task("spins", { ms: 30_000 }), { retries: 1 }));
  expect(error).toMatchObject({ reason: "heartbeat", attempts: 2 });
  expect(error.message).toContain("400 ms");
  expect(pool.statistics).toMatchObject({ reruns: 1, workersDied: 2 });
});

test("a main thread that was busy past the deadlines reads what came meanwhile before it decides", async () => {
  const pool = create({ size: 1 });
  await pool.run(task("echo", 1));
  const beating = pool.run(task("spinsAndBeats", { ms: 300 }), { heartbeatMs: 100, timeoutMs: 500 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setImmediate(resolve)); // after it, timers come before messages
  const end = performance.now() + 700;
  while (performance.now() < end);
  expect(await beating).toBe("beaten");
  expect(pool.statistics.workersDied).toBe(0);
});

test("a worker of one's own; one that runs out of memory is replaced, and the error says so", async () => {
  const { Worker } = await import("node:worker_threads");
  const file = new URL("./fixtures/own-worker.mjs", import.meta.url);
  const execArgv = ["--conditions=@siegert/source", "--no-warnings"];
  const resourceLimits = { maxOldGenerationSizeMb: 24 };
  const pool = create({ size: 1, createWorker: () => new Worker(file, { execArgv, resourceLimits }) });
  expect(await pool.run({ module: "tasks", export: "echo", argument: 1 })).toBe(1);
  const error = await failure(pool.run({ module: "tasks", export: "fillsMemory" }, { retries: 1 }));
  expect(error).toMatchObject({ reason: "died", attempts: 2, exitCode: 1 });
  expect(error.message).toMatch(/memory/);
  expect(await pool.run({ module: "tasks", export: "echo", argument: 2 })).toBe(2);
});

test("what cannot be copied is moved once, and the task is not rerun", async () => {
  const pool = create({ size: 1, retries: 5 });
  const { port1, port2 } = new MessageChannel();
  const argument = { port: port1 };
  const answer = new Promise((resolve) => {
    port2.onmessage = ({ data }) => resolve(data);
  });
  await pool.run(task("greets", argument), { transfer: [port1] });
  expect(await answer).toBe("hello");
  port2.close();
  const other = new MessageChannel();
  const dying = pool.run(task("exits", { code: 1, port: other.port1 }), { transfer: [other.port1] });
  expect(await failure(dying)).toMatchObject({ attempts: 1 });
  other.port2.close();
});

test("moved buffers survive a rerun", async () => {
  const pool = create({ size: 1, retries: 3 });
  const values = new Float64Array([1, 2, 3]);
  const run = pool.run(task("exitsUntil", { attempt: 4, values }), { transfer: [values.buffer] });
  expect(values.length).toBe(0);
  expect(await run).toBe(4);
  const again = new Float64Array([1, 2, 3]);
  const echoed = pool.run(task("echoesAfterExits", { attempt: 2, again }), { transfer: [again.buffer] });
  expect(await echoed).toEqual(new Float64Array([1, 2, 3]));
});

describe("a worker that does not come up", () => {
  test("is an error with the cause, after the retries", async () => {
    const { Worker } = await import("node:worker_threads");
    const nowhere = new URL("./fixtures/nowhere-worker.mjs", import.meta.url);
    const pool = create({ size: 1, createWorker: () => new Worker(nowhere) });
    const error = await failure(pool.run(task("echo", 1), { retries: 1 }));
    expect(error).toMatchObject({ reason: "start", attempts: 2, exitCode: 1 });
    expect((error.cause as Error).message).toContain("nowhere-worker");
  });

  test("also when the host refuses to start it", async () => {
    const createWorker = () => {
      throw new Error("no more threads");
    };
    const error = await failure(create({ size: 1, createWorker }).run(task("echo", 1), { retries: 0 }));
    expect(error).toMatchObject({ reason: "start", attempts: 1 });
    expect(error.message).toContain("no more threads");
  });
});

test("a rerun sends its messages again, with the number of the try", async () => {
  const pool = create({ size: 1 });
  const attempts: number[] = [];
  let isFirst = true;
  const onMessage = (_message: unknown, { attempt }: { attempt: number }) => {
    attempts.push(attempt);
    if (isFirst) void pool.killWorker(0);
    isFirst = false;
  };
  const stopper = new AbortController();
  const run = pool.run<{ count: number }>(task("turnsUntilStopped"), { onMessage, signal: stopper.signal });
  while (attempts.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  stopper.abort();
  expect((await run).count).toBeGreaterThanOrEqual(0);
  expect(attempts).toEqual([1, 2]);
});

test("killing where no worker is does nothing", async () => {
  expect(await create({ size: 1 }).killWorker(0)).toBe(false);
});
