import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromNetcdf } from "@siegert/inference-data";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Config,
  chooseMethod,
  DataError,
  FitError,
  type FitRun,
  type MethodChoice,
  parseConfig,
  planFit,
  type RunFitOptions,
  runFit,
  type ShardEvent,
  simulate,
  writeSimulation,
} from "../src/index.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const dataPath = join(folder, "data.npz");

function configOf(cmc = "", rest = ""): Config {
  return parseConfig(`analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.1, end_frame: 100 }
phi_angles: [0, 60]
initial_parameters:
  parameter_names: [D0, alpha, contrast, offset]
  values: [20000, -0.3, 0.3, 1]
  fixed_parameters: { D_offset: 500 }
optimization:
  nlsq: { anti_degeneracy: { per_angle_mode: constant_averaged } }
  cmc: { seed: 3, sharding: { num_shards: 4 }, per_shard_mcmc: { num_warmup: 150, num_samples: 200, num_chains: 2, adaptive_sampling: false }, validation: { min_ess: 100, min_per_shard_ess: 40 }${cmc} }
${rest}`);
}

function fit(output: string, options: RunFitOptions = {}, config = configOf()): Promise<FitRun> {
  const sampling = { threads: 2, ...options.sampling };
  return runFit(config, { method: "cmc", dataPath, outputFolder: join(folder, output), ...options, sampling });
}

function json(output: string, name: string) {
  return JSON.parse(readFileSync(join(folder, output, name), "utf8"));
}

let first: FitRun;
beforeAll(async () => {
  await writeSimulation(dataPath, simulate(configOf(), { noise: 0.01, seed: 1 }));
  first = await fit("first");
}, 60_000);

