import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SiegertError } from "@siegert/errors";
import { expect, test } from "vitest";
import { ConfigError, DataError, loadConfig, parseConfig, readAngles, resolveDataFile } from "../src/index.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();

function errorOf(text: string): ConfigError {
  try {
    parseConfig(text, { path: "c.yaml" });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toBeInstanceOf(SiegertError);
    return error as ConfigError;
  }
  throw new Error("no error was thrown");
}

const STATIC = "analysis_mode: static_isotropic\n";

test.each<[string, string, string]>([
  [
    "negative dt",
    "analyzer_parameters:\n  dt: -0.1\n",
    "c.yaml:3:7 analyzer_parameters.dt: must be a positive number; received -0.1",
  ],
  ["dt as text", 'dt: "0.1"\n', 'c.yaml:2:5 dt: must be a number; received the text "0.1": remove the quotes'],
  [
    "a start value outside its bounds",
    "initial_parameters:\n  parameter_names: [D0, alpha]\n  values: [1000, 2.5]\n",
    "c.yaml:4:18 initial_parameters.values[1]: start value 2.5 of alpha is outside its bounds [-2, 2]",
  ],
  [
    "a start value outside the bounds of the file",
    "initial_parameters: {parameter_names: [D0], values: [1000]}\nparameter_space:\n  bounds:\n    - {name: D0, min: 1, max: 10}\n",
    "c.yaml:2:54 initial_parameters.values[0]: start value 1000 of D0 is outside its bounds [1, 10]",
  ],
  [
    "lower bound above the upper",
    "parameter_space:\n  bounds:\n    - name: D0\n      min: 10\n      max: 1\n",
    "c.yaml:5:12 parameter_space.bounds[0]: lower bound 10 of D0 must be below its upper bound 1",
  ],
  [
    "equal bounds",
    "parameter_space: {bounds: [{name: D0, min: 10, max: 10}]}\n",
    "c.yaml:2:44 parameter_space.bounds[0]: lower bound 10 of D0 must be below its upper bound 10; to hold it there use initial_parameters.fixed_parameters",
  ],
  [
    "one bound that crosses the default of the other",
    "parameter_space: {bounds: [{name: alpha, min: 3}]}\n",
    "c.yaml:2:47 parameter_space.bounds[0]: lower bound 3 of alpha must be below its upper bound 2",
  ],
  [
    "an unknown key",
    "analyser_parameters: {dt: 1}\n",
    "c.yaml:2:1 analyser_parameters: unknown key; did you mean analyzer_parameters?",
  ],
  [
    "an unknown nested key",
    "optimization:\n  nlsq:\n    max_iteration: 5\n",
    "c.yaml:4:5 optimization.nlsq.max_iteration: unknown key; did you mean max_iterations?",
  ],
  [
    "a key in the wrong section",
    "optimization: {wavevector_q: 1}\n",
    "c.yaml:2:16 optimization.wavevector_q: unknown key; it belongs to analyzer_parameters.scattering",
  ],
  [
    "an unknown key below one without effect",
    "performance: {computation: {enable_jot: true}}\n",
    "c.yaml:2:29 performance.computation.enable_jot: unknown key; did you mean enable_jit?",
  ],
  [
    "an unknown parameter",
    "initial_parameters: {parameter_names: [D_0], values: [1]}\n",
    "c.yaml:2:40 initial_parameters.parameter_names[0]: unknown parameter D_0; did you mean D0?",
  ],
  [
    "lists of different lengths",
    "initial_parameters: {parameter_names: [D0, alpha], values: [1000]}\n",
    "c.yaml:2:61 initial_parameters.values: 1 values for 2 parameter_names; give as many",
  ],
  [
    "a word that is none of the choices",
    "optimization: {nlsq: {loss: sof_l1}}\n",
    'c.yaml:2:29 optimization.nlsq.loss: must be one of linear, soft_l1, huber, cauchy, arctan; received "sof_l1", did you mean soft_l1?',
  ],
  [
    "a map where a number is due",
    "analyzer_parameters: {dt: {a: 1}}\n",
    'c.yaml:2:27 analyzer_parameters.dt: must be a positive number; received {"a":1}',
  ],
  ["a number where a map is due", "optimization: 3\n", "c.yaml:2:1 optimization: must be a map of keys; received 3"],
  [
    "frames in the wrong order",
    "analyzer_parameters: {start_frame: 10, end_frame: 5}\n",
    "c.yaml:2:40 analyzer_parameters.end_frame: end_frame 5 must be above start_frame 10: two frames at least",
  ],
  [
    "frame zero",
    "analyzer_parameters: {start_frame: 0}\n",
    "c.yaml:2:36 analyzer_parameters.start_frame: must be a whole number of at least 1; received 0",
  ],
  ["an angle that is none", "phi_angles: [0, east]\n", 'c.yaml:2:17 phi_angles[1]: must be a number; received "east"'],
  [
    "a range without numbers",
    "phi_filtering: {enabled: true, target_ranges: [{min_angle: a}]}\n",
    'c.yaml:2:48 phi_filtering.target_ranges[0]: must be {min_angle: …, max_angle: …} in degrees, [min, max] or one angle; received {"min_angle":"a"}',
  ],
  [
    "a prior without width",
    "parameter_space: {bounds: [{name: D0, prior_sigma: 0}]}\n",
    "c.yaml:2:28 parameter_space.bounds[0]: the standard deviation of the prior must be positive; received 0",
  ],
  [
    "an unknown prior",
    "parameter_space: {bounds: [{name: D0, type: Truncated}]}\n",
    "c.yaml:2:28 parameter_space.bounds[0]: the prior must be one of TruncatedNormal, Normal, Uniform, LogNormal, HalfNormal, BetaScaled, Exponential; received Truncated, did you mean TruncatedNormal?",
  ],
  [
    "the same thing under two names",
    "optimization: {nlsq: {tolerance: 1e-8, ftol: 1e-9}}\n",
    "c.yaml:2:40 optimization.nlsq.ftol: means the same as optimization.nlsq.tolerance in line 2, with another value; keep one of them",
  ],
  [
    "contrast of an angle outside its bounds",
    "phi_angles: [0, 1]\ninitial_parameters: {per_angle_scaling: {contrast: [0.5, 1.5]}}\n",
    "c.yaml:3:58 initial_parameters.per_angle_scaling.contrast[1]: 1.5 is outside the bounds of contrast [0, 1]",
  ],
  [
    "contrasts that do not fit the angles",
    "phi_angles: [0, 1, 2]\ninitial_parameters: {per_angle_scaling: {contrast: [0.5, 0.5]}}\n",
    "c.yaml:3:53 initial_parameters.per_angle_scaling.contrast: 2 values for the 3 angles of phi_angles; give one per angle, or one for all",
  ],
  [
    "a tie to itself",
    "initial_parameters: {tied_parameters: {D0: D0}}\n",
    "c.yaml:2:40 initial_parameters.tied_parameters.D0: must name a parameter that is not tied itself; received D0",
  ],
  [
    "a filter without ranges",
    "phi_filtering: {enabled: true}\n",
    "c.yaml:2:17 phi_filtering.target_ranges: is missing: the filter is on but has no range",
  ],
  [
    "values in quotes",
    'initial_parameters: {parameter_names: [D0], values: ["1000"]}\n',
    'c.yaml:2:54 initial_parameters.values[0]: must be a number or null; received the text "1000": remove the quotes',
  ],
  [
    "a name that is none",
    "initial_parameters: {parameter_names: [D0, 3], values: [1000, 1]}\n",
    "c.yaml:2:44 initial_parameters.parameter_names[1]: must be a name; received 3",
  ],
  [
    "a bound that is not a number",
    "parameter_space: {bounds: [{name: D0, min: .nan, max: 1}]}\n",
    "c.yaml:2:44 parameter_space.bounds[0].min: must be a number; received NaN",
  ],
  [
    "a bound of a group that is not a number",
    "parameters: {sample: {D0: {min: .nan, max: 1}}}\n",
    "c.yaml:2:33 parameters.sample.D0.min: must be a number; received NaN",
  ],
  ["dt that is not a number", "dt: .nan\n", "c.yaml:2:5 dt: must be a positive number; received NaN"],
  ["infinite angles", "phi_angles: [0, -.inf]\n", "c.yaml:2:17 phi_angles[1]: must be a number; received -Infinity"],
  [
    "no angle",
    "phi_angles: []\n",
    "c.yaml:2:13 phi_angles: must hold at least one number; leave the key out when there is none",
  ],
  [
    "nothing active",
    "initial_parameters: {active_parameters: []}\n",
    "c.yaml:2:22 initial_parameters.active_parameters: names no parameter, so nothing would be fitted; leave it out to fit all",
  ],
  [
    "active and fixed",
    "initial_parameters: {active_parameters: [D0, alpha], fixed_parameters: {alpha: 0}}\n",
    "c.yaml:2:73 initial_parameters.fixed_parameters.alpha: alpha is among active_parameters too; keep one of them",
  ],
  [
    "fixed at an absurd value",
    "initial_parameters: {fixed_parameters: {D0: 1e300}}\n",
    "c.yaml:2:41 initial_parameters.fixed_parameters.D0: must be below 1e+30 in size; received 1e+300",
  ],
  [
    "fixed at infinity",
    "initial_parameters: {fixed_parameters: {D0: .inf}}\n",
    "c.yaml:2:41 initial_parameters.fixed_parameters.D0: must be a number; received Infinity",
  ],
  ["an alias without anchor", "metadata: *none\n", "c.yaml:2:11 the alias *none has no anchor before it"],
  [
    "an alias in a circle",
    "metadata: &a {b: *a}\n",
    "c.yaml:2:18 the aliases (*name) repeat without end or far too often; write the values out",
  ],
  ["a negative noise", "noise: {sigma: 0}\n", "c.yaml:2:16 noise.sigma: must be a positive number; received 0"],
])("%s", (_, text, message) => {
  const error = errorOf(STATIC + text);
  expect(error.message).toBe(message);
  expect(error.problems).toHaveLength(1);
});

