import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, simulate, writeNpy, writeNpz, writeSimulation } from "@siegert/xpcs";
import { describe, expect, test } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const STATIC = `analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.1, end_frame: 30 }
phi_angles: [0, 60]
`;

/** Runs `fit` on a configuration and a data file and asserts one clear line, exit code 2 and no output. */
async function expectRefusal(
  yaml: string,
  makeData: (folder: string) => Promise<string> | string,
  line: RegExp,
  ...more: string[]
): Promise<void> {
  using scratch = scratchFolder();
  const config = join(scratch.path, "c.yaml");
  writeFileSync(config, yaml);
  const data = await makeData(scratch.path);
  const output = join(scratch.path, "out");
  const { code, out, err } = await runCli("fit", config, "--data", data, "--output", output, ...more);
  expect(code, err).toBe(2);
  expect(out).toBe("");
  expect(err.trimEnd().split("\n"), err).toHaveLength(1);
  expect(err).toMatch(line);
  expect(err).not.toMatch(/\n\s+at |internal error/);
  expect(existsSync(output)).toBe(false);
}

const goodData = (extension: string) => async (folder: string) => {
  const path = join(folder, `data${extension}`);
  await writeSimulation(path, simulate(parseConfig(STATIC), { noise: 0.01 }));
  return path;
};

const map = (n: number, change: (values: Float64Array) => void) => async (folder: string) => {
  const values = new Float64Array(n * n).fill(1.1);
  change(values);
  const path = join(folder, "map.npy");
  await writeNpy(path, { data: values, shape: [n, n] });
  return path;
};

const ONE_ANGLE = "analysis_mode: static_isotropic\nanalyzer_parameters: { dt: 0.1 }\n";

