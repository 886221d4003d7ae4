import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function probe() {
  const { features } = await import("../src/index.ts");
  return features;
}

test("this host has the features of Node 24, and the answer is kept", async () => {
  const features = await probe();
  expect(features()).toEqual({ simd: true, relaxedSimd: true, threads: true, bulkMemory: true });
  expect(features()).toBe(features());
});

test("each feature is asked for with its own instruction", async () => {
  const asked: number[][] = [];
  vi.stubGlobal("WebAssembly", {
    validate: (bytes: Uint8Array) => {
      asked.push([...bytes]);
      return asked.length % 2 === 0;
    },
  });
  const features = await probe();
  expect(features()).toEqual({ simd: false, relaxedSimd: true, threads: false, bulkMemory: true });
  const contains = (bytes: number[], part: number[]) =>
    bytes.some((_, at) => part.every((byte, k) => bytes[at + k] === byte));
  expect(contains(asked[0]!, [0xfd, 0x4d])).toBe(true);
  expect(contains(asked[1]!, [0xfd, 0x87, 0x02])).toBe(true);
  expect(contains(asked[2]!, [5, 4, 1, 3, 1, 1])).toBe(true);
  expect(contains(asked[3]!, [0xfc, 0x0b, 0x00])).toBe(true);
});

test("a host without WebAssembly, or one that throws, has none", async () => {
  const none = { simd: false, relaxedSimd: false, threads: false, bulkMemory: false };
  vi.stubGlobal("WebAssembly", undefined);
  expect((await probe())()).toEqual(none);
  vi.resetModules();
  vi.stubGlobal("WebAssembly", {
    validate: () => {
      throw new Error("no");
    },
  });
  expect((await probe())()).toEqual(none);
});
