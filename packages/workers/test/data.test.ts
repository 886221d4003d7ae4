import { InvalidArgumentError } from "@siegert/errors";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  canShare,
  createInProcessExecutor,
  createPool,
  type Pool,
  shareArray,
  type WasmTaskResult,
} from "../src/index.ts";
import { sumProgramBytes } from "./fixtures/sum-program.ts";

const module = new URL("./fixtures/tasks.mjs", import.meta.url);
const kinds = [
  ["threads", (size: number) => createPool({ size })],
  ["in process", (size: number) => createInProcessExecutor({ size })],
] as const;

const pools: Pool[] = [];
const keep = (pool: Pool) => {
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe.each(kinds)("shared memory, %s", (_, create) => {
  test("is shared with tasks, not copied", async () => {
    const pool = keep(create(2));
    const values = shareArray(new Float64Array([1, 2, 3]));
    expect(await pool.run({ module, export: "sumShared", argument: { values } })).toEqual({ sum: 6, isShared: true });
    await pool.run({ module, export: "writeShared", argument: { values, at: 1, value: 20 } });
    expect(values[1]).toBe(20);
  });

  test("falls back to a copy where memory cannot be shared, with the same results", async () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect(canShare()).toBe(false);
    const pool = keep(create(1));
    const original = new Float64Array([1, 2, 3]);
    const values = shareArray(original);
    expect(values).not.toBe(original);
    const { sum } = await pool.run<{ sum: number }>({ module, export: "sumShared", argument: { values } });
    expect(sum).toBe(6);
    await pool.run({ module, export: "writeShared", argument: { values, at: 1, value: 20 } });
    expect(values[1]).toBe(2);
    const stopper = new AbortController();
    const onMessage = () => stopper.abort();
    const counted = pool.run<{ count: number }>(
      { module, export: "turnsUntilStopped" },
      { signal: stopper.signal, onMessage },
    );
    expect((await counted).count).toBeGreaterThanOrEqual(0);
  });
});

test("shareArray keeps type and values, gives shared arrays back, refuses others", () => {
  for (const array of [new Float32Array([0.5]), new Uint8Array([1, 255]), new BigInt64Array([-3n])]) {
    const shared = shareArray(array);
    expect(shared).toEqual(array);
    expect(shared.constructor).toBe(array.constructor);
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shareArray(shared)).toBe(shared);
  }
  expect(() => shareArray([1, 2] as never)).toThrow(InvalidArgumentError);
  expect(() => shareArray(new DataView(new ArrayBuffer(8)) as never)).toThrow(InvalidArgumentError);
});

describe.each(kinds)("WebAssembly programs, %s", (_, create) => {
  const bytesOf = (values: readonly number[]) => new Float64Array(values);

  test("are compiled once and instantiated once per worker, with data that differs from task to task", async () => {
    const pool = keep(create(2));
    const kernel = sumProgramBytes();
    const data = Array.from({ length: 30 }, (_, k) => Array.from({ length: k + 1 }, (_, i) => i * k));
    const sums = await pool.runAll<number>(
      data.map((values) => ({ module, export: "sumsInWasm", argument: { values }, wasm: { kernel } })),
    );
    expect(sums).toEqual(data.map((values) => values.reduce((a, b) => a + b, 0)));
    const { wasmCompilations, wasmInstantiations, workersStarted } = pool.statistics;
    expect(wasmCompilations).toBe(1);
    expect(wasmInstantiations).toBe(workersStarted);
    expect(workersStarted).toBe(2);
  });

  test("run by themselves, with memory written before and read after", async () => {
    const pool = keep(create(1));
    const program = new WebAssembly.Module(sumProgramBytes());
    const results = await pool.runAll<WasmTaskResult>(
      [[1, 2, 3.5], [4], []].map((values) => ({
        program,
        export: "sum",
        arguments: [values.length],
        write: [{ offset: 0, bytes: bytesOf(values) }],
        read: { offset: 0, length: 8 * values.length },
      })),
    );
    expect(results.map(({ value }) => value)).toEqual([6.5, 4, 0]);
    expect(new Float64Array(results[0]!.bytes.buffer)).toEqual(bytesOf([1, 2, 3.5]));
    expect(results[2]!.bytes.length).toBe(0);
    expect(pool.statistics).toMatchObject({ wasmCompilations: 0, wasmInstantiations: 1 });
  });

  test("refuse what does not fit, before or in the call", async () => {
    const pool = keep(create(1));
    const program = new WebAssembly.Module(sumProgramBytes());
    const importing = new WebAssembly.Module(
      new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 109, 1, 102, 0, 0]),
    );
    await expect(pool.run({ program })).rejects.toMatchObject({ argument: "task.export" });
    await expect(pool.run({ program: importing })).rejects.toMatchObject({ argument: "task.program", received: "m.f" });
    await expect(pool.run({ program: 3 as never })).rejects.toMatchObject({ argument: "task.program" });
    await expect(pool.run({ program: new Uint8Array(3) })).rejects.toThrow();
    const outside = { offset: 65_536, bytes: bytesOf([1]) };
    await expect(pool.run({ program, export: "sum", arguments: [1], write: [outside] })).rejects.toThrow(
      "cannot write 8 bytes at 65536: the program's memory has 65536",
    );
    const half = { offset: 0.5, length: 1 };
    await expect(pool.run({ program, export: "sum", read: half })).rejects.toMatchObject({
      argument: "task.read.offset",
    });
    await expect(pool.run({ program, export: "sum", arguments: [1e6] })).rejects.toThrow(/out of bounds/);
    const missing = pool.run({ module, export: "wantsMissingProgram", wasm: { kernel: program } });
    await expect(missing).rejects.toThrow('no WebAssembly program "other"; it has: kernel');
  });
});