describe("bad input is one clear line, exit code 2 and nothing half-written", () => {
  test("missing data file", () =>
    expectRefusal(STATIC, (folder) => join(folder, "absent.h5"), /absent\.h5.*(not exist|no such)/i));

  test("not HDF5", () =>
    expectRefusal(
      STATIC,
      (folder) => {
        const path = join(folder, "data.h5");
        writeFileSync(path, "this is text, and text is no HDF5".repeat(40));
        return path;
      },
      /data\.h5.*HDF5/,
    ));

  test("truncated HDF5", () =>
    expectRefusal(
      STATIC,
      async (folder) => {
        const path = await goodData(".h5")(folder);
        truncateSync(path, Math.floor(readFileSync(path).length / 2));
        return path;
      },
      /data\.h5.*(truncated|damaged|shorter)/,
    ));

  test("dataset missing", () =>
    expectRefusal(
      STATIC,
      async (folder) => {
        const path = join(folder, "data.npz");
        await writeNpz(path, { other: { data: [1, 2, 3] } });
        return path;
      },
      /c2.*missing.*other/,
    ));

  test("wrong shape", () =>
    expectRefusal(
      ONE_ANGLE,
      async (folder) => {
        const path = join(folder, "map.npy");
        await writeNpy(path, { data: new Float64Array(16), shape: [2, 2, 2, 2] });
        return path;
      },
      /map\.npy.*shape|dimension/,
    ));

  test("non-square", () =>
    expectRefusal(
      ONE_ANGLE,
      async (folder) => {
        const path = join(folder, "map.npy");
        await writeNpy(path, { data: new Float64Array(12), shape: [3, 4] });
        return path;
      },
      /map\.npy.*(square|3.*4)/,
    ));

  test("NaN entries: how many, and where the first is", () =>
    expectRefusal(
      ONE_ANGLE,
      map(20, (values) => {
        values[3 * 20 + 7] = Number.NaN;
        values[7 * 20 + 3] = Number.NaN;
      }),
      /2 .*(NaN|finite).*(3|4).*(7|8)/,
    ));

  test("infinite entries", () =>
    expectRefusal(
      ONE_ANGLE,
      map(20, (values) => {
        values[5 * 20 + 9] = Infinity;
      }),
      /1 .*(Inf|finite)/i,
    ));

  test("negative dt", () =>
    expectRefusal(
      "analysis_mode: static_isotropic\nanalyzer_parameters: { dt: -0.1 }\n",
      map(20, () => {}),
      /c\.yaml:2:\d+ .*dt.*positive/,
    ));

  test("start value outside bounds", () =>
    expectRefusal(
      `${ONE_ANGLE}initial_parameters: { parameter_names: [D0, alpha, D_offset], values: [1, 0, 0] }\n`,
      map(20, () => {}),
      /c\.yaml:3:\d+.*D0.*(bounds|between|within|100)/,
    ));

  test("lower bound above upper", () =>
    expectRefusal(
      `${ONE_ANGLE}parameter_space: { bounds: [{ name: alpha, min: 1, max: -1 }] }\n`,
      map(20, () => {}),
      /c\.yaml:3:\d+.*alpha|min/,
    ));

  test("unknown key, with the nearest valid one", () =>
    expectRefusal(
      `${ONE_ANGLE}optimization: { nlsq: { max_iteration: 5 } }\n`,
      map(20, () => {}),
      /c\.yaml:3:\d+.*max_iteration.*max_iterations/,
    ));

  test("angle filter that matches nothing, with the file's angles", () =>
    expectRefusal(
      `${STATIC}phi_filtering: { enabled: true, target_ranges: [{ min_angle: 100, max_angle: 110 }] }\n`,
      goodData(".h5"),
      /100.*110.*0.*60/,
    ));

  test("--phi that no map is near", () => expectRefusal(STATIC, goodData(".npz"), /30|angle/, "--phi", "30"));

  test("q not in the file, with the file's q values", () =>
    expectRefusal(
      STATIC.replace("end_frame: 30 }", "end_frame: 30, scattering: { wavevector_q: 0.02 } }"),
      goodData(".h5"),
      /0\.02.*0\.0054/,
    ));

  test("frames that begin beyond the file", () =>
    expectRefusal(
      STATIC.replace("end_frame: 30", "start_frame: 31, end_frame: 40"),
      goodData(".h5"),
      /frames 31 to 30 are fewer than two; the file has 1 to 30/,
    ));

  test("output folder that cannot be written", async () => {
    using scratch = scratchFolder();
    const config = join(scratch.path, "c.yaml");
    writeFileSync(config, STATIC);
    const data = await goodData(".npz")(scratch.path);
    writeFileSync(join(scratch.path, "file"), "");
    const { code, err } = await runCli("fit", config, "--data", data, "--output", join(scratch.path, "file", "out"));
    expect({ code, lines: err.trimEnd().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(err).toMatch(/file.*cannot be written/);
  });

  test("output folder that the system never makes", () =>
    expectRefusal(STATIC, goodData(".npz"), /cannot be written/, "--output", "/proc/siegert/out"));

  test("contrasts that do not fit the chosen angles", () =>
    expectRefusal(
      `${ONE_ANGLE}initial_parameters: { per_angle_scaling: { contrast: [0.1, 0.2, 0.3] } }\n`,
      goodData(".npz"),
      /c\.yaml:3:44 initial_parameters\.per_angle_scaling\.contrast: has 3 values for 2 angles/,
    ));

  test("output folder without a name", () =>
    expectRefusal(STATIC, goodData(".npz"), /--output must name a folder/, "--output", ""));

  test("a folder where a result shall be", async () => {
    using scratch = scratchFolder();
    const config = join(scratch.path, "c.yaml");
    writeFileSync(config, STATIC);
    const data = await goodData(".npz")(scratch.path);
    const output = join(scratch.path, "out");
    mkdirSync(join(output, "nlsq/fitted_data.npz"), { recursive: true });
    const { code, err } = await runCli("fit", config, "--data", data, "--output", output);
    expect({ code, lines: err.trimEnd().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(err).toMatch(/fitted_data\.npz: cannot be written: it is a folder/);
    expect(readdirSync(join(output, "nlsq"))).toEqual(["fitted_data.npz"]);
  });

  test("missing configuration", async () => {
    const { code, err } = await runCli("fit", "absent.yaml");
    expect(code).toBe(2);
    expect(err).toMatch(/absent\.yaml.*does not exist/);
  });

  test("configuration that is no YAML", async () => {
    using scratch = scratchFolder();
    const config = join(scratch.path, "c.yaml");
    writeFileSync(config, "analysis_mode: [static\n");
    const { code, err } = await runCli("config", "validate", config);
    expect(code).toBe(2);
    expect(err).toMatch(/c\.yaml:\d+:\d+/);
  });
});

describe("the command line itself", () => {
  test.each([
    [["fti"], /fit/],
    [["fit"], /config/],
    [["fit", "c.yaml", "--ouput", "x"], /--output/],
    [["fit", "c.yaml", "--phi", "1,x"], /--phi must be numbers/],
    [["fit", "c.yaml", "--mode", "laminar"], /--mode must be one of .*did you mean laminar_flow\?.*received "laminar"/],
    [["fit", "c.yaml", "--method", "mcmc"], /--method must be one of nlsq, nuts, cmc, both.*did you mean cmc/],
    [["fit", "c.yaml", "--shards", "0"], /--shards must be a whole number of at least 1; received "0"/],
    [["fit", "c.yaml", "--resume", ""], /--resume must name a folder/],
    [["plan"], /config/],
    [["plan", "c.yaml", "--threads", "x"], /--threads must be a whole number/],
    [["fit", "c.yaml", "--threads", "0"], /--threads must be a whole number of at least 1; received "0"/],
    [["fit", "c.yaml", "--threads", "two"], /--threads must be a whole number/],
    [["fit", "c.yaml", "--output", ""], /--output must name a folder/],
    [["config", "init", "laminar"], /mode must be one of .*did you mean laminar_flow/],
    [["simulate", "c.yaml"], /--output/],
    [["simulate", "c.yaml", "--output", "d.npz", "--noise", "-1"], /--noise/],
    [["report", "nowhere"], /nowhere/],
    [["completion", "tcsh"], /bash/],
  ])("%j is refused with a hint", async (words, hint) => {
    const { code, err } = await runCli(...words);
    expect(code).toBe(2);
    expect(err).toMatch(hint);
    expect(err.trimEnd().split("\n"), err).toHaveLength(1);
    expect(err).toMatch(/^siegert: /);
  });

  test.each([
    ["end_frame: 30", "end_frame: 3000000", /c\.yaml:2:\d+ .*end_frame: 2 maps of 3000000/],
    ["phi_angles: [0, 60]", "phi_angles: []", /c\.yaml:3:13 phi_angles: must hold at least one number/],
    [
      "phi_angles: [0, 60]",
      "initial_parameters: { fixed_parameters: { alpha: 5000 } }",
      /c\.yaml:3:43 .*alpha = 5000 makes the map at 0° NaN or infinite/,
    ],
  ])("a simulation with %s turned into %s is refused on one line", async (from, to, message) => {
    using scratch = scratchFolder();
    const [config, data] = [join(scratch.path, "c.yaml"), join(scratch.path, "d.npz")];
    writeFileSync(config, STATIC.replace(from, to));
    const { code, err } = await runCli("simulate", config, "--output", data);
    expect(code, err).toBe(2);
    // A warning may stand before the error.
    const errors = err
      .trimEnd()
      .split("\n")
      .filter((text) => !text.startsWith("! "));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
    expect(existsSync(data)).toBe(false);
  });

  test("a simulation to an unknown kind of file is refused", async () => {
    using scratch = scratchFolder();
    const config = join(scratch.path, "c.yaml");
    writeFileSync(config, STATIC);
    const { code, err } = await runCli("simulate", config, "--output", join(scratch.path, "data.txt"));
    expect(code).toBe(2);
    expect(err).toMatch(/\.npz/);
  });

  test("a folder where results should be, but are not, is refused", async () => {
    using scratch = scratchFolder();
    mkdirSync(join(scratch.path, "nlsq"));
    writeFileSync(join(scratch.path, "nlsq/parameters.json"), "{}");
    const { code, err } = await runCli("report", scratch.path);
    expect(code).toBe(2);
    expect(err).toMatch(/parameters\.json.*not the result of a fit/);
  });
});
