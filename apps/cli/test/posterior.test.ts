import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FitError, loadConfig, runFit } from "@siegert/xpcs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliOutcome, runCli, scratchFolder } from "./run-cli.ts";

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const config = join(scratch.path, "c.yaml");
const data = join(scratch.path, "data.npz");
const [first, second, third] = ["first", "second", "third"].map((name) => join(scratch.path, name)) as [
  string,
  string,
  string,
];
let run: CliOutcome;

function fit(output: string, ...more: string[]): Promise<CliOutcome> {
  return runCli("fit", config, "--data", data, "--output", output, ...more);
}

function json(...path: string[]) {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}

/** What a run says agrees with what it wrote about itself. */
function expectConsistent({ code, err }: CliOutcome, folder: string): void {
  const { trustworthy, advice, maxRhat, divergences } = json(folder, "nuts/diagnostics.json");
  expect(code, err).toBe(trustworthy ? 0 : 1);
  for (const text of advice) expect(err).toContain(`siegert: ${text}`);
  expect(err.includes("is not to be relied on")).toBe(!trustworthy);
  if (trustworthy) expect(maxRhat).toBeLessThanOrEqual(1.01);
  expect(divergences).toBeDefined();
}

beforeAll(async () => {
  writeFileSync(
    config,
    `analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.1, end_frame: 40 }
phi_angles: [0]
initial_parameters:
  parameter_names: [D0, alpha, D_offset, contrast, offset]
  values: [20000, -0.3, 500, 0.3, 1]
optimization:
  cmc: { seed: 3, per_shard_mcmc: { num_warmup: 200, num_samples: 200, num_chains: 2 } }
`,
  );
  await runCli("simulate", config, "--output", data, "--noise", "0.01", "--seed", "1");
  run = await fit(first, "--method", "nuts", "--threads", "1");
}, 120_000);

describe("fit --method nuts", () => {
  test("writes the posterior in every form, and no results of least squares", () => {
    expect(readdirSync(join(first, "nuts")).sort()).toEqual([
      "diagnostics.json",
      "posterior.nc",
      "samples.npz",
      "summary.json",
    ]);
    expect(existsSync(join(first, "nlsq/parameters.json"))).toBe(false);
    expect(readFileSync(join(first, "report.html"), "utf8")).toContain("D_offset");
    expect(readFileSync(join(first, "nuts/posterior.nc")).subarray(0, 8)).toEqual(
      Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
    );
  });

  test("says and ends as diagnostics.json has it", () => {
    expectConsistent(run, first);
    expect(run.out).toContain("2 chains of 200 draws");
    expect(run.out).toContain(`Report: ${join(first, "report.html")}`);
  });

  test("summary.json has the columns of ArviZ for every quantity", () => {
    const { columns, rows } = json(first, "nuts/summary.json");
    expect(columns).toEqual(
      expect.arrayContaining(["mean", "sd", "eti89_lb", "eti89_ub", "ess_bulk", "ess_tail", "r_hat"]),
    );
    const summary = new Map<string, Record<string, number>>();
    for (const { label, values } of rows) summary.set(label, values);
    expect([...summary.keys()]).toEqual(expect.arrayContaining(["D0", "alpha", "D_offset", "sigma"]));
    for (const [name, row] of summary) {
      expect(Object.keys(row), name).toEqual(columns);
      expect(row["eti89_lb"]! < row["mean"]! && row["mean"]! < row["eti89_ub"]!, name).toBe(true);
    }
    // The noise is known to √(1/2n) of itself from n = 780 pairs.
    const { mean = 0, sd = 0 } = summary.get("sigma") ?? {};
    expect(Math.abs(mean / 0.01 - 1)).toBeLessThan(4 / Math.sqrt(2 * 780));
    expect(sd / mean).toBeLessThan(2 / Math.sqrt(2 * 780));
  });

  test("the draws do not depend on the threads, but on the seed", async () => {
    const threaded = await fit(second, "--method", "nuts", "--threads", "2");
    expect(threaded.code).toBe(run.code);
    const samples = readFileSync(join(first, "nuts/samples.npz"));
    expect(readFileSync(join(second, "nuts/samples.npz")).equals(samples)).toBe(true);
    await fit(second, "--method", "nuts", "--threads", "1", "--seed", "4");
    expect(readFileSync(join(second, "nuts/samples.npz")).equals(samples)).toBe(false);
  }, 120_000);

  test("--no-warm-start samples without the metric of the fit, and says so", async () => {
    const cold = await fit(third, "--method", "nuts", "--threads", "1", "--no-warm-start");
    expectConsistent(cold, third);
    const note = "the sampler started without a metric from the least-squares fit";
    expect(json(third, "nuts/diagnostics.json").notes).toContain(note);
    expect(json(first, "nuts/diagnostics.json").notes).not.toContain(note);
  }, 120_000);
});