test("all problems are reported at once, in the order of the file, one per line", () => {
  const error = errorOf(`analysis_mode: laminar
analyzer_parameters:
  dt: -1
  strt_frame: 3
parameter_space:
  bounds:
    - {name: D0, min: 5, max: 1}
    - {name: gamma, min: 0, max: 1}
optimization: {nlsq: {max_iterations: 0}}
`);
  expect(error.problems.map(({ line, path }) => [line, path])).toEqual([
    [3, "analyzer_parameters.dt"],
    [4, "analyzer_parameters.strt_frame"],
    [7, "parameter_space.bounds[0]"],
    [8, "parameter_space.bounds[1]"],
    [9, "optimization.nlsq.max_iterations"],
  ]);
  expect(error.message.split("\n")).toHaveLength(5);
});

test("aliases that multiply are refused at once", () => {
  const letters = [..."abcdefghij"];
  const lines = letters.map(
    (letter, k) => `${letter}: &${letter} [${Array(9).fill(k === 0 ? "x" : `*${letters[k - 1]}`)}]`,
  );
  const begin = performance.now();
  expect(errorOf(`${STATIC}metadata:\n${lines.map((line) => `  ${line}\n`).join("")}`).message).toMatch(
    /^c\.yaml:4:\d+ the aliases \(\*name\) repeat/,
  );
  expect(performance.now() - begin).toBeLessThan(5000);
});