describe("a consensus run", () => {
  test("writes its files, with means, spreads and covariance of every parameter", () => {
    expect(readdirSync(join(folder, "first/cmc")).sort()).toEqual([
      ...(first.consensus!.isCorrected ? ["consensus.npz"] : []),
      "diagnostics.json",
      "parameters.json",
      "posterior.nc",
      "run",
      "samples.npz",
      "shard_diagnostics.json",
    ]);
    const { parameters, covariance, shards, points, trustworthy } = json("first", "cmc/parameters.json");
    expect([points, shards, trustworthy]).toEqual([2 * 4950, { total: 4, used: 4 }, true]);
    expect(Object.keys(parameters)).toEqual(["D0", "alpha", "sigma"]);
    expect(covariance.names).toEqual(Object.keys(parameters));
    for (const [k, name] of covariance.names.entries()) {
      const { mean, sd, quantiles, interval, essBulk, rhat } = parameters[name];
      expect(Math.sqrt(covariance.matrix[k][k]) / sd).toBeCloseTo(1, 9);
      expect(covariance.matrix[0][k]).toBe(covariance.matrix[k][0]);
      expect(quantiles["0.05"] < quantiles["0.5"] && quantiles["0.5"] < quantiles["0.95"]).toBe(true);
      expect(interval.bounds[0] < mean && mean < interval.bounds[1]).toBe(true);
      expect(essBulk).toBeGreaterThan(100);
      expect(rhat).toBeLessThan(1.05);
    }
    // σ is known to √(1/2n) of itself.
    expect(Math.abs(parameters.sigma.mean / 0.01 - 1)).toBeLessThan(4 / Math.sqrt(2 * points));
    expect(parameters.sigma.sd / 0.01).toBeCloseTo(1 / Math.sqrt(2 * points), 3);
    expect(existsSync(join(folder, "first/nlsq/parameters.json"))).toBe(true);
  });

  test("says how the shards agree, which were used, and what was done why", () => {
    const diagnostics = json("first", "cmc/diagnostics.json");
    expect(diagnostics).toMatchObject({
      trustworthy: true,
      advice: [],
      choice: { sampler: "cmc", reason: "cmc was asked for" },
      combination: { asked: "robust", method: "robust", excluded: [] },
      successRate: 1,
      plan: { points: 9900, shards: 4, pointsPerShard: 2475, strategy: "balanced", seed: 3 },
    });
    expect(diagnostics.verdict.length).toBeGreaterThan(20);
    expect(diagnostics.heterogeneity.pValue).toBeGreaterThan(1e-3);
    expect(diagnostics.effectiveShards.joint).toBeGreaterThan(3);
    expect(diagnostics.effectiveShards.joint).toBeLessThanOrEqual(4 + 1e-9);
    expect(diagnostics.betweenShardRhat.joint).toBeLessThan(1.5);
    expect(diagnostics.correction.evaluations).toBe(20_000);
    const shards = json("first", "cmc/shard_diagnostics.json");
    expect(shards.map((shard: { shard: number }) => shard.shard)).toEqual([0, 1, 2, 3]);
    for (const shard of shards) {
      expect(shard).toMatchObject({
        points: 2475,
        state: "done",
        used: true,
        leftOut: null,
        reused: false,
        failure: null,
      });
      expect(Object.keys(shard.parameters)).toEqual(["D0", "alpha", "sigma"]);
      // A quarter of the data: twice the width, which some 200 effective draws know to 5 %.
      expect(Math.abs((shard.parameters.sigma.sd / 0.01) * Math.sqrt(2 * 2475) - 1)).toBeLessThan(0.2);
      expect(shard.diagnostics.rhat).toBeLessThan(1.1);
    }
  });

  test("posterior.nc is InferenceData, and the report shows shards against consensus", async () => {
    const data = await fromNetcdf(new Uint8Array(readFileSync(join(folder, "first/cmc/posterior.nc"))));
    const { draws } = first.consensus!.posterior;
    expect(Object.keys(data.posterior!.variables)).toEqual(draws.names);
    expect(Array.from(data.posterior!.variables["D0"]!.data as Float64Array)).toEqual(Array.from(draws.values("D0")));
    expect(data.posterior!.attributes).toMatchObject({ inference_library: "@siegert/cmc-consensus", shards: 4 });
    expect(data.posteriorPredictive).toBeDefined();
    const report = readFileSync(join(folder, "first/report.html"), "utf8");
    for (const text of [
      "Shards against their consensus",
      "shard 3",
      "89 % ellipses",
      first.consensus!.verdict.slice(0, 40),
    ])
      expect(report).toContain(text);
  });

  test("gives the same bits on any number of threads, and others for another seed", async () => {
    const samples = readFileSync(join(folder, "first/cmc/samples.npz"));
    await fit("one-thread", { sampling: { threads: 1 } });
    expect(readFileSync(join(folder, "one-thread/cmc/samples.npz")).equals(samples)).toBe(true);
    await fit("seed", { sampling: { seed: 4 } });
    expect(readFileSync(join(folder, "seed/cmc/samples.npz")).equals(samples)).toBe(false);
  });

  test("run again, takes the shards that are there", async () => {
    const events: ShardEvent[] = [];
    const again = await fit("first", { consensus: { onShard: (event) => events.push(event) } });
    expect(events.filter(({ state }) => state === "reused")).toHaveLength(4);
    expect(again.consensus!.posterior.draws.values("D0")).toEqual(first.consensus!.posterior.draws.values("D0"));
    expect(json("first", "cmc/shard_diagnostics.json")[0].reused).toBe(true);
  });

  test("refuses to go on with shards of other data", async () => {
    const other = join(folder, "other.npz");
    await writeSimulation(other, simulate(configOf(), { noise: 0.01, seed: 2 }));
    await expect(fit("first", { dataPath: other })).rejects.toThrow(/begun differently/);
  });
});

describe("a run that is stopped", () => {
  const stopped = async (output: string, config = configOf()) => {
    const controller = new AbortController();
    const onShard = ({ state }: ShardEvent) => {
      if (state === "done") controller.abort();
    };
    return fit(output, { consensus: { onShard }, signal: controller.signal }, config);
  };

  test("keeps its finished shards and the fit, and goes on to the same bits", async () => {
    await expect(stopped("stopped")).rejects.toThrow(/stopped with [12] of 4 shards finished; they are kept in .*run$/);
    await expect(stopped("stopped")).rejects.toThrow(FitError);
    const parameters = readFileSync(join(folder, "stopped/nlsq/parameters.json"), "utf8");
    expect(existsSync(join(folder, "stopped/cmc/samples.npz"))).toBe(false);
    // A shard that a crash left half written is run again.
    const shard = readdirSync(join(folder, "stopped/cmc/run")).find((name) => name.startsWith("shard-"))!;
    const path = join(folder, "stopped/cmc/run", shard);
    writeFileSync(path, readFileSync(path).subarray(0, 1000));
    const resumed = await runFit(configOf(), { resume: join(folder, "stopped"), dataPath, sampling: { threads: 2 } });
    expect(resumed.choice.sampler).toBe("cmc");
    expect(readFileSync(join(folder, "stopped/nlsq/parameters.json"), "utf8")).toBe(parameters);
    expect(readFileSync(join(folder, "stopped/cmc/samples.npz"))).toEqual(
      readFileSync(join(folder, "first/cmc/samples.npz")),
    );
    const { warnings } = json("stopped", "cmc/diagnostics.json");
    expect(warnings.map(({ message }: { message: string }) => message).join()).toContain(shard);
  });

  test("keeps nothing when it is told to keep nothing, and says so", async () => {
    const config = configOf(", checkpoints: { enable: false }");
    await expect(stopped("unkept", config)).rejects.toThrow(
      /not kept, as optimization.cmc.checkpoints.enable is false/,
    );
    expect(existsSync(join(folder, "unkept/cmc/run"))).toBe(false);
  });

  test("cannot go on where there is nothing, or with what contradicts it", async () => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    const resume = join(folder, "empty");
    await expect(runFit(configOf(), { resume, dataPath })).rejects.toThrow(DataError);
    await expect(runFit(configOf(), { resume, dataPath })).rejects.toThrow(/holds no shards to go on with/);
    await expect(runFit(configOf(), { resume, dataPath, method: "nuts" })).rejects.toThrow(/be cmc or both to resume/);
    await expect(runFit(configOf(), { resume, dataPath, outputFolder: "x" })).rejects.toThrow(/be left out/);
  });
});

