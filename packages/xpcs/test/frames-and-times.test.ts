import { join } from "node:path";
import { expect, test } from "vitest";
import {
  correlationSelection,
  DataError,
  openDataSource,
  parseConfig,
  selectCorrelations,
  settleDt,
  simulate,
  writeNpy,
  writeNpz,
} from "../src/index.ts";
import { half, productMap, writeHdf5 } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 6;
const given = parseConfig("analysis_mode: static_isotropic\ndt: 0.5");
const silent = parseConfig("analysis_mode: static_isotropic");

/** The report on the times of a file with one map. */
async function timesOf(name: string, t: readonly number[]) {
  const path = join(folder, name);
  await writeNpz(path, { c2: { data: productMap(N, 0.01), shape: [1, N, N] }, phi: { data: [0] }, t: { data: t } });
  const source = await openDataSource(path);
  await source.close();
  return source;
}

test.each<[string, number[], string]>([
  ["falling", [5, 4, 3, 2, 1, 0], "the file's times do not increase: 5 s is followed by 4 s (frames 1 and 2)"],
  ["repeated", [0, 1, 2, 2, 3, 4], "the file's times do not increase: 2 s is followed by 2 s (frames 3 and 4)"],
  ["uneven", [0, 1, 2, 4, 5, 6], "the file's times are not evenly spaced: frames are 1 to 2 s apart"],
  ["gappy", [0, 1, Number.NaN, 3, 4, 5], "the file's times are not all finite numbers (frame 2 or 3)"],
])("%s times are said, and dt is the configuration's or the default", async (name, t, problem) => {
  const { dt, timesProblem } = await timesOf(`${name}.npz`, t);
  expect([dt, timesProblem]).toEqual([undefined, problem]);
  expect(settleDt(given, dt, timesProblem)).toEqual({
    dt: 0.5,
    warning: `${problem}; frames 0.5 s apart, of the configuration, are taken instead`,
  });
  expect(settleDt(silent, dt, timesProblem)).toEqual({
    dt: 0.1,
    warning: `${problem}; frames 0.1 s apart, by default, are taken instead`,
  });
});

test("that neither tells dt is said only where it is so", async () => {
  const { dt, timesProblem } = await timesOf("even.npz", [0, 0.25, 0.5, 0.75, 1, 1.25]);
  expect([dt, timesProblem]).toEqual([0.25, undefined]);
  expect(settleDt(silent, undefined).warning).toBe("neither the configuration nor the file tells dt; 0.1 s is taken");
});

test("times of another length: an error in .npz, said for HDF5, but delays are no times", async () => {
  await expect(timesOf("short.npz", [0, 1])).rejects.toThrow(/has 2 times for 6 frames/);
  const open = async (name: string, dataset: string) => {
    const path = join(folder, name);
    await writeHdf5(path, {
      "exchange/c2": { data: productMap(N, 0.01), shape: [N, N] },
      [dataset]: { data: Float64Array.of(0, 1, 2) },
    });
    const source = await openDataSource(path);
    await source.close();
    return source;
  };
  expect(await open("t.h5", "exchange/t")).toMatchObject({
    dt: undefined,
    timesProblem: "exchange/t has 3 times for 6 frames",
  });
  expect(await open("tau.h5", "exchange/tau")).toMatchObject({ dt: undefined, timesProblem: undefined });
});

test("an end beyond the file gives way to its last frame, with a warning", async () => {
  const path = join(folder, "short.npy");
  const map = productMap(N, 0.01);
  await writeNpy(path, { data: map, shape: [N, N] });
  const source = await openDataSource(path);
  const chosen = selectCorrelations(source, { q: 0.0054, startFrame: 3, endFrame: 9, diagonal: { method: "none" } });
  expect([chosen.startFrame, chosen.endFrame, chosen.frames]).toEqual([3, 6, 4]);
  expect(chosen.warnings).toContain("end_frame 9 is beyond the file's last frame 6; frames 3 to 6 are used");
  expect(Array.from((await chosen.load(0)).subarray(0, 4))).toEqual(Array.from(map.subarray(2 * N + 2, 2 * N + 6)));
  expect(() => selectCorrelations(source, { q: 0.0054, startFrame: 6, endFrame: 20 })).toThrow(DataError);
  await source.close();
});

test("maps that were cut out before are taken whole by the configuration that made them", async () => {
  const config = parseConfig(`analysis_mode: two_component
analyzer_parameters: {dt: 0.1, start_frame: 11, end_frame: 40}
phi_angles: [0]
`);
  const { c2 } = simulate(config);
  const path = join(folder, "cut.npy");
  await writeNpy(path, { data: c2, shape: [30, 30] });
  const source = await openDataSource(path);
  const chosen = selectCorrelations(source, { ...correlationSelection(config, [0]), diagonal: { method: "none" } });
  expect([chosen.startFrame, chosen.endFrame, chosen.frames]).toEqual([11, 40, 30]);
  expect(chosen.warnings).toEqual([
    "the file holds as many frames (30) as start_frame 11 to end_frame 40: it is taken as cut out already",
  ]);
  expect(await chosen.load(0)).toEqual(c2);
  await source.close();
});

test("a file that numbers its frames is believed", async () => {
  const path = join(folder, "numbered.npz");
  const data = { c2: { data: productMap(N, 0.01), shape: [1, N, N] }, phi: { data: [0] } };
  await writeNpz(path, { ...data, start_frame: { data: Int32Array.of(2), shape: [] } });
  const source = await openDataSource(path);
  const chosen = selectCorrelations(source, { q: 0.0054, startFrame: 3, endFrame: 8 });
  expect([chosen.startFrame, chosen.endFrame]).toEqual([3, 7]);
  await source.close();
});

test("maps of one angle, modulo 360°, are named", async () => {
  const path = join(folder, "twice.h5");
  await writeHdf5(path, {
    "xpcs/qmap/dynamic_v_list_dim0": { data: Float64Array.of(0.0054) },
    "xpcs/qmap/dynamic_v_list_dim1": { data: Float64Array.of(30, 60, 390) },
    "xpcs/twotime/processed_bins": { data: Int32Array.of(1, 2, 2, 3) },
    ...Object.fromEntries(
      [1, 2, 3, 4].map((k) => [
        `xpcs/twotime/correlation_map/c2_0000${k}`,
        { data: half(productMap(N, 0.01 * k), N), shape: [N, N] },
      ]),
    ),
  });
  const source = await openDataSource(path);
  const { warnings } = selectCorrelations(source, { q: 0.0054 });
  const map = (k: number) => `xpcs/twotime/correlation_map/c2_0000${k}`;
  expect(warnings).toEqual([
    `${map(2)} and ${map(3)} have the same angle 60°: both are used, as independent measurements`,
    `${map(1)} and ${map(4)} have the same angle 30°: both are used, as independent measurements`,
  ]);
  expect(selectCorrelations(source, { q: 0.0054, phi: [60] }).warnings).toEqual([]);
  await source.close();
});
