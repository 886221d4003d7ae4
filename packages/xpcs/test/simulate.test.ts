import { join } from "node:path";
import { createModel, DirectCorrelation } from "@siegert/physics-core";
import { expect, test } from "vitest";
import {
  ConfigError,
  correlationSelection,
  openDataSource,
  parseConfig,
  selectCorrelations,
  settleDt,
  simulate,
  writeSimulation,
} from "../src/index.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();

const LAMINAR = `analysis_mode: laminar_flow
analyzer_parameters: {dt: 0.1, end_frame: 40}
phi_angles: [0, 30, 90]
initial_parameters:
  parameter_names: [D0, alpha, D_offset, gamma_dot_t0, beta, gamma_dot_t_offset, phi0, contrast, offset]
  values: [1000, -0.3, 20, 1.0e-3, 0.1, 1.0e-5, 3, 0.3, 1]
`;

const HETERODYNE = `analysis_mode: two_component
analyzer_parameters: {dt: 0.1, start_frame: 5, end_frame: 30}
phi_angles: [30]
fraction_limit: smooth
initial_parameters:
  parameter_names: [D0_ref, alpha_ref, D_offset_ref, D0_sample, alpha_sample, D_offset_sample, v0, beta, v_offset, f0, f1, f2, f3, phi0]
  values: [1.0e4, -0.3, 50, 2.0e4, 0.1, 10, 1000, 0.2, 5, 0.4, -0.05, 1, 0.1, 3]
  per_angle_scaling: {contrast: [0.25], offset: 1.02}
`;

test.each([
  ["laminar flow", LAMINAR, 40, 0],
  ["two components", HETERODYNE, 26, 0.5],
])("without noise the maps are the model's: %s", (_, text, frames, start) => {
  const config = parseConfig(text);
  const { phi, times, c2, truth, q } = simulate(config, { noise: 0 });
  expect(times).toHaveLength(frames);
  expect(times[0]).toBeCloseTo(start, 12);
  const model = createModel({ mode: config.mode, fractionLimit: config.fractionLimit });
  const direct = new DirectCorrelation(model, { q, gap: config.gap, phi, times });
  direct.setParameters(Float64Array.from(Object.values(truth.parameters)));
  let largest = 0;
  for (let k = 0; k < phi.length; k++) {
    const { contrast, offset } = truth.scaling[k]!;
    for (let i = 0; i < frames; i++) {
      for (let j = 0; j < frames; j++) {
        const expected = offset + contrast * direct.normalised(Math.min(i, j), Math.max(i, j), k);
        largest = Math.max(largest, Math.abs(c2[(k * frames + i) * frames + j]! / expected - 1));
      }
    }
  }
  expect(largest).toBeLessThan(1e-12);
});

test("contrast and offset per angle, or one pair for all", () => {
  const heterodyne = simulate(parseConfig(HETERODYNE), { noise: 0 }).truth.scaling;
  expect(heterodyne).toEqual([{ phi: 30, contrast: 0.25, offset: 1.02 }]);
  const laminar = simulate(parseConfig(LAMINAR), { noise: 0 }).truth.scaling;
  expect(laminar.map(({ contrast, offset }) => [contrast, offset])).toEqual([
    [0.3, 1],
    [0.3, 1],
    [0.3, 1],
  ]);
});

test("the noise is symmetric, Gaussian with the given standard deviation, and tied to the seed and the angle", () => {
  const config = parseConfig(LAMINAR);
  const N = 40;
  const [clean, noisy] = [simulate(config, { noise: 0 }).c2, simulate(config, { noise: 0.02, seed: 7 }).c2];
  const noise = noisy.map((value, k) => (value - clean[k]!) / 0.02);
  let [count, sum, squares] = [0, 0, 0];
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < N; i++) {
      for (let j = i; j < N; j++) {
        const value = noise[(k * N + i) * N + j]!;
        expect(noisy[(k * N + j) * N + i]).toBe(noisy[(k * N + i) * N + j]);
        count++;
        sum += value;
        squares += value * value;
      }
    }
  }
  // z scores of the mean (sd 1/√n) and of the variance (sd √(2/n)).
  expect(Math.abs(sum / Math.sqrt(count))).toBeLessThan(4);
  expect(Math.abs((squares / count - 1) / Math.sqrt(2 / count))).toBeLessThan(4);

  expect(simulate(config, { noise: 0.02, seed: 7 }).c2).toEqual(noisy);
  expect(simulate(config, { noise: 0.02, seed: 8 }).c2[1]).not.toBe(noisy[1]);
  const two = simulate(parseConfig(LAMINAR.replace("[0, 30, 90]", "[0, 30]")), { noise: 0.02, seed: 7 });
  expect(two.c2).toEqual(noisy.subarray(0, 2 * N * N));
});

test("no noise unless it is asked for", () => {
  const config = parseConfig(LAMINAR);
  expect(config.simulation).toEqual({ noise: 0, seed: 42 });
  const { truth, c2 } = simulate(config);
  expect(truth.noise).toBe(0);
  expect(c2).toEqual(simulate(config, { noise: 0 }).c2);
});