test("--method both writes both, and --reuse-fit begins from what it wrote", async () => {
  const [both, reused] = [join(scratch.path, "both"), join(scratch.path, "reused")];
  const outcome = await fit(both, "--method", "both", "--threads", "1", "--json");
  expectConsistent(outcome, both);
  const printed = JSON.parse(outcome.out);
  expect(printed.posterior.summary).toEqual(json(both, "nuts/summary.json"));
  const { posterior: _, ...parameters } = printed;
  expect(parameters).toEqual(json(both, "nlsq/parameters.json"));
  for (const warning of json(both, "nlsq/diagnostics.json").warnings) expect(outcome.err).toContain(`! ${warning}`);

  const again = await fit(reused, "--method", "nuts", "--threads", "1", "--reuse-fit", both);
  expectConsistent(again, reused);
  expect(readFileSync(join(reused, "nuts/samples.npz"))).toEqual(readFileSync(join(both, "nuts/samples.npz")));

  const nowhere = await fit(reused, "--method", "nuts", "--reuse-fit", join(scratch.path, "nowhere"));
  expect(nowhere.code).toBe(2);
  expect(nowhere.err).toMatch(/nowhere/);
  expect(nowhere.err.trimEnd().split("\n")).toHaveLength(1);
}, 120_000);

test("too few draws are exit code 1, with advice, and are written all the same", async () => {
  const [few, output] = [join(scratch.path, "few.yaml"), join(scratch.path, "few")];
  const text = readFileSync(config, "utf8").replace(
    "num_warmup: 200, num_samples: 200",
    "num_warmup: 10, num_samples: 10",
  );
  writeFileSync(few, text);
  const outcome = await runCli("fit", few, "--data", data, "--output", output, "--method", "nuts", "--threads", "1");
  expect(outcome.code).toBe(1);
  expect(json(output, "nuts/diagnostics.json").advice.length).toBeGreaterThan(0);
  expectConsistent(outcome, output);
  expect(existsSync(join(output, "nuts/posterior.nc"))).toBe(true);
}, 120_000);

test("the configuration's method counts when the command line names none", async () => {
  const [own, output] = [join(scratch.path, "own.yaml"), join(scratch.path, "own")];
  const text = readFileSync(config, "utf8").replace("optimization:\n", "optimization:\n  method: nuts\n");
  writeFileSync(own, text);
  const outcome = await runCli("fit", own, "--data", data, "--output", output, "--threads", "1");
  expectConsistent(outcome, output);
  expect(readFileSync(join(output, "nuts/samples.npz"))).toEqual(readFileSync(join(first, "nuts/samples.npz")));
}, 120_000);

test.each(["0", "-1", "1.5", "many"])("--threads %s is refused", async (threads) => {
  const { code, err } = await fit(join(scratch.path, "none"), "--method", "nuts", "--threads", threads);
  expect(code).toBe(2);
  expect(err).toBe(`siegert: --threads must be a whole number of at least 1; received "${threads}"\n`);
  expect(existsSync(join(scratch.path, "none"))).toBe(false);
});

describe("a run that is stopped", () => {
  /** Stops once as many chains as run side by side have come beyond an iteration. */
  const stoppedAt = async (output: string, threads: number, iteration: number) => {
    const controller = new AbortController();
    const beyond = new Set<number>();
    const sideBySide = threads === 1 ? 3 : threads;
    const onProgress = (event: { chain: number; iteration: number }) => {
      if (event.iteration > iteration) beyond.add(event.chain);
      if (beyond.size === sideBySide) controller.abort();
    };
    const config = await loadConfig(longConfig);
    return runFit(config, {
      method: "nuts",
      dataPath: data,
      outputFolder: output,
      sampling: { threads, onProgress },
      signal: controller.signal,
    });
  };
  const longConfig = join(scratch.path, "long.yaml");
  beforeAll(() => {
    const long = readFileSync(config, "utf8").replace(
      "num_samples: 200, num_chains: 2",
      "num_samples: 100000, num_chains: 3",
    );
    writeFileSync(longConfig, long);
  });

  test.each([1, 2])("while it draws keeps its draws, %d threads", async (threads) => {
    const folder = join(scratch.path, `stopped-${threads}`);
    const { posterior } = await stoppedAt(folder, threads, 400);
    expect(posterior!.run.status).toBe("aborted");
    expect(posterior!.posterior.draws.draws).toBeGreaterThan(150);
    expect(posterior!.advice[0]).toContain("stopped");
    expect(existsSync(join(folder, "nuts", "posterior.nc"))).toBe(true);
    expect(json(folder, "nuts/diagnostics.json").trustworthy).toBe(false);
  });

  test("before it draws keeps the least-squares fit", async () => {
    const folder = join(scratch.path, "stopped-early");
    await expect(stoppedAt(folder, 1, 0)).rejects.toThrow(FitError);
    expect(existsSync(join(folder, "nlsq", "parameters.json"))).toBe(true);
  });
});
