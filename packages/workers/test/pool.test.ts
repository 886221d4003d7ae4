import { InvalidArgumentError } from "@siegert/errors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInProcessExecutor, createPool, type Pool, PoolClosedError, UnserialisableError } from "../src/index.ts";
import { run as sumDirectly } from "./fixtures/tasks.mjs";

const module = new URL("./fixtures/tasks.mjs", import.meta.url);
const task = (name: string, argument?: unknown) => ({ module, export: name, argument });

describe.each([
  ["threads", () => createPool({ size: 2 })],
  ["in process", () => createInProcessExecutor({ size: 2 })],
])("%s", (_, create) => {
  let pool: Pool;
  beforeAll(() => {
    pool = create();
  });
  afterAll(() => pool.close());

  test("runs the exported function, by default run, and gives its result", async () => {
    const argument = { seed: 5, steps: 1000 };
    expect(await pool.run({ module, argument })).toBe(sumDirectly(argument));
    expect(await pool.run(task("echo", new Map([[1, new Set(["a"])]])))).toEqual(new Map([[1, new Set(["a"])]]));
    expect(await pool.run(task("echo"))).toBe(undefined);
  });

  test("takes modules by URL, URL string, path and data URL", async () => {
    const code = "export const run = async (x) => x * 2";
    expect(await pool.run({ module: `data:text/javascript,${encodeURIComponent(code)}`, argument: 21 })).toBe(42);
    expect(await pool.run({ module: module.href, export: "echo", argument: 1 })).toBe(1);
    expect(await pool.run({ module: module.pathname, export: "echo", argument: 2 })).toBe(2);
  });

  test("runs a TypeScript module of the workspace with its imports", async () => {
    const typed = new URL("./fixtures/typed-task.ts", import.meta.url);
    expect(await pool.run<number>({ module: typed, argument: { x: 2 } })).toBe(2);
    const error = await pool.run({ module: typed, argument: { x: -2 } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ argument: "x", received: -2, message: "x must be positive; received -2" });
  });

  test("copies the argument at the call: later changes play no role", async () => {
    const argument = { values: [1, 2, 3] };
    const results = Array.from({ length: 6 }, () => pool.run(task("echo", argument)));
    argument.values[0] = 99;
    for (const result of await Promise.all(results)) expect(result).toEqual({ values: [1, 2, 3] });
  });

  test("gives messages in order and before the result", async () => {
    const seen: unknown[] = [];
    const result = await pool.run(task("reports", { count: 50 }), {
      onMessage: (message, { attempt }) => seen.push([message, attempt]),
    });
    expect(result).toBe("done");
    expect(seen).toEqual(Array.from({ length: 50 }, (_, k) => [{ k, attempt: 1 }, 1]));
  });

  test("rejects with the error of an onMessage that throws, and stops the task", async () => {
    const onMessage = () => {
      throw new Error("the listener failed");
    };
    // More endless tasks than workers: the last one gets its turn only when the others were stopped.
    for (let k = 0; k < 3; k++) {
      await expect(pool.run(task("turnsUntilStopped"), { onMessage })).rejects.toThrow("the listener failed");
    }
    expect(await pool.run(task("echo", 1))).toBe(1);
  });

  test("moves buffers that the caller transfers, and those that the task does", async () => {
    const values = new Float64Array([1, 2, 3]);
    const sum = await pool.run<{ sum: number }>(task("sumShared", { values }), { transfer: [values.buffer] });
    expect(sum.sum).toBe(6);
    expect(values.length).toBe(0);
    const { value } = await pool.run<{ value: Float64Array }>(task("moved", { length: 4 }));
    expect(value).toEqual(new Float64Array([7, 7, 7, 7]));
  });

  test("rethrows errors with class, message, name, stack, fields and cause", async () => {
    const range = await pool.run(task("failTyped")).catch((error: unknown) => error);
    expect(range).toBeInstanceOf(RangeError);
    expect(range).toMatchObject({ name: "RangeError", message: "out of range", parameter: "D0", limits: [1, 2] });
    expect((range as Error).stack).toContain("failTyped");
    expect(range).not.toHaveProperty("tool");

    const named = (await pool.run(task("failNamed")).catch((error: unknown) => error)) as Error;
    expect(named).toBeInstanceOf(Error);
    expect(named).toMatchObject({ name: "ModelError", message: "bad model", index: 7 });
    expect(named.cause).toBeInstanceOf(TypeError);
    expect((named.cause as Error).message).toBe("inner");

    const invalid = await pool.run(task("failInvalid")).catch((error: unknown) => error);
    expect(invalid).toBeInstanceOf(InvalidArgumentError);
    expect(invalid).toMatchObject({ argument: "x", requirement: "be positive", received: -1 });
    expect((invalid as Error).message).toBe("x must be positive; received -1");

    expect(await pool.run(task("failString")).catch((thrown: unknown) => thrown)).toBe("just text");
  });

  test("does not rerun a task whose function throws", async () => {
    const before = pool.statistics.reruns;
    await expect(pool.run(task("failTyped"), { retries: 5 })).rejects.toThrow("out of range");
    expect(pool.statistics.reruns).toBe(before);
  });

  test.each([
    ["a closure", { model: { logDensity: (x: number) => -x * x } }, "argument.model.logDensity", "function logDensity"],
    ["a closure in a list", [1, () => 2], "argument[1]", "function"],
    ["a symbol", { "two words": Symbol("s") }, 'argument["two words"]', "symbol"],
    ["a promise", { later: Promise.resolve(1) }, "argument.later", "Promise"],
    ["a closure in a map", new Map([["key", () => 1]]), 'argument.get("key")', "function"],
  ])("says where %s in an argument is, before anything runs", async (_name, argument, path, what) => {
    const error = await pool.run(task("echo", argument)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnserialisableError);
    expect(error).toMatchObject({ path });
    expect((error as Error).message).toContain(what);
    expect((error as Error).message).toContain("closures do not");
  });

  test("says where a closure in a result or a message is", async () => {
    const result = await pool.run(task("returnsClosure")).catch((thrown: unknown) => thrown);
    expect(result).toBeInstanceOf(UnserialisableError);
    expect(result).toMatchObject({ path: "result.draws[1].density" });
    const message = await pool.run(task("reportsClosure")).catch((thrown: unknown) => thrown);
    expect(message).toBeInstanceOf(UnserialisableError);
    expect(message).toMatchObject({ path: "message.step" });
  });

  test("names module and export when there is no such function", async () => {
    await expect(pool.run(task("missing"))).rejects.toMatchObject({
      name: "WorkerError",
      reason: "module",
      attempts: 1,
      message: expect.stringMatching(/tasks\.mjs exports no function "missing"; it exports: .*echo/),
    });
    await expect(pool.run(task("notAFunction"))).rejects.toMatchObject({ name: "WorkerError", reason: "module" });
    const nowhere = { module: new URL("./fixtures/nowhere.mjs", import.meta.url), argument: 1, name: "shard 3" };
    const error = await pool.run(nowhere).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "WorkerError", reason: "module", task: "shard 3", attempts: 1 });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  test.each([
    ["a function", (() => 1) as never, {}, "task"],
    ["a relative path", { module: "./tasks.js", argument: 1 }, {}, "task.module"],
    ["an empty export", { module, export: "", argument: 1 }, {}, "task.export"],
    ["a negative timeout", task("echo"), { timeoutMs: -1 }, "options.timeoutMs"],
    ["an endless heartbeat", task("echo"), { heartbeatMs: Infinity }, "options.heartbeatMs"],
    ["half a retry", task("echo"), { retries: 0.5 }, "options.retries"],
    ["a negative grace", task("echo"), { graceMs: -1 }, "options.graceMs"],
  ])("refuses %s", async (_name, given, options, argument) => {
    const error = await pool.run(given, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ argument });
  });

  test("loads a module once per worker", async () => {
    const fresh = create();
    await fresh.runAll(Array.from({ length: 12 }, (_, k) => task("echo", k)));
    expect(fresh.statistics.moduleLoads).toBe(fresh.statistics.workersStarted);
    expect(fresh.statistics).toMatchObject({ tasksRun: 12, tasksFailed: 0, workersDied: 0, running: 0, queued: 0 });
    await fresh.close();
  });

  test("never runs more than its size at once", async () => {
    const fresh = create();
    await Promise.all(Array.from({ length: 10 }, () => fresh.run(task("slowRun", { seed: 1, steps: 1, waitMs: 5 }))));
    expect(fresh.statistics.peakRunning).toBe(2);
    expect(fresh.statistics.workersStarted).toBe(2);
    await fresh.close();
  });

  test("refuses tasks once it is closed", async () => {
    const fresh = create();
    expect(fresh.isClosed).toBe(false);
    await fresh.close();
    await fresh.close();
    expect(fresh.isClosed).toBe(true);
    await expect(fresh.run(task("echo", 1))).rejects.toBeInstanceOf(PoolClosedError);
  });
});

test.each([{ size: 0 }, { size: 1.5 }, { limit: 0 }, { retries: -1 }, { createWorker: 3 as never }])(
  "createPool refuses %o",
  (options) => {
    expect(() => createPool(options)).toThrow(InvalidArgumentError);
  },
);

test("a pool has by default as many workers as there are cores", async () => {
  const pool = createPool();
  expect(pool.size).toBeGreaterThanOrEqual(1);
  expect(pool.limit).toBe(4 * pool.size);
  expect(pool.statistics.workersStarted).toBe(0);
  await pool.close();
});
