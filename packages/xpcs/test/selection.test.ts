import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type CorrelationSelection,
  correctDiagonal,
  DataError,
  type DataSource,
  measureAsymmetry,
  openDataSource,
  selectAngles,
  selectCorrelations,
  selectQ,
  writeNpy,
} from "../src/index.ts";
import { half, productMap, writeHdf5 } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 4;

/** Three q, four angles each: 0, 90, 180, −90; the second and third q are 1 % apart. */
async function open(): Promise<DataSource> {
  const path = join(folder, "q-phi.h5");
  const maps = Object.fromEntries(
    Array.from({ length: 12 }, (_, k) => [
      `xpcs/twotime/correlation_map/c2_${String(k + 1).padStart(5, "0")}`,
      { data: half(productMap(N, k + 1), N), shape: [N, N] },
    ]),
  );
  await writeHdf5(path, {
    "xpcs/qmap/dynamic_v_list_dim0": { data: Float64Array.of(0.004, 0.0054, 0.00545) },
    "xpcs/qmap/dynamic_v_list_dim1": { data: Float64Array.of(0, 90, 180, 270) },
    "xpcs/twotime/processed_bins": { data: Int32Array.from({ length: 12 }, (_, k) => k + 1) },
    ...maps,
  });
  return openDataSource(path);
}

test("the nearest q is taken and q bins are never mixed", async () => {
  const source = await open();
  const { q, entries, warnings } = selectQ(source, { q: 0.0054 });
  expect(q).toBe(0.0054);
  expect(entries.map((entry) => entry.index)).toEqual([4, 5, 6, 7]);
  expect(warnings).toEqual([]);
  const off = selectQ(source, { q: 0.0041 });
  expect(off.q).toBe(0.004);
  expect(off.warnings).toEqual(["q = 0.004 1/Å is used, the nearest to 0.0041 in the file"]);
  await source.close();
});

test("a q that the file does not have is an error that lists those it has", async () => {
  const source = await open();
  expect(() => selectQ(source, { q: 0.02 })).toThrow(DataError);
  expect(() => selectQ(source, { q: 0.02 })).toThrow(
    /no map within 10 % of q = 0.02 1\/Å \(nearest 0.00545\); the file has q = 0.004, 0.0054, 0.00545 1\/Å/,
  );
  // Combining bins that repeat the angles cannot mean one q.
  expect(() => selectQ(source, { q: 0.0054, binTolerance: 0.02 })).toThrow(/would take angle 0° twice/);
  await source.close();
});

test("bins that differ in q are combined only when asked for, and said so", async () => {
  const path = join(folder, "legacy-q.h5");
  await writeHdf5(path, {
    "xpcs/dqlist": { data: Float64Array.of(0.0053, 0.0055), shape: [1, 2] },
    "xpcs/dphilist": { data: Float64Array.of(0, 90), shape: [1, 2] },
    "exchange/C2T_all/1": { data: half(productMap(N, 1), N), shape: [N, N] },
    "exchange/C2T_all/2": { data: half(productMap(N, 2), N), shape: [N, N] },
  });
  const source = await openDataSource(path);
  expect(selectQ(source, { q: 0.0053 }).entries).toHaveLength(1);
  const both = selectQ(source, { q: 0.0053, binTolerance: 0.05 });
  expect(both.entries).toHaveLength(2);
  expect(both.q).toBeCloseTo(0.0054, 12);
  expect(both.warnings[0]).toMatch(/q bins 0.0053, 0.0055 1\/Å were combined/);
  await source.close();
});

test.each<[string, CorrelationSelection["ranges"], number[]]>([
  ["a plain range", [{ min: -10, max: 10 }], [0]],
  [
    "two ranges",
    [
      { min: -10, max: 10 },
      { min: 85, max: 95 },
    ],
    [0, 90],
  ],
  ["ends included", [{ min: 90, max: 90 }], [90]],
  ["through ±180°", [{ min: 170, max: -170 }], [180]],
  ["−180 is 180", [{ min: -190, max: -180 }], [180]],
  ["beyond 360", [{ min: 350, max: 370 }], [0]],
  ["a full turn", [{ min: -180, max: 180 }], [0, 90, 180, -90]],
  ["none", undefined, [0, 90, 180, -90]],
])("angle filter: %s", async (_, ranges, expected) => {
  const source = await open();
  const { entries } = selectQ(source, { q: 0.0054 });
  const { matches } = selectAngles(source.path, entries, { ranges });
  expect(matches.map((match) => match.phi)).toEqual(expected);
  await source.close();
});

test("an angle filter that matches nothing is an error that lists the angles of the file", async () => {
  const source = await open();
  const { entries } = selectQ(source, { q: 0.0054 });
  const choose = (fallbackToAll: boolean) =>
    selectAngles(source.path, entries, { ranges: [{ min: 20, max: 40 }], fallbackToAll });
  expect(() => choose(false)).toThrow(/no angle lies in 20° to 40°; the file has -90°, 0°, 90°, 180°/);
  expect(choose(true).matches).toHaveLength(4);
  expect(choose(true).warnings).toEqual(["no angle lies in 20° to 40°; all 4 angles are used"]);
  expect(() => selectAngles(source.path, entries, { phi: [45] })).toThrow(
    /no angle within 5° of 45°; the file has -90°, 0°, 90°, 180°/,
  );
  const { matches } = selectAngles(source.path, entries, { phi: [-178, 92], ranges: [{ min: 0, max: 1 }] });
  expect(matches.map((match) => match.phi)).toEqual([180, 90]);
  await source.close();
});