test("defaults of noise and seed stand in the configuration", () => {
  const config = parseConfig(`${LAMINAR}simulation: {noise: 0.05, seed: 3}\n`);
  const { truth, c2 } = simulate(config);
  expect([truth.noise, truth.seed]).toEqual([0.05, 3]);
  expect(c2).toEqual(simulate(config, { noise: 0.05, seed: 3 }).c2);
});

test.each(["sim.h5", "sim.npz"])(
  "simulated data written as %s are read back by the same configuration",
  async (name) => {
    const config = parseConfig(LAMINAR);
    const data = simulate(config);
    const path = join(folder, name);
    await writeSimulation(path, data);
    const source = await openDataSource(path);
    const chosen = selectCorrelations(source, {
      ...correlationSelection(config, undefined, [30]),
      diagonal: { method: "none" },
    });
    expect([chosen.q, chosen.frames, ...chosen.phi]).toEqual([0.0054, 40, 30]);
    expect(source.dt).toBeCloseTo(0.1, 12);
    expect(await chosen.load(0)).toEqual(data.c2.slice(1600, 3200));
    expect(chosen.warnings).toEqual([]);
    await source.close();
  },
);

test.each(["cut.h5", "cut.npz"])("frames keep their numbers when the simulation begins later: %s", async (name) => {
  const config = parseConfig(HETERODYNE);
  const data = simulate(config);
  const path = join(folder, name);
  await writeSimulation(path, data);
  const source = await openDataSource(path);
  expect([source.firstFrame, source.frames]).toEqual([5, 26]);
  const chosen = selectCorrelations(source, { ...correlationSelection(config), diagonal: { method: "none" } });
  expect([chosen.startFrame, chosen.endFrame, chosen.frames]).toEqual([5, 30, 26]);
  expect(await chosen.load(0)).toEqual(data.c2);
  const later = await source.loadMap(source.entries[0]!, { startFrame: 7 });
  expect(later[1]).toBe(data.c2[2 * 26 + 3]);
  await expect(source.loadMap(source.entries[0]!, { startFrame: 1 })).rejects.toThrow(
    /before the file's first frame 5/,
  );
  await expect(source.loadMap(source.entries[0]!, { endFrame: 31 })).rejects.toThrow(/beyond the file's last frame 30/);
  await source.close();
});

test("another ending is refused", async () => {
  const data = simulate(parseConfig(LAMINAR));
  await expect(writeSimulation(join(folder, "sim.txt"), data)).rejects.toThrow(/end in \.npz, \.h5, \.hdf5 or \.hdf/);
});

test("dt: the configuration's, else the file's, else the default; differences are said", () => {
  const given = parseConfig("analysis_mode: static_isotropic\ndt: 0.5");
  const silent = parseConfig("analysis_mode: static_isotropic");
  expect(settleDt(given, undefined)).toEqual({ dt: 0.5, warning: undefined });
  expect(settleDt(given, 0.5)).toEqual({ dt: 0.5, warning: undefined });
  expect(settleDt(given, 0.25)).toEqual({
    dt: 0.5,
    warning: expect.stringMatching(/the file's times are 0.25 s apart/),
  });
  expect(settleDt(silent, 0.25)).toEqual({ dt: 0.25, warning: "dt = 0.25 s is taken from the file" });
  expect(settleDt(silent, undefined).dt).toBe(0.1);
});

test("parameters that make maps that are not finite are named, with their place", () => {
  const config = parseConfig(
    "analysis_mode: static_isotropic\nanalyzer_parameters: {dt: 10, end_frame: 40}\ninitial_parameters: {fixed_parameters: {D0: 1000, alpha: 400}}\n",
    { path: "c.yaml" },
  );
  expect(() => simulate(config)).toThrow(ConfigError);
  expect(() => simulate(config)).toThrow(
    "c.yaml:3:51 initial_parameters: alpha = 400 makes the map at 0° NaN or infinite; choose another value",
  );
});

test.each([1e6, 1e12])("a simulation of %d frames is refused before memory is asked for", (frames) => {
  const config = parseConfig(`analysis_mode: static_isotropic\nend_frame: ${frames}\n`);
  expect(() => simulate(config)).toThrow(ConfigError);
  expect(() => simulate(config)).toThrow(/end_frame: 1 maps of \d+ × \d+ frames take [\de+.]+ GiB/);
});

test("what cannot be simulated", () => {
  expect(() => simulate(parseConfig("analysis_mode: static_isotropic"))).toThrow(ConfigError);
  expect(() => simulate(parseConfig("analysis_mode: static_isotropic"))).toThrow(
    /end_frame: must be a number of frames/,
  );
  expect(() => simulate(parseConfig(LAMINAR), { noise: -1 })).toThrow(/noise must be a finite number of at least 0/);
  expect(() => simulate(parseConfig(LAMINAR), { seed: 0.5 })).toThrow(/seed must be a whole number/);
  const lists = parseConfig(
    LAMINAR.replace("phi_angles: [0, 30, 90]\n", "").concat("  per_angle_scaling: {contrast: [0.1, 0.2]}\n"),
  );
  expect(() => simulate(lists)).toThrow(/has 2 values for 1 angles/);
});
