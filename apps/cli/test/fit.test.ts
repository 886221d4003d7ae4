import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig, openDataSource, simulate, writeNpz } from "@siegert/xpcs";
import { describe, expect, test } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const LAMINAR = {
  D0: 12000,
  alpha: -0.4,
  D_offset: 500,
  gamma_dot_t0: 3e-4,
  beta: 0.3,
  gamma_dot_t_offset: 2e-5,
  phi0: 3,
};

function laminarYaml(extra = ""): string {
  const values = { ...LAMINAR, contrast: 0.25, offset: 1 };
  return `analysis_mode: laminar_flow
analyzer_parameters: { dt: 0.1, start_frame: 1, end_frame: 60 }
phi_angles: [0, 45, 90]
initial_parameters:
  parameter_names: [${Object.keys(values).join(", ")}]
  values: [${Object.values(values).join(", ")}]
${extra}`;
}

describe("simulate, inspect, fit, report", () => {
  test.each(["data.npz", "data.h5"])("go from a configuration to a report through %s", async (file) => {
    using scratch = scratchFolder();
    const [config, data, results] = [
      join(scratch.path, "c.yaml"),
      join(scratch.path, file),
      join(scratch.path, "results"),
    ];
    writeFileSync(config, laminarYaml());

    await runCli("simulate", config, "--output", data);
    const clean = await openDataSource(data);
    const bare = await clean.loadMap(clean.entries[0]!);
    await clean.close();
    const simulated = await runCli("simulate", config, "--output", data, "--noise", "0.01", "--seed", "5");
    expect(simulated).toMatchObject({ code: 0, err: "" });
    expect(simulated.out).toContain("3 angle(s), 60 × 60 frames");

    const noisy = await openDataSource(data);
    const noise = (await noisy.loadMap(noisy.entries[0]!)).map((value, k) => value - bare[k]!);
    await noisy.close();
    // Without --noise there is none: the difference is all of the noise that was asked for.
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    expect(Math.abs(variance / 0.01 ** 2 - 1) / Math.sqrt(2 / (30 * 61))).toBeLessThan(4);

    const inspected = JSON.parse((await runCli("inspect", data, "--json")).out);
    expect(inspected).toMatchObject({ frames: 60, qValues: [0.0054] });
    expect(inspected.maps.map((map: { phi: number }) => map.phi)).toEqual([0, 45, 90]);
    expect((await runCli("inspect", data)).out).toContain("60 × 60 frames");

    const fitted = await runCli("fit", config, "--data", data, "--output", results, "--json");
    expect(fitted.code).toBe(0);
    const printed = JSON.parse(fitted.out);
    expect(JSON.parse(readFileSync(join(results, "nlsq/parameters.json"), "utf8"))).toEqual(printed);
    for (const [name, truth] of Object.entries(LAMINAR)) {
      const { value, standardError, lower, upper, unit, atBound } = printed.parameters[name];
      expect(Math.abs(value - truth), name).toBeLessThan(5 * standardError);
      expect(value >= lower && value <= upper && typeof unit === "string" && atBound === false).toBe(true);
    }
    expect(Math.abs(printed.sigma / 0.01 - 1)).toBeLessThan(0.1);
    expect(printed).toMatchObject({ mode: "laminar_flow", quality: "good" });
    expect(printed.covariance.matrix).toHaveLength(printed.covariance.names.length);
    expect(printed.degreesOfFreedom).toBe(3 * 59 * 30 - printed.covariance.names.length);

    const source = await openDataSource(join(results, "nlsq/fitted_data.npz"));
    expect(source).toMatchObject({ frames: 60 });
    await source.close();
    const report = readFileSync(join(results, "report.html"), "utf8");
    expect(report).toContain("gamma_dot_t0");
    expect(report.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);

    writeFileSync(join(results, "report.html"), "");
    const again = await runCli("report", results);
    expect(again).toMatchObject({ code: 0, out: `${join(results, "report.html")}\n` });
    expect(readFileSync(join(results, "report.html"), "utf8")).toBe(report);
  });

  test("a table for people, warnings on stderr, nothing else", async () => {
    using scratch = scratchFolder();
    const [config, data] = [join(scratch.path, "c.yaml"), join(scratch.path, "d.npz")];
    writeFileSync(config, laminarYaml());
    await runCli("simulate", config, "-o", data, "--noise", "0.02");
    const fitted = await runCli("fit", config, "-d", data, "-o", join(scratch.path, "out"), "--phi", "1,89");
    expect(fitted.code).toBe(0);
    expect(fitted.out).toContain("laminar_flow: good fit");
    expect(fitted.out).toContain("Å²/s^(1+alpha)");
    const angles = JSON.parse(readFileSync(join(scratch.path, "out/nlsq/parameters.json"), "utf8")).scaling;
    expect(angles.map((s: { phi: number }) => s.phi)).toEqual([0, 90]);
  });

  test("--json keeps stdout for the result and puts the fit's own warnings on stderr", async () => {
    using scratch = scratchFolder();
    const [config, data, output] = [
      join(scratch.path, "c.yaml"),
      join(scratch.path, "d.npz"),
      join(scratch.path, "out"),
    ];
    const text = "analysis_mode: static_isotropic\nanalyzer_parameters: { dt: 0.1, end_frame: 40 }\nphi_angles: [0]\n";
    writeFileSync(config, text);
    await runCli("simulate", config, "--output", data, "--noise", "0.01");
    // The truth, D0 = 1000, is out of reach.
    writeFileSync(config, `${text}parameter_space: { bounds: [{ name: D0, min: 20000, max: 40000 }] }\n`);
    const { out, err } = await runCli("fit", config, "--data", data, "--output", output, "--json");
    const { warnings } = JSON.parse(readFileSync(join(output, "nlsq/diagnostics.json"), "utf8"));
    expect(warnings.length).toBeGreaterThan(0);
    for (const warning of warnings) expect(err).toContain(`! ${warning}\n`);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(join(output, "nlsq/parameters.json"), "utf8")));
  });

  test("times that tell nothing and frames that are not there are said, by inspect and fit", async () => {
    using scratch = scratchFolder();
    const [config, data] = [join(scratch.path, "c.yaml"), join(scratch.path, "d.npz")];
    const text = "analysis_mode: static_isotropic\nanalyzer_parameters: { dt: 0.1, end_frame: 40 }\nphi_angles: [0]\n";
    writeFileSync(config, text);
    const { c2 } = simulate(await loadConfig(config), { noise: 0.01 });
    const times = Float64Array.from({ length: 40 }, (_, i) => i * i);
    await writeNpz(data, { c2: { data: c2, shape: [1, 40, 40] }, t: { data: times }, phi: { data: [0] } });
    const problem = "the file's times are not evenly spaced: frames are 1 to 77 s apart";
    expect((await runCli("inspect", data)).out).toContain(`Time between frames: unknown; ${problem}\n`);
    writeFileSync(config, text.replace("40", "41"));
    const { code, err } = await runCli("fit", config, "--data", data, "--output", join(scratch.path, "out"));
    expect(code).toBe(0);
    expect(err).toContain(`! ${problem}; frames 0.1 s apart, of the configuration, are taken instead\n`);
    expect(err).toContain("! end_frame 41 is beyond the file's last frame 40; frames 1 to 40 are used\n");
    expect(err).not.toContain("neither");
  });

  test("--mode overrides the configuration's model", async () => {
    using scratch = scratchFolder();
    const [config, data] = [join(scratch.path, "c.yaml"), join(scratch.path, "d.npz")];
    writeFileSync(config, "analysis_mode: static_isotropic\nanalyzer_parameters: { dt: 0.1, end_frame: 50 }\n");
    await runCli("simulate", config, "-o", data, "--noise", "0.01");
    const fitted = await runCli(
      "fit",
      config,
      "-d",
      data,
      "-o",
      join(scratch.path, "out"),
      "--mode",
      "static_anisotropic",
      "--json",
    );
    expect(JSON.parse(fitted.out).mode).toBe("static_anisotropic");
  });
});

test("demo fits both data sets from defaults and shows truth beside estimate", async () => {
  using scratch = scratchFolder();
  const { code, out } = await runCli("demo", "--output", scratch.path);
  expect(code).toBe(0);
  for (const mode of ["laminar_flow", "two_component"]) {
    const folder = join(scratch.path, mode);
    expect(out).toContain(`${mode}: good fit`);
    for (const file of [
      "data.h5",
      "report.html",
      "nlsq/fitted_data.npz",
      "nlsq/parameters.json",
      "nlsq/diagnostics.json",
    ]) {
      expect(statSync(join(folder, file)).size).toBeGreaterThan(200);
    }
    const { truth } = JSON.parse(readFileSync(join(folder, "nlsq/diagnostics.json"), "utf8"));
    const { parameters } = JSON.parse(readFileSync(join(folder, "nlsq/parameters.json"), "utf8"));
    for (const [name, p] of Object.entries<{ value: number; standardError: number | null; free: boolean }>(
      parameters,
    )) {
      if (p.free) expect(Math.abs(p.value - truth[name]), `${mode} ${name}`).toBeLessThan(4 * p.standardError!);
    }
  }
  expect(out).toContain("truth");
});
