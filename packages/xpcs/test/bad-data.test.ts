import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { DataError, openDataSource, writeNpy, writeNpz } from "../src/index.ts";
import { half, productMap, writeHdf5 } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 6;

/** The error of opening a file and loading all its maps. */
async function errorOf(path: string): Promise<DataError> {
  try {
    const source = await openDataSource(path);
    try {
      for (const entry of source.entries) await source.loadMap(entry);
    } finally {
      await source.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    const dataError = error as DataError;
    expect(dataError.path).toBe(path);
    expect(dataError.message).not.toContain("\n");
    expect(dataError.message.startsWith(path)).toBe(true);
    return dataError;
  }
  throw new Error("no error was thrown");
}

function apsU(map: Float64Array, n: number): Parameters<typeof writeHdf5>[1] {
  return {
    "xpcs/qmap/dynamic_v_list_dim0": { data: Float64Array.of(0.0054) },
    "xpcs/qmap/dynamic_v_list_dim1": { data: Float64Array.of(30) },
    "xpcs/twotime/processed_bins": { data: Int32Array.of(1) },
    "xpcs/twotime/correlation_map/c2_00001": { data: map, shape: [n, n] },
  };
}

test("missing file", async () => {
  expect((await errorOf(join(folder, "none.h5"))).problem).toBe("the data file does not exist");
  await writeFile(join(folder, "file"), "x");
  expect((await errorOf(join(folder, "file", "below.h5"))).problem).toBe("the data file does not exist");
});

test("a folder, an empty file, a text file named .h5", async () => {
  await mkdir(join(folder, "folder.h5"));
  expect((await errorOf(join(folder, "folder.h5"))).problem).toMatch(/is a directory/);
  await writeFile(join(folder, "empty.h5"), "");
  expect((await errorOf(join(folder, "empty.h5"))).problem).toMatch(/empty/);
  await writeFile(join(folder, "text.h5"), "not HDF5 at all");
  expect((await errorOf(join(folder, "text.h5"))).problem).toMatch(/is not an HDF5 file/);
  await writeFile(join(folder, "text.dat"), "nothing known");
  expect((await errorOf(join(folder, "text.dat"))).problem).toMatch(/is not an HDF5, \.npy or \.npz file/);
});

test("a truncated HDF5 file, wherever it ends", async () => {
  const path = join(folder, "whole.h5");
  await writeHdf5(path, apsU(half(productMap(N, 0.01), N), N));
  const bytes = await readFile(path);
  for (const fraction of [0.05, 0.3, 0.6, 0.9, 0.999]) {
    const cut = join(folder, `cut-${fraction}.h5`);
    await writeFile(cut, bytes.subarray(0, Math.floor(fraction * bytes.length)));
    expect((await errorOf(cut)).problem).toMatch(/truncated or damaged/);
  }
});

test("truncated .npy and .npz", async () => {
  const npy = join(folder, "whole.npy");
  await writeNpy(npy, { data: productMap(N, 0.01), shape: [N, N] });
  const npz = join(folder, "whole.npz");
  await writeNpz(npz, { c2: { data: productMap(N, 0.01), shape: [N, N] } });
  for (const [path, name] of [
    [npy, "npy"],
    [npz, "npz"],
  ] as const) {
    const bytes = await readFile(path);
    for (const size of [8, 100, bytes.length - 9]) {
      const cut = join(folder, `cut-${size}.${name}`);
      await writeFile(cut, bytes.subarray(0, size));
      expect((await errorOf(cut)).problem).toMatch(/truncated/);
    }
  }
});

test("a missing dataset: the expected one is named, with what the file has", async () => {
  const { "xpcs/twotime/processed_bins": _, ...rest } = apsU(half(productMap(N, 0.01), N), N) as Record<
    string,
    { data: Float64Array }
  >;
  const path = join(folder, "no-bins.h5");
  await writeHdf5(path, rest);
  const error = await errorOf(path);
  expect(error.dataset).toBe("xpcs/twotime/processed_bins");
  expect(error.problem).toBe("the dataset is missing; xpcs/twotime has correlation_map");

  const unknown = join(folder, "unknown.h5");
  await writeHdf5(unknown, { "entry/data": { data: Float64Array.of(1) } });
  expect((await errorOf(unknown)).problem).toMatch(
    /expected one of xpcs\/twotime\/correlation_map .*the file has entry/,
  );

  const npz = join(folder, "no-c2.npz");
  await writeNpz(npz, { g2: { data: [1] }, t: { data: [1] } });
  const npzError = await errorOf(npz);
  expect(npzError.dataset).toBe("c2");
  expect(npzError.problem).toMatch(/c2 \(angles, N, N\) is missing; the archive has g2, t/);
});

test("a group in the place of a dataset is said to be one", async () => {
  const path = join(folder, "group.h5");
  const { "xpcs/twotime/processed_bins": _, ...rest } = apsU(productMap(N, 0.01), N);
  await writeHdf5(path, rest, ["xpcs/twotime/processed_bins"]);
  expect((await errorOf(path)).message).toBe(`${path}: xpcs/twotime/processed_bins: is a group, not a dataset`);
  const exchange = join(folder, "group-exchange.h5");
  await writeHdf5(exchange, {}, ["exchange/c2"]);
  expect((await errorOf(exchange)).message).toBe(`${exchange}: exchange/c2: is a group, not a dataset`);
  const map = join(folder, "group-map.h5");
  const { "xpcs/twotime/correlation_map/c2_00001": __, ...others } = apsU(productMap(N, 0.01), N);
  await writeHdf5(map, others, ["xpcs/twotime/correlation_map/c2_00001"]);
  expect((await errorOf(map)).problem).toBe("is a group, not a dataset");
});

test("an empty group of maps", async () => {
  const path = join(folder, "empty-group.h5");
  const { "xpcs/twotime/correlation_map/c2_00001": _, ...rest } = apsU(productMap(N, 0.01), N);
  await writeHdf5(path, rest, ["xpcs/twotime/correlation_map"]);
  expect((await errorOf(path)).problem).toBe("the group holds no map");
});

test("wrong number of dimensions, maps that are not square, no frames", async () => {
  const line = join(folder, "line.npy");
  await writeNpy(line, { data: new Float64Array(4) });
  expect((await errorOf(line)).problem).toMatch(/has shape \(4\); a correlation map \(N, N\)/);
  const flat = join(folder, "not-square.npy");
  await writeNpy(flat, { data: new Float64Array(12), shape: [3, 4] });
  expect((await errorOf(flat)).problem).toMatch(/is not square: it has shape \(3, 4\)/);
  const none = join(folder, "none.npy");
  await writeNpy(none, { data: new Float64Array(0), shape: [2, 0, 0] });
  expect((await errorOf(none)).problem).toMatch(/at least one map of two frames/);
  const hdf5 = join(folder, "not-square.h5");
  const datasets = {
    ...apsU(productMap(N, 0.01), N),
    "xpcs/twotime/correlation_map/c2_00001": { data: new Float64Array(12), shape: [3, 4] },
  };
  await writeHdf5(hdf5, datasets);
  const error = await errorOf(hdf5);
  expect(error.problem).toMatch(/is not square/);
  expect(error.dataset).toBe("xpcs/twotime/correlation_map/c2_00001");
});

test("maps of different sizes in one file", async () => {
  const path = join(folder, "sizes.h5");
  await writeHdf5(path, {
    ...apsU(productMap(N, 0.01), N),
    "xpcs/qmap/dynamic_v_list_dim1": { data: Float64Array.of(30, 60) },
    "xpcs/twotime/processed_bins": { data: Int32Array.of(1, 2) },
    "xpcs/twotime/correlation_map/c2_00002": { data: productMap(4, 0.01), shape: [4, 4] },
  });
  expect((await errorOf(path)).problem).toMatch(/has 4 frames where .* has 6/);
});

test("NaN and infinite entries: their number, first position and angle", async () => {
  const map = productMap(N, 0.01);
  map[1 * N + 4] = Number.NaN;
  map[2 * N + 3] = Infinity;
  const path = join(folder, "nan.h5");
  await writeHdf5(path, apsU(half(map, N), N));
  // Each entry counts where it is stored, not again where it is mirrored.
  expect((await errorOf(path)).problem).toBe(
    "2 entries are NaN or infinite off the diagonal, the first (NaN) at frames (2, 5) of angle 30°",
  );
  const npy = join(folder, "nan.npy");
  const one = productMap(N, 0.01);
  one[5 * N] = -Infinity;
  await writeNpy(npy, { data: one, shape: [N, N] });
  expect((await errorOf(npy)).problem).toBe(
    "1 entry is NaN or infinite off the diagonal, the first (-Infinity) at frames (6, 1) of map 1",
  );
  const source = await openDataSource(npy);
  // Positions count in the file's frames, whatever range was asked for; a range without the entry is fine.
  await expect(source.loadMap(source.entries[0]!, { startFrame: 1, endFrame: 6 })).rejects.toThrow(/\(6, 1\)/);
  await expect(source.loadMap(source.entries[0]!, { startFrame: 2 })).resolves.toHaveLength(25);
  await source.close();
});

test("a half matrix whose data are all NaN is no map of zeros, whichever half", async () => {
  for (const isUpper of [true, false]) {
    const path = join(folder, `all-nan-${isUpper}.h5`);
    const map = half(productMap(N, 0.01), N, isUpper).map((value, k) =>
      value !== 0 && Math.floor(k / N) !== k % N ? Number.NaN : value,
    );
    await writeHdf5(path, apsU(map, N));
    expect((await errorOf(path)).problem).toMatch(
      isUpper ? /^15 entries .* \(1, 2\) of angle 30°$/ : /^15 entries .* \(2, 1\) of angle 30°$/,
    );
  }
});

test("NaN fills the unused half as zeros do", async () => {
  const full = productMap(N, 0.01);
  const map = half(full, N).map((value, k) => (Math.floor(k / N) > k % N ? Number.NaN : value));
  const path = join(folder, "nan-half.h5");
  await writeHdf5(path, apsU(map, N));
  const source = await openDataSource(path);
  expect(await source.loadMap(source.entries[0]!)).toEqual(full);
  await source.close();
});

test.each([2, Infinity])("a stray %d in the empty half is refused, not averaged with zeros", async (stray) => {
  const map = half(productMap(N, 0.01), N);
  map[3 * N + 1] = stray;
  const path = join(folder, `stray-${stray}.h5`);
  await writeHdf5(path, apsU(map, N));
  const error = await errorOf(path);
  expect(error.problem).toBe(
    "angle 30° is neither a half nor a full matrix: 15 entries above the diagonal and 1 below it are not zero",
  );
  expect(error.dataset).toBe("xpcs/twotime/correlation_map/c2_00001");
});

test("bins and lists that do not fit the maps", async () => {
  const path = join(folder, "bins.h5");
  await writeHdf5(path, { ...apsU(productMap(N, 0.01), N), "xpcs/twotime/processed_bins": { data: Int32Array.of(2) } });
  expect((await errorOf(path)).problem).toMatch(/bin 2 is outside 1 … 1/);
  const count = join(folder, "count.h5");
  await writeHdf5(count, {
    ...apsU(productMap(N, 0.01), N),
    "xpcs/twotime/processed_bins": { data: Int32Array.of(1, 1) },
  });
  expect((await errorOf(count)).problem).toMatch(/has 2 bins for the 1 maps/);
  const npz = join(folder, "phi.npz");
  await writeNpz(npz, { c2: { data: productMap(N, 0.01), shape: [1, N, N] }, phi: { data: [1, 2] } });
  expect((await errorOf(npz)).problem).toMatch(/has 2 values for 1 maps/);
});

test("an entry of another file is refused", async () => {
  const path = join(folder, "entry.npy");
  await writeNpy(path, { data: productMap(N, 0.01), shape: [N, N] });
  const source = await openDataSource(path);
  await expect(source.loadMap({ ...source.entries[0]! })).rejects.toThrow(InvalidArgumentError);
  await expect(openDataSource(path, { kind: "hdf5" })).rejects.toThrow(/is an npy file, not hdf5/);
  await source.close();
});
