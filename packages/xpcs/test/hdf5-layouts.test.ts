import { join } from "node:path";
import { expect, test } from "vitest";
import { openDataSource } from "../src/index.ts";
import { half, productMap, writeHdf5 } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 5;
const list = (...values: number[]): { data: Float64Array } => ({ data: Float64Array.from(values) });

test("APS-U: bin b, from 1, is q (b − 1) div n_phi and angle (b − 1) mod n_phi; half matrices become full", async () => {
  const path = join(folder, "aps-u.h5");
  await writeHdf5(path, {
    "xpcs/qmap/dynamic_v_list_dim0": list(0.004, 0.0054),
    "xpcs/qmap/dynamic_v_list_dim1": list(0, 45, 190),
    "xpcs/twotime/processed_bins": { data: Int32Array.of(2, 4, 6) },
    "xpcs/twotime/correlation_map/c2_00001": { data: half(productMap(N, 0.01), N), shape: [N, N] },
    "xpcs/twotime/correlation_map/c2_00002": { data: half(productMap(N, 0.02), N, false), shape: [N, N] },
    "xpcs/twotime/correlation_map/c2_00003": { data: productMap(N, 0.03), shape: [N, N] },
  });
  const source = await openDataSource(path);
  expect(source.format).toBe("aps-u");
  expect(source.frames).toBe(N);
  expect(source.qValues).toEqual([0.004, 0.0054]);
  expect(source.entries.map(({ q, phi }) => [q, phi])).toEqual([
    [0.004, 45],
    [0.0054, 0],
    [0.0054, -170],
  ]);
  expect(await source.loadMap(source.entries[0]!)).toEqual(productMap(N, 0.01));
  expect(await source.loadMap(source.entries[1]!)).toEqual(productMap(N, 0.02));
  // Both triangles are filled: it is full already and must not be doubled.
  expect(await source.loadMap(source.entries[2]!)).toEqual(productMap(N, 0.03));
  await source.close();
});

test("APS legacy: maps in the order of the file belong to the columns of dqlist and dphilist", async () => {
  const path = join(folder, "legacy.h5");
  const maps = Object.fromEntries(
    ["g001", "g002", "g010"].map((name, k) => [
      `exchange/C2T_all/${name}`,
      { data: Float32Array.from(half(productMap(N, 0.25 * (k + 1)), N)), shape: [N, N], chunks: [2, N] },
    ]),
  );
  await writeHdf5(path, {
    "xpcs/dqlist": { data: Float64Array.of(0.0054, 0.0054, 0.008), shape: [1, 3] },
    "xpcs/dphilist": { data: Float64Array.of(-90, 90, 90), shape: [1, 3] },
    // Delays of g2, which are not times of frames.
    "exchange/tau": list(0.1, 0.2, 0.4),
    ...maps,
  });
  const source = await openDataSource(path);
  expect(source.format).toBe("aps-legacy");
  expect(source.times).toBeUndefined();
  expect(source.entries.map(({ q, phi, label }) => [q, phi, label])).toEqual([
    [0.0054, -90, "exchange/C2T_all/g001"],
    [0.0054, 90, "exchange/C2T_all/g002"],
    [0.008, 90, "exchange/C2T_all/g010"],
  ]);
  expect(await source.loadMap(source.entries[1]!)).toEqual(productMap(N, 0.5));
  await source.close();
});

test.each(["twotime_corr", "twotime", "c2", "corr"])(
  "exchange/%s, with q, angles and times beside it",
  async (name) => {
    const path = join(folder, `exchange-${name}.h5`);
    await writeHdf5(path, {
      [`exchange/${name}`]: {
        data: Float64Array.from([...productMap(N, 0.01), ...productMap(N, 0.02)]),
        shape: [2, N, N],
      },
      "exchange/phi": list(10, 20),
      "exchange/q": list(0.006),
      "exchange/t": list(0.5, 1, 1.5, 2, 2.5),
    });
    const source = await openDataSource(path);
    expect(source.format).toBe("exchange");
    expect(source.entries.map(({ q, phi }) => [q, phi])).toEqual([
      [0.006, 10],
      [0.006, 20],
    ]);
    expect(source.dt).toBe(0.5);
    expect(await source.loadMap(source.entries[1]!)).toEqual(productMap(N, 0.02));
    await source.close();
  },
);