test("the folder of shards is where the configuration says", async () => {
  const directory = join(folder, "runs");
  const config = configOf(`, run_id: night, checkpoints: { directory: ${directory} }`);
  await fit("elsewhere", {}, config);
  expect(readdirSync(join(directory, "night"))).toContain("manifest.json");
  expect(existsSync(join(folder, "elsewhere/cmc/run"))).toBe(false);
  expect(json("elsewhere", "cmc/diagnostics.json").runFolder).toBe(join(directory, "night"));
});

test("too few draws are said, with advice, and written all the same; strict_mode: false makes that a caution", async () => {
  const few = configOf(", combination: { validate_results: true }");
  const strict: Config = { ...few, cmc: { ...few.cmc, validation: { ...few.cmc.validation, minEss: 1e6 } } };
  const doubtful = (await fit("few", {}, strict)).consensus!;
  expect(doubtful.isTrustworthy).toBe(false);
  expect(doubtful.advice.join()).toMatch(/worth \d+, fewer than 1000000|effective sample size/);
  expect(json("few", "cmc/diagnostics.json")).toMatchObject({ trustworthy: false, advice: doubtful.advice });
  const lenient: Config = {
    ...strict,
    cmc: { ...strict.cmc, validation: { ...strict.cmc.validation, strictMode: false } },
  };
  const calm = (await fit("few", {}, lenient)).consensus!;
  expect(calm.isTrustworthy).toBe(true);
  expect(calm.cautions.join()).toMatch(/worth \d+, fewer than 1000000|effective sample size/);
});

test("shards that do not suffice fail the run: what there is is combined, written and not trusted", async () => {
  const config = configOf();
  const strict: Config = {
    ...config,
    cmc: { ...config.cmc, validation: { ...config.cmc.validation, minPerShardEss: 1e5 } },
  };
  const { consensus } = await fit("bad-shards", {}, strict);
  expect(consensus!.isTrustworthy).toBe(false);
  expect(consensus!.advice[0]).toMatch(/0 of 4 shards are good/);
  expect(existsSync(join(folder, "bad-shards/cmc/posterior.nc"))).toBe(true);
});

test("a covariance that is required must be there", async () => {
  const config = configOf();
  const required: Config = {
    ...config,
    cmc: { ...config.cmc, validation: { ...config.cmc.validation, requireNlsqWarmstart: true } },
  };
  await expect(fit("required", { sampling: { useWarmStart: false } }, required)).rejects.toThrow(
    /require_nlsq_warmstart/,
  );
});

test("contrast and offset may depend on the angle otherwise than in least squares", async () => {
  const { consensus } = await fit("per-angle", {}, configOf(", per_angle_mode: individual"));
  expect(consensus!.posterior.draws.names).toEqual([
    "D0",
    "alpha",
    "contrast[0]",
    "offset[0]",
    "contrast[1]",
    "offset[1]",
    "sigma",
  ]);
  expect(json("per-angle", "nlsq/diagnostics.json").provenance.Scaling).toBe("constant_averaged");
});