test("the mode: missing, wrong", () => {
  expect(errorOf("dt: 1").message).toBe(
    "c.yaml:1:1 analysis_mode: is missing; give one of static_isotropic, static_anisotropic, laminar_flow, two_component",
  );
  expect(errorOf("analysis_mode: laminar_flo").problems).toEqual([
    { line: 1, column: 16, path: "analysis_mode", message: expect.stringMatching(/did you mean laminar_flow\?$/) },
  ]);
});

test("what is no configuration at all", () => {
  expect(errorOf("").message).toBe("c.yaml:1:1 the configuration is empty");
  expect(errorOf("just text").message).toBe('c.yaml:1:1 must be a map of keys; received "just text"');
  expect(errorOf("- dt: 1\n- 2\n").message).toBe('c.yaml:1:1 must be a map of keys; received [{"dt":1},2]');
  expect(errorOf("dt: 1\n---\ndt: 2\n").message).toBe(
    "c.yaml:2:1 holds more than one YAML document; keep what stands before this ---",
  );
  const syntax = errorOf("a: 1\nb: [1, 2\nc: 3\n");
  expect(syntax.message).toMatch(/^c\.yaml:\d+:\d+ is not valid YAML: /);
  expect(syntax.message.split("\n").every((line) => line.startsWith("c.yaml:"))).toBe(true);
  expect(errorOf("dt: 1\ndt: 2\n").message).toMatch(/c\.yaml:2:1 is not valid YAML: .*unique/);
});

test("files: a missing configuration, data file or file of angles", async () => {
  await expect(loadConfig(join(folder, "none.yaml"))).rejects.toThrow(
    /none\.yaml:1:1 the configuration file does not exist/,
  );
  await expect(loadConfig(folder)).rejects.toThrow(/is a folder/);
  const path = join(folder, "run.yaml");
  await writeFile(path, `${STATIC}experimental_data: {file_path: data.npy, phi_angles_file: angles.txt}\n`);
  const config = await loadConfig(path);
  await expect(resolveDataFile(config)).rejects.toThrow(DataError);
  await expect(resolveDataFile(config)).rejects.toThrow(/data\.npy: the data file does not exist, nor does/);
  await expect(resolveDataFile(parseConfig(STATIC))).rejects.toThrow(/experimental_data\.file_path: is missing/);
  await expect(readAngles(config)).rejects.toThrow(/the file of angles does not exist/);
  await writeFile(join(folder, "angles.txt"), "# degrees\n0\n45.5 # diagonal\n\n-90\n");
  expect(await readAngles(config)).toEqual([0, 45.5, -90]);
  await writeFile(join(folder, "angles.txt"), "0\nnorth\n");
  await expect(readAngles(config)).rejects.toThrow(/one angle per line, in degrees; found north/);
  await writeFile(join(folder, "data.npy"), "x");
  expect(await resolveDataFile(config)).toBe(join(folder, "data.npy"));
});
