import { ready } from "h5wasm";
import { expect, test } from "vitest";
import { createInferenceData, fromNetcdf, type InferenceData, toNetcdf } from "../src/index.ts";

function dataOf(value: number): InferenceData {
  return createInferenceData({
    posterior: { variables: { mu: { data: new Float64Array(3000).fill(value), shape: [3, 1000] } } },
    observedData: { variables: { name: { data: ["a", "longer"] } } },
  });
}

/** What the HDF5 library keeps: names of files in its memory, open files, size of its heap. */
async function held(): Promise<{ files: string[]; open: number; heap: number }> {
  const module = await ready;
  const fs = module.FS as typeof module.FS & { streams: readonly unknown[] };
  const files = ["/", "/tmp"].flatMap((folder) => fs.readdir(folder));
  return { files, open: fs.streams.filter(Boolean).length, heap: module.HEAPU8.length };
}

test("nothing stays in the library's memory, whether files are good or damaged", async () => {
  const good = await toNetcdf(dataOf(1));
  const work = async (): Promise<void> => {
    await fromNetcdf(await toNetcdf(dataOf(2)));
    await expect(fromNetcdf(good.slice(0, 5000))).rejects.toThrow("damaged");
    const damaged = good.slice();
    damaged.fill(0xff, 100, 4000);
    await expect(fromNetcdf(damaged)).rejects.toThrow();
  };
  for (let run = 0; run < 5; run++) await work();
  const before = await held();
  for (let run = 0; run < 60; run++) await work();
  expect(await held()).toEqual(before);
  expect(before.files.filter((name) => name.includes("siegert") || name.includes("tmpfile"))).toEqual([]);
});

test("calls at the same time do not meet", async () => {
  const values = Array.from({ length: 20 }, (_, i) => i);
  const files = await Promise.all(values.map((value) => toNetcdf(dataOf(value))));
  const read = await Promise.all(files.map((bytes) => fromNetcdf(bytes)));
  expect(read).toEqual(values.map(dataOf));
});

test("bytes are the caller's own: a later call does not change them", async () => {
  const first = await toNetcdf(dataOf(1));
  const copy = first.slice();
  await toNetcdf(dataOf(2));
  expect(first).toEqual(copy);
  const read = await fromNetcdf(first);
  first.fill(0);
  expect(read).toEqual(dataOf(1));
});
