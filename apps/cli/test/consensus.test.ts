import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliOutcome, runCli, scratchFolder } from "./run-cli.ts";

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const config = join(scratch.path, "c.yaml");
const data = join(scratch.path, "data.npz");
const first = join(scratch.path, "first");
const FIT = ["--data", data, "--method", "cmc", "--shards", "4", "--threads", "2"];
let run: CliOutcome;

const yaml = (cmc = "") => `analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.1, end_frame: 100 }
phi_angles: [0, 60]
initial_parameters:
  parameter_names: [D0, alpha, contrast, offset]
  values: [20000, -0.3, 0.3, 1]
  fixed_parameters: { D_offset: 500 }
optimization:
  nlsq: { anti_degeneracy: { per_angle_mode: constant_averaged } }
  cmc:
    seed: 3
    per_shard_mcmc: { num_warmup: 150, num_samples: 200, num_chains: 2, adaptive_sampling: false }
    validation: { min_ess: 100, min_per_shard_ess: 40 }
    ${cmc}
`;

function json(...path: string[]) {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}

beforeAll(async () => {
  writeFileSync(config, yaml());
  await runCli("simulate", config, "--output", data, "--noise", "0.01", "--seed", "1");
  run = await runCli("fit", config, ...FIT, "--output", first);
}, 120_000);

describe("fit --method cmc", () => {
  test("writes every file, and ends with 0 when the draws can be trusted", () => {
    expect(run.code, run.err).toBe(0);
    expect(readdirSync(join(first, "cmc"))).toEqual(
      expect.arrayContaining([
        "diagnostics.json",
        "parameters.json",
        "posterior.nc",
        "run",
        "samples.npz",
        "shard_diagnostics.json",
      ]),
    );
    expect(existsSync(join(first, "nlsq/parameters.json"))).toBe(true);
    expect(json(first, "cmc/diagnostics.json").trustworthy).toBe(true);
    expect(run.out).toContain(json(first, "cmc/diagnostics.json").verdict);
    expect(run.out).toMatch(/Consensus of 4 of 4 shards of about 2475 points by robust/);
    expect(run.out).toContain(`Report: ${join(first, "report.html")}`);
  });

  test("tells every shard on a line of its own where there is no terminal", () => {
    const lines = run.err.split("\n").filter((text) => /^shard \d+ done/.test(text));
    expect(lines).toHaveLength(4);
    for (const text of lines) expect(text).toMatch(/\(\d of 4\) {2}R-hat \d\.\d{3} {2}ESS \d+ {2}\d+ divergences/);
    expect(run.err).not.toContain("\x1b");
  });

  test("--json prints the parameters and the verdict", async () => {
    const { out, code } = await runCli("fit", config, ...FIT, "--output", first, "--json");
    expect(code).toBe(0);
    const { consensus, parameters } = JSON.parse(out);
    const { verdict, advice, cautions, choice, ...written } = consensus;
    expect(written).toEqual(json(first, "cmc/parameters.json"));
    expect([verdict.length > 20, advice, choice]).toEqual([true, [], "cmc was asked for"]);
    expect(Array.isArray(cautions)).toBe(true);
    expect(parameters).toEqual(json(first, "nlsq/parameters.json").parameters);
  });

  test("draws that are not to be relied on are exit code 1, with advice, and are written all the same", async () => {
    const [strict, output] = [join(scratch.path, "strict.yaml"), join(scratch.path, "strict")];
    writeFileSync(strict, yaml().replace("min_ess: 100,", "min_ess: 1000000,"));
    const outcome = await runCli("fit", strict, ...FIT, "--output", output);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(/siegert: .*(worth|effective sample size)/);
    expect(outcome.err).toContain("siegert: the posterior is not to be relied on; its draws were written.");
    expect(json(output, "cmc/diagnostics.json").advice.length).toBeGreaterThan(0);
    expect(existsSync(join(output, "cmc/samples.npz"))).toBe(true);
  });

  test("a folder with shards of another run is refused on one line", async () => {
    const { code, err } = await runCli("fit", config, ...FIT, "--output", first, "--seed", "99");
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(/^siegert: .*begun differently: config\.seed was 3, now 99/);
  });
});

