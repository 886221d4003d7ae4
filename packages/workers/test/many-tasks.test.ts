import { getEventListeners } from "node:events";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createInProcessExecutor, createPool, type Pool, type Task } from "../src/index.ts";

const module = new URL("./fixtures/tasks.mjs", import.meta.url);
const task = (name: string, argument?: unknown, cost?: number): Task => ({
  module,
  export: name,
  argument,
  ...(cost === undefined ? {} : { cost }),
});
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  ["threads", createPool({ size: 2, limit: 5 })],
  ["in process", createInProcessExecutor({ size: 2, limit: 5 })],
])("%s", (_, pool: Pool) => {
  afterAll(() => pool.close());

  test("runAll gives results in the order of the tasks, however long each takes", async () => {
    const tasks = Array.from({ length: 12 }, (_, k) => task("slowRun", { seed: k, steps: 100, waitMs: (k * 7) % 11 }));
    const inOrder = await pool.runAll(tasks);
    const longestFirst = await pool.runAll(
      tasks.map((t, k) => ({ ...t, cost: (k * 7) % 11 })),
      { longestFirst: true },
    );
    expect(longestFirst).toEqual(inOrder);
    expect(new Set(inOrder).size).toBe(12);
    expect(await pool.runAll([])).toEqual([]);
  });

  test("runAll tells of results and messages by the index of the task", async () => {
    const results: [number, unknown][] = [];
    const messages: number[] = [];
    await pool.runAll([task("reports", { count: 1 }), task("reports", { count: 2 })], {
      onResult: (result, index) => results.push([index, result]),
      onMessage: (_message, { index }) => messages.push(index),
    });
    expect(results.sort()).toEqual([
      [0, "done"],
      [1, "done"],
    ]);
    expect(messages.sort()).toEqual([0, 1, 1]);
  });

  test("runAll stops the others when one fails", async () => {
    const started = pool.statistics.tasksRun;
    const tasks = [task("throwsWhenStopped"), task("failTyped"), ...Array.from({ length: 20 }, () => task("echo", 1))];
    await expect(pool.runAll(tasks)).rejects.toThrow("out of range");
    expect(pool.statistics).toMatchObject({ running: 0, queued: 0 });
    expect(pool.statistics.tasksRun - started).toBeLessThan(20);
  });

  test("runAllSettled goes on when one fails", async () => {
    const outcomes = await pool.runAllSettled([task("echo", 1), task("failTyped"), task("echo", 3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[2]).toEqual({ status: "fulfilled", value: 3 });
  });

  test.each(["runAll", "runAllSettled"] as const)("%s rejects with what onResult throws", async (method) => {
    const onResult = () => {
      throw new Error("no room for results");
    };
    await expect(pool[method]([task("echo", 1), task("echo", 2)], { onResult })).rejects.toThrow("no room for results");
  });

  test("refuses a cost that is none", async () => {
    const bad = [task("echo", 1), task("echo", 1, Number.NaN)];
    await expect(pool.runAll(bad, { longestFirst: true })).rejects.toMatchObject({ argument: "tasks[1].cost" });
    await expect(pool.runAll("tasks" as never)).rejects.toMatchObject({ argument: "tasks" });
  });

  test("map gives results in order, whatever the times", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }), async (waits) => {
        const tasks = waits.map((waitMs, k) => task("slowRun", { seed: k, steps: 5, waitMs }));
        const mapped: unknown[] = [];
        for await (const result of pool.map(tasks)) mapped.push(result);
        expect(mapped).toEqual(await pool.runAll(tasks));
      }),
      { numRuns: 15, seed: 3 },
    );
  });

  test("map reads an endless source only as fast as results are taken, never more than the limit ahead", async () => {
    let read = 0;
    let taken = 0;
    let furthest = 0;
    async function* source() {
      for (;;) {
        furthest = Math.max(furthest, ++read - taken);
        yield task("echo", read);
      }
    }
    for await (const result of pool.map<number>(source())) {
      taken++;
      expect(result).toBe(taken);
      if (taken === 3) await wait(50); // time enough to read far ahead, were it not for the limit
      if (taken === 40) break;
    }
    expect(furthest).toBe(5 + 1); // the task that is being taken counts until the loop's body has begun
    await wait(20);
    expect(pool.statistics).toMatchObject({ running: 0, queued: 0 });
  });

  test("nothing is read before the first result is asked for", async () => {
    let read = 0;
    function* source() {
      read++;
      yield task("echo", 1);
    }
    const results = pool.map(source());
    await wait(10);
    expect(read).toBe(0);
    expect(await results.next()).toEqual({ value: 1, done: false });
    expect(await results.next()).toEqual({ value: undefined, done: true });
  });

  test("map passes on a failing task and a failing source, after the results before them", async () => {
    const seen: unknown[] = [];
    const consume = async (tasks: Iterable<Task>) => {
      for await (const result of pool.map(tasks)) seen.push(result);
    };
    await expect(consume([task("echo", 1), task("failTyped"), task("echo", 3)])).rejects.toThrow("out of range");
    function* broken() {
      yield task("echo", 2);
      throw new Error("the source dried up");
    }
    await expect(consume(broken())).rejects.toThrow("the source dried up");
    expect(seen).toEqual([1, 2]);
  });

  test("a source that is slow does not hold back results that are there", async () => {
    async function* source() {
      yield task("echo", 1);
      await wait(600);
      yield task("echo", 2);
    }
    const start = performance.now();
    const results = pool.map(source());
    await results.next();
    expect(performance.now() - start).toBeLessThan(500);
    await results.next();
  });

  test("a signal ends runAll and map with its reason", async () => {
    const reason = new Error("stop all");
    const stopper = new AbortController();
    const tasks = Array.from({ length: 8 }, () => task("throwsWhenStopped"));
    setTimeout(() => stopper.abort(reason), 30);
    await expect(pool.runAll(tasks, { signal: stopper.signal })).rejects.toBe(reason);
    const mapped = pool.map(tasks, { signal: stopper.signal });
    await expect(mapped.next()).rejects.toBe(reason);
  });
});

test("longestFirst begins with the tasks of the largest cost", async () => {
  const pool = createPool({ size: 1 });
  const finished: number[] = [];
  const tasks = [3, 9, 1, 9, 5].map((cost, k) => task("echo", k, cost));
  await pool.runAll(tasks, { longestFirst: true, onResult: (_result, index) => finished.push(index) });
  expect(finished).toEqual([1, 3, 4, 0, 2]);
  await pool.close();
});

test("1000 listeners on one signal, and timeouts longer than a timer can be, leave no warning and none behind", async () => {
  const warnings: unknown[] = [];
  const listen = (warning: unknown) => warnings.push(warning);
  process.on("warning", listen);
  const pool = createPool({ size: 2 });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 1000 }, (_, k) => pool.run(task("echo", k), { signal, timeoutMs: 1e12 })));
  await wait(10);
  process.off("warning", listen);
  expect(warnings).toEqual([]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  await pool.runAll([task("echo", 1)], { signal });
  for await (const result of pool.map([task("echo", 1)], { signal })) expect(result).toBe(1);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  await pool.close();
});