test("angles come from the configuration where the file has none, and must be as many as the maps", async () => {
  const path = join(folder, "stack.npy");
  await writeNpy(path, { data: Float64Array.from([...productMap(N, 1), ...productMap(N, 2)]), shape: [2, N, N] });
  const source = await openDataSource(path);
  expect(() => selectAngles(path, source.entries)).toThrow(/2 maps without angles; give them as phi_angles/);
  expect(() => selectAngles(path, source.entries, { phiAngles: [1] })).toThrow(/1 angles for the 2 maps/);
  const { matches } = selectAngles(path, source.entries, { phiAngles: [30, 350] });
  expect(matches.map((match) => match.phi)).toEqual([30, -10]);
  await source.close();
});

test("a selection loads maps one at a time, with frames cut and the diagonal corrected", async () => {
  const source = await open();
  const chosen = selectCorrelations(source, { q: 0.0054, ranges: [{ min: 85, max: 95 }], startFrame: 2, endFrame: -1 });
  expect([chosen.q, chosen.frames, chosen.startFrame, chosen.endFrame]).toEqual([0.0054, 3, 2, 4]);
  expect(chosen.phi).toEqual(Float64Array.of(90));
  const map = await chosen.load(0);
  const whole = productMap(N, 6);
  expect(map[1]).toBe(whole[1 * N + 2]);
  expect(map[0]).toBe(map[1]);
  expect(map[4]).toBe((map[1]! + map[5]!) / 2);
  expect(map[8]).toBe(map[5]);
  await expect(chosen.load(1)).rejects.toThrow(DataError);
  await source.close();
});

test("a map that is not symmetric is averaged and said so", async () => {
  const path = join(folder, "skew.npy");
  const map = productMap(N, 1);
  map[1 * N + 3] = map[1 * N + 3]! + 0.5;
  await writeNpy(path, { data: map, shape: [N, N] });
  expect(measureAsymmetry(map, N)).toEqual({ largest: 0.5, row: 1, column: 3 });
  const source = await openDataSource(path);
  const chosen = selectCorrelations(source, { q: 0.0054 });
  const loaded = await chosen.load(0);
  expect(loaded[1 * N + 3]).toBe(9.25);
  expect(loaded[3 * N + 1]).toBe(9.25);
  expect(chosen.warnings.at(-1)).toMatch(/not symmetric: frames \(2, 4\) and its mirror differ by 0.500/);
  await source.close();
});

test("NaN on the diagonal alone is repaired by the correction, and an error without one", async () => {
  const path = join(folder, "nan-diagonal.npy");
  const map = productMap(N, 1);
  for (let k = 0; k < N; k++) map[k * N + k] = Number.NaN;
  await writeNpy(path, { data: map, shape: [N, N] });
  const source = await openDataSource(path);
  const chosen = selectCorrelations(source, { q: 0.0054 });
  expect((await chosen.load(0)).every(Number.isFinite)).toBe(true);
  expect(chosen.warnings.at(-1)).toMatch(/4 NaN or infinite diagonal entries/);
  const none = selectCorrelations(source, { q: 0.0054, diagonal: { method: "none" } });
  await expect(none.load(0)).rejects.toThrow(/4 diagonal entries are NaN or infinite; choose a diagonal correction/);
  await source.close();
});

test("diagonal correction: every method on a map whose diagonal is known", () => {
  const n = 6;
  // Linear in lag: 2 − 0.1 |i − j|, with a spoilt diagonal.
  const make = (): Float64Array =>
    Float64Array.from({ length: n * n }, (_, k) => {
      const lag = Math.abs(Math.floor(k / n) - (k % n));
      return lag === 0 ? 99 : 2 - 0.1 * lag;
    });
  const diagonal = (map: Float64Array): number[] => Array.from({ length: n }, (_, k) => map[k * n + k]!);
  const basic = make();
  correctDiagonal(basic, n);
  for (const value of diagonal(basic)) expect(value).toBeCloseTo(1.9, 12);
  const line = make();
  correctDiagonal(line, n, { method: "interpolation" });
  for (const value of diagonal(line).slice(1, -1)) expect(value).toBeCloseTo(2, 12);
  const none = make();
  correctDiagonal(none, n, { method: "none" });
  expect(diagonal(none)).toEqual(new Array(n).fill(99));
  // One outlier on the side band moves the mean but not the median of five.
  const outlier = make();
  outlier[2 * n + 3] = outlier[3 * n + 2] = 50;
  correctDiagonal(outlier, n, { method: "statistical", windowSize: 5 });
  for (const value of diagonal(outlier)) expect(value).toBeCloseTo(1.9, 12);
});

test("diagonal correction refuses what it cannot do", () => {
  expect(() => correctDiagonal(new Float64Array(5), 2)).toThrow(/n must fit the map/);
  expect(() => correctDiagonal(new Float64Array(4), 2, { windowSize: 4 })).toThrow(/odd integer/);
  expect(() => correctDiagonal(new Float64Array(4), 2, { method: "mean" as "basic" })).toThrow(/be one of/);
});