test("flat c2 and t: a single map of 64-bit integers, without q and angle", async () => {
  const path = join(folder, "flat.h5");
  await writeHdf5(path, {
    c2: { data: BigInt64Array.from({ length: 9 }, (_, k) => BigInt(k)), shape: [3, 3] },
    t: list(0, 1, 2),
  });
  const source = await openDataSource(path);
  expect(source.format).toBe("flat");
  expect(source.entries).toEqual([{ index: 0, q: undefined, phi: undefined, label: "c2" }]);
  expect(await source.loadMap(source.entries[0]!)).toEqual(Float64Array.from({ length: 9 }, (_, k) => k));
  await source.close();
});

test("frames are taken out of the file: 1-based, the last included, −1 the last of all", async () => {
  const path = join(folder, "frames.h5");
  const map = productMap(8, 0.01);
  await writeHdf5(path, {
    "xpcs/qmap/dynamic_v_list_dim0": list(0.0054),
    "xpcs/qmap/dynamic_v_list_dim1": list(0),
    "xpcs/twotime/processed_bins": { data: Int32Array.of(1) },
    "xpcs/twotime/correlation_map/c2_00001": { data: half(map, 8), shape: [8, 8], chunks: [3, 3] },
  });
  const source = await openDataSource(path);
  const block = await source.loadMap(source.entries[0]!, { startFrame: 3, endFrame: 6 });
  const expected = Array.from({ length: 16 }, (_, k) => map[(2 + Math.floor(k / 4)) * 8 + 2 + (k % 4)]);
  expect(Array.from(block)).toEqual(expected);
  expect(await source.loadMap(source.entries[0]!, { startFrame: 1, endFrame: -1 })).toEqual(map);
  await expect(source.loadMap(source.entries[0]!, { endFrame: 9 })).rejects.toThrow(/beyond the file's last frame 8/);
  await expect(source.loadMap(source.entries[0]!, { startFrame: 0 })).rejects.toThrow(/start_frame at least 1/);
  await expect(source.loadMap(source.entries[0]!, { startFrame: 8 })).rejects.toThrow(/fewer than two/);
  await source.close();
});

test("complex maps are read when their imaginary part is zero", async () => {
  const path = join(folder, "complex.h5");
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const file = new File(path, "w");
  const member = (name: string): [string, string] => [name, "<d"];
  for (const [name, imaginary] of [
    ["c2", 0],
    ["odd", 1e-3],
  ] as const) {
    file.create_dataset({
      name,
      data: new Map([
        ["r", Float64Array.of(1, 2, 2, 4)],
        ["i", Float64Array.of(0, imaginary, imaginary, 0)],
      ]),
      shape: [2, 2],
      dtype: [member("r"), member("i")],
    });
  }
  file.close();
  const source = await openDataSource(path);
  expect(await source.loadMap(source.entries[0]!)).toEqual(Float64Array.of(1, 2, 2, 4));
  await source.close();

  const oddPath = join(folder, "complex-odd.h5");
  const odd = new File(oddPath, "w");
  odd.create_dataset({
    name: "c2",
    data: new Map([
      ["r", Float64Array.of(1, 2, 2, 4)],
      ["i", Float64Array.of(0, 1, 1, 0)],
    ]),
    shape: [2, 2],
    dtype: [member("r"), member("i")],
  });
  odd.close();
  const bad = await openDataSource(oddPath);
  await expect(bad.loadMap(bad.entries[0]!)).rejects.toThrow(/imaginary part/);
  await bad.close();
});
