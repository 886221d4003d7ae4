import fc from "fast-check";
import { expect, test } from "vitest";
import { f64, forLoop, i32, instantiate, MemoryArena, type MemoryRegion, ModuleBuilder } from "../src/index.ts";

test("regions are aligned, in order, apart, and keep their values while memory grows", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 12 }), (lengths) => {
      const arena = new MemoryArena({ start: 40 });
      const regions: MemoryRegion[] = [];
      lengths.forEach((length, k) => {
        const region = arena.allocate(length);
        region.view().fill(k + 1);
        regions.push(region);
      });
      let end = 40;
      regions.forEach((region, k) => {
        expect(region.ptr % 16).toBe(0);
        expect(region.ptr).toBeGreaterThanOrEqual(end);
        end = region.ptr + 8 * region.length;
        expect(region.view().length).toBe(lengths[k]);
        expect(region.view().every((value) => value === k + 1)).toBe(true);
      });
      expect(arena.end).toBe(regions.length > 0 ? end : 40);
    }),
    { numRuns: 50, seed: 31 },
  );
});

test("a view is made anew only after growth", () => {
  const arena = new MemoryArena();
  const first = arena.allocate(4);
  const view = first.view();
  expect(first.view()).toBe(view);
  arena.allocate(100_000);
  expect(view.length).toBe(0);
  expect(first.view().length).toBe(4);
});

test("integers and bytes, a given memory, and reset", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  const arena = new MemoryArena({ memory });
  expect(arena.memory).toBe(memory);
  const bytes = arena.allocate(3, "u8");
  const integers = arena.allocate(2, "i32");
  bytes.view().set([1, 2, 3]);
  integers.view().set([-1, 7]);
  expect([bytes.ptr, integers.ptr]).toEqual([0, 16]);
  expect([...new Uint8Array(memory.buffer, 0, 21)]).toEqual([1, 2, 3, ...Array(13).fill(0), 255, 255, 255, 255, 7]);
  arena.reset();
  expect(arena.allocate(1).ptr).toBe(0);
});

test("shared memory", () => {
  const arena = new MemoryArena({ shared: true, maximumPages: 4 });
  const region = arena.allocate(2);
  arena.allocate(20_000);
  region.view()[1] = 3;
  expect(arena.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(region.view()[1]).toBe(3);
});

test("above 2 GiB pointers go in as they are and work unsigned", () => {
  const arena = new MemoryArena({ start: 2 ** 31 + 2 ** 20 });
  const region = arena.allocate(3);
  region.view().set([1, 2, 4]);
  expect(region.ptr).toBeGreaterThan(2 ** 31);
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, maximum: 65536, import: ["env", "memory"] });
  module.function("sum", { params: ["i32", "i32"], results: ["f64"], export: true }, (fn, from, end) => {
    const [at, sum] = [fn.local("i32"), fn.local("f64")];
    return [forLoop(at, from, end, 8, [sum.set(f64.add(sum, f64.load(at)))]), sum];
  });
  const { sum } = instantiate<{ sum: (from: number, end: number) => number }>(module, {
    env: { memory: arena.memory },
  });
  expect(sum(region.ptr, region.ptr + 24)).toBe(7);
  expect(i32.const(region.ptr).type).toBe("i32");
});

test("mistakes and limits are refused, and leave the arena usable", () => {
  const arena = new MemoryArena({ maximumPages: 2 });
  for (const length of [-1, 0.5, Number.NaN]) expect(() => arena.allocate(length)).toThrow(/length/);
  expect(() => arena.allocate(2 ** 29 + 1)).toThrow(/4 GiB/);
  expect(() => arena.allocate(100_000)).toThrow(/does not let the memory grow from 65536 to 800000 bytes/);
  expect(arena.allocate(8).ptr).toBe(0);
  expect(() => new MemoryArena({ maximumPages: 65537 })).toThrow(/maximumPages/);
  expect(() => new MemoryArena({ initialPages: 3, maximumPages: 2 })).toThrow(/initialPages/);
  expect(() => new MemoryArena({ start: -1 })).toThrow(/start/);
});
