import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { type DataSource, openDataSource } from "../src/index.ts";
import files from "./fixtures/python_files.json" with { type: "json" }; // from python_files.py, h5py and numpy
import { productMap } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 5;

async function open(name: keyof typeof files): Promise<DataSource> {
  const path = join(folder, name);
  await writeFile(path, inflateSync(Buffer.from(files[name], "base64")));
  return openDataSource(path);
}

async function expectMaps(source: DataSource, scales: readonly number[]): Promise<void> {
  expect(source.frames).toBe(N);
  expect(source.entries).toHaveLength(scales.length);
  for (const [k, scale] of scales.entries()) {
    expect(await source.loadMap(source.entries[k]!)).toEqual(productMap(N, scale));
  }
  await source.close();
}

test("APS-U: newest format, chunks, gzip with shuffle, float32, big-endian lists, 64-bit bins in two dimensions", async () => {
  const source = await open("aps-u.h5");
  expect(source.entries.map(({ q, phi }) => [q, phi])).toEqual([
    [0.004, 90],
    [0.0054, 0],
  ]);
  await expectMaps(source, [0.25, 0.5]);
});

test("APS legacy: a file that keeps the order of creation is read in that order, lower halves too", async () => {
  const source = await open("legacy.h5");
  expect(source.entries.map(({ phi, label }) => [phi, label])).toEqual([
    [10, "exchange/C2T_all/9"],
    [20, "exchange/C2T_all/10"],
    [30, "exchange/C2T_all/2"],
  ]);
  await expectMaps(source, [0.25, 0.5, 0.75]);
});

test("complex numbers without imaginary part, a scalar q, a block of the user's own before HDF5", async () => {
  const source = await open("complex.h5");
  expect(source.qValues).toEqual([0.006]);
  await expectMaps(source, [0.25]);
  await expectMaps(await open("user-block.h5"), [0.25]);
});

test.each(["savez.npz", "savez-compressed.npz", "cache.npz"] as const)("numpy's %s", async (name) => {
  const source = await open(name);
  expect(source.entries.map(({ q, phi }) => [q, phi])).toEqual([
    [0.0054, 0],
    [0.0054, 90],
  ]);
  expect(source.dt).toBe(0.5);
  await expectMaps(source, [0.25, 0.5]);
});

test("what the HDF5 library cannot read is named, with a remedy", async () => {
  const lzf = await open("lzf.h5");
  await expect(lzf.loadMap(lzf.entries[0]!)).rejects.toThrow(/the filter lzf \(32000\), .* repack the file with gzip/);
  await lzf.close();
  const half = await open("half-precision.h5");
  await expect(half.loadMap(half.entries[0]!)).rejects.toThrow(/16-bit floating-point numbers/);
  await half.close();
});