test("shards of one angle only have no contrast and offset of the other", async () => {
  const config = configOf(", per_angle_mode: individual");
  const divided: Config = {
    ...config,
    cmc: { ...config.cmc, sharding: { ...config.cmc.sharding, strategy: "contiguous" } },
  };
  const { consensus } = await fit("contiguous", {}, divided);
  const shards = json("contiguous", "cmc/shard_diagnostics.json");
  const namesOf = (shard: number) => Object.keys(shards[shard].parameters);
  expect(namesOf(0)).toEqual(["D0", "alpha", "contrast[0]", "offset[0]", "sigma"]);
  expect(namesOf(3)).toEqual(["D0", "alpha", "contrast[1]", "offset[1]", "sigma"]);
  const { parameters } = json("contiguous", "cmc/parameters.json");
  const reference = json("per-angle", "cmc/parameters.json").parameters;
  // The same posterior, divided otherwise.
  for (const [name, { mean, sd, essBulk }] of Object.entries<{ mean: number; sd: number; essBulk: number }>(
    parameters,
  )) {
    const other = reference[name];
    const error = Math.sqrt(sd ** 2 / essBulk + other.sd ** 2 / other.essBulk);
    expect(Math.abs(mean - other.mean) / error, name).toBeLessThan(4);
  }
  expect(consensus!.isCorrected).toBe(true);
});

describe("the method", () => {
  test("both samples as a whole or in shards, as optimization.cmc.enable says", () => {
    const { cmc } = configOf();
    const choice = (enable: boolean | "auto", pairs: number) =>
      chooseMethod("both", { cmc: { ...cmc, enable, minPointsForCmc: 100_000 } }, pairs);
    expect(choice("auto", 99_999)).toEqual({
      sampler: "nuts",
      writesFit: true,
      reason: "99 999 pairs of frames, fewer than optimization.cmc.min_points_for_cmc, 100 000",
    });
    expect(choice("auto", 100_000)).toMatchObject({ sampler: "cmc", reason: expect.stringContaining("at least") });
    expect(choice(true, 5)).toMatchObject({ sampler: "cmc", reason: "optimization.cmc.enable is true" });
    expect(choice(false, 1e9)).toMatchObject({ sampler: "nuts" });
    expect(chooseMethod("nlsq", { cmc: { ...cmc, enable: true } }, 1e9).sampler).toBeUndefined();
    expect(chooseMethod("nuts", { cmc: { ...cmc, enable: true } }, 1e9).sampler).toBe("nuts");
    expect(chooseMethod("cmc", { cmc: { ...cmc, enable: false } }, 5).sampler).toBe("cmc");
  });

  test("is told before anything runs", async () => {
    const told: MethodChoice[] = [];
    await expect(
      runFit(configOf(", min_points_for_cmc: 500"), {
        method: "both",
        dataPath,
        outputFolder: join(folder, "told"),
        onMethod: (choice) => {
          told.push(choice);
          throw new Error("heard enough");
        },
      }),
    ).rejects.toThrow("heard enough");
    expect(told).toEqual([
      {
        sampler: "cmc",
        writesFit: true,
        reason: "9 900 pairs of frames, at least optimization.cmc.min_points_for_cmc, 500",
      },
    ]);
    expect(existsSync(join(folder, "told"))).toBe(false);
  });
});

test("a plan says what would run, without running it", async () => {
  const plan = await planFit(configOf(), { dataPath, method: "cmc", threads: 2 });
  expect(plan.points).toBe(9900);
  expect([plan.shards.shards, plan.shards.pointsPerShard]).toEqual([4, 2475]);
  expect(plan.shards.samplingPlan).toMatchObject({
    nWarmup: 150,
    nSamples: 200,
    nChains: 2,
    nParams: 3,
    wasAdapted: false,
  });
  expect(plan.choice).toMatchObject({ sampler: "cmc" });
  const { maps, wholePosterior, draws, workers, program, total } = plan.memory;
  expect(maps).toBe(2 * 100 * 100 * 8);
  expect(maps + wholePosterior + draws + workers + program).toBe(total);
  const perShard = 2 * (150 + 200) * plan.gradientsPerTransition * plan.gradientSeconds;
  expect(plan.seconds).toBeGreaterThan(2 * perShard);
  expect(plan.seconds).toBeLessThan(2 * perShard + 1);
  const divided = await planFit(configOf(), { dataPath, shards: 7, phi: [60] });
  expect([divided.points, divided.shards.shards, divided.shards.pointsPerShard]).toEqual([4950, 7, 708]);
  rmSync(join(folder, "nothing"), { recursive: true, force: true });
  expect(divided.choice.sampler).toBeUndefined();
});
