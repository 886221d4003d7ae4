import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { main } from "@siegert/cli";
import { createModel } from "@siegert/physics-core";
import {
  correlationSelection,
  fitCorrelation,
  fitOptions,
  frameTimes,
  loadConfig,
  openDataSource,
  parametersJson,
  runFit,
  selectCorrelations,
  simulate,
  writeSimulation,
} from "@siegert/xpcs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MODES = ["static_isotropic", "static_anisotropic", "laminar_flow", "two_component"] as const;
const VALUES = {
  static_isotropic: [8000, -0.3, 200],
  static_anisotropic: [8000, -0.3, 200],
  laminar_flow: [12000, -0.4, 500, 3e-4, 0.3, 2e-5, 3],
  two_component: [8000, 0.3, 500, 25000, -0.4, 1000, 1200, 0.3, 10, 0.45, -0.1, 0, 0.15, 3],
};
const NAMES = (mode: (typeof MODES)[number]) =>
  createModel({ mode })
    .parameters.map((p) => p.name)
    .join(", ");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "siegert-parity-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function command(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const text = { out: "", err: "" };
  const sink = (name: "out" | "err") =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  const code = await main(words, { out: sink("out"), err: sink("err") });
  return { code, ...text };
}

/** A result without the time it took. */
function timeless(json: Record<string, unknown>): Record<string, unknown> {
  return { ...JSON.parse(JSON.stringify(json)), wallSeconds: null };
}

describe("the command line, the pipeline and the library give the same result to the bit", () => {
  test.each(MODES)("%s", async (mode) => {
    const yaml = join(folder, `${mode}.yaml`);
    const head = `analysis_mode: ${mode}\nanalyzer_parameters: { dt: 0.1, start_frame: 2, end_frame: 41 }\nphi_angles: [0, 50, 100]\n`;
    writeFileSync(
      yaml,
      `${head}initial_parameters: { parameter_names: [${NAMES(mode)}], values: [${VALUES[mode].join(", ")}] }\n`,
    );
    const config = await loadConfig(yaml);
    const dataPath = join(folder, `${mode}.h5`);
    await writeSimulation(dataPath, simulate(config, { noise: 0.01, seed: 11 }));

    const { code, out, err } = await command(
      "fit",
      yaml,
      "--data",
      dataPath,
      "--output",
      join(folder, `${mode}-cli`),
      "--json",
    );
    expect(code, err).toBe(0);
    const printed = timeless(JSON.parse(out));
    expect(timeless(JSON.parse(readFileSync(join(folder, `${mode}-cli/nlsq/parameters.json`), "utf8")))).toEqual(
      printed,
    );

    const run = await runFit(config, { dataPath, outputFolder: join(folder, `${mode}-run`) });
    expect(timeless(parametersJson(run.result))).toEqual(printed);

    const source = await openDataSource(dataPath);
    const selection = selectCorrelations(source, correlationSelection(config));
    const maps: Float64Array[] = [];
    for (let angle = 0; angle < selection.phi.length; angle++) maps.push(await selection.load(angle));
    await source.close();
    const experiment = {
      q: selection.q,
      gap: config.gap,
      phi: selection.phi,
      times: frameTimes(config, selection.frames),
    };
    const result = await fitCorrelation(fitOptions(config, experiment, (angle) => maps[angle]!));
    expect(timeless(parametersJson(result))).toEqual(printed);
  });
});

const measured = new URL("../../../shared/data/nsls2_two_time_350.npy", import.meta.url).pathname;

describe.skipIf(!existsSync(measured))("the measured map of NSLS-II (skipped where the shared data are absent)", () => {
  test.each([
    ["static_isotropic", ""],
    ["two_component", "optimization: { nlsq: { multi_start: { enable: true } } }\n"],
  ])("%s is fitted without special treatment", async (mode, extra) => {
    const yaml = join(folder, `measured-${mode}.yaml`);
    writeFileSync(yaml, `analysis_mode: ${mode}\nanalyzer_parameters: { dt: 1 }\n${extra}`);
    const { code, out, err } = await command(
      "fit",
      yaml,
      "--data",
      measured,
      "--output",
      join(folder, `measured-${mode}`),
      "--json",
    );
    expect(code, err).toBe(0);
    const result = JSON.parse(out);
    // Values of the file: 1.09 beside the diagonal on average, 1.025 at long lags, noise of about 0.07 per pair.
    const { contrast, offset } = result.scaling[0];
    expect(offset).toBeGreaterThan(1.02);
    expect(offset).toBeLessThan(1.035);
    expect(offset + contrast).toBeGreaterThan(1.07);
    expect(result.reducedChi2).toBeGreaterThan(0.9);
    expect(result.reducedChi2).toBeLessThan(1.1);
    expect(["good", "marginal"]).toContain(result.quality);
    const report = readFileSync(join(folder, `measured-${mode}`, "report.html"), "utf8");
    // Three maps and their colour bars.
    expect(report.match(/<image /g)!.length).toBeGreaterThanOrEqual(3);
  });
});