test("--method both says which way of sampling it takes, and why", async () => {
  const [large, output] = [join(scratch.path, "large.yaml"), join(scratch.path, "large")];
  writeFileSync(large, yaml("min_points_for_cmc: 9900\n    sharding: { num_shards: 4 }"));
  const outcome = await runCli("fit", large, "--data", data, "--method", "both", "--threads", "2", "--output", output);
  expect(outcome.code, outcome.err).toBe(0);
  expect(outcome.err).toMatch(
    /^posterior by cmc: 9 900 pairs of frames, at least optimization\.cmc\.min_points_for_cmc, 9 900$/m,
  );
  expect(readFileSync(join(output, "cmc/samples.npz"))).toEqual(readFileSync(join(first, "cmc/samples.npz")));
  expect(existsSync(join(output, "nuts"))).toBe(false);
});

describe("Ctrl-C", () => {
  /** Runs the command as a process of its own, interrupts it at the first finished shard, and gives what it said. */
  async function interrupted(
    words: readonly string[],
  ): Promise<{ readonly code: number | null; readonly err: string }> {
    const main = pathToFileURL(join(import.meta.dirname, "../src/index.ts")).href;
    const script = `import { main } from ${JSON.stringify(main)}; process.exitCode = await main(process.argv.slice(1));`;
    const flags = ["--conditions=@siegert/source", "--input-type=module", "-e", script, "--"];
    const child = spawn(process.execPath, [...flags, ...words], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let err = "";
    let isTold = false;
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
      if (isTold || !/shard \d+ done/.test(err)) return;
      isTold = true;
      child.kill("SIGINT");
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, err };
  }

  test("keeps finished shards, says how to go on, and that gives the same bits", async () => {
    const output = join(scratch.path, "stopped");
    const { code, err } = await interrupted(["fit", config, ...FIT, "--output", output]);
    expect(code).toBe(1);
    expect(err).toContain("stopping; finished shards are kept");
    expect(err).toMatch(/siegert: sampling was stopped with [123] of 4 shards finished; they are kept in /);
    const command = /^To go on: siegert (.*)$/m.exec(err)![1]!;
    expect(command).toContain(`--resume ${output}`);
    const resumed = await runCli(...command.split(" "));
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.err).toMatch(/shard \d reused/);
    expect(readFileSync(join(output, "cmc/samples.npz"))).toEqual(readFileSync(join(first, "cmc/samples.npz")));
  }, 60_000);
});

test("--resume of a folder without shards is refused on one line", async () => {
  const { code, err } = await runCli("fit", config, "--data", data, "--resume", join(scratch.path, "nowhere"));
  expect(code).toBe(2);
  expect(err).toMatch(/^siegert: .*nowhere.*holds no shards to go on with.*\n$/);
});

describe("plan", () => {
  const plan = ["plan", config, "--data", data, "--shards", "4", "--threads", "2"];

  test("--json gives the numbers of what would run", async () => {
    const { out, code, err } = await runCli(...plan, "--json");
    expect(code).toBe(0);
    expect(err).toMatch(/^! The smallest of 4 shards has 2475 points, fewer than the 5000 that are advised.*\n$/);
    expect(JSON.parse(out)).toEqual({
      points: 9900,
      shards: 4,
      pointsPerShard: 2475,
      plan: { nWarmup: 150, nSamples: 200, nChains: 2, nParams: 3, wasAdapted: false },
      seconds: expect.any(Number),
      memoryBytes: expect.any(Number),
    });
    const { seconds, memoryBytes } = JSON.parse(out);
    expect(seconds > 0 && seconds < 600).toBe(true);
    expect(memoryBytes > 1e8 && memoryBytes < 1e9).toBe(true);
  });

  test("in words says the same, where the estimates come from, and what the configuration itself would run", async () => {
    const { out } = await runCli(...plan);
    expect(out).toContain("9 900 pairs of 100 frames at 2 angles");
    expect(out).toContain("4 of 2 475 points (balanced)");
    expect(out).toMatch(/a gradient takes [\d.]+ ms, measured now/);
    expect(out).toContain("With its method, nlsq, this configuration would not run it");
  });

  test("runs nothing and writes nothing", async () => {
    const before = readdirSync(scratch.path);
    await runCli(...plan);
    expect(readdirSync(scratch.path)).toEqual(before);
  });

  test("a plan that cannot be is refused on one line", async () => {
    const { code, err } = await runCli("plan", config, "--data", data, "--shards", "99999");
    expect(code).toBe(2);
    expect(err).toMatch(/^siegert: .*99999\n$/);
  });
});
