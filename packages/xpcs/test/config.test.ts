import { ANALYSIS_MODES, createModel } from "@siegert/physics-core";
import { expect, test } from "vitest";
import { type Config, ConfigError, checkScalingLengths, defaultConfigYaml, parseConfig } from "../src/index.ts";

test("a file with nothing but the mode gives the defaults", () => {
  const config = parseConfig("analysis_mode: laminar_flow");
  expect([config.dt, config.q, config.gap, config.startFrame, config.endFrame]).toEqual([0.1, 0.0054, 2e6, 1, -1]);
  expect(
    config.parameters.map(({ name, value, lower, upper, isFree, isGiven }) => [
      name,
      value,
      lower,
      upper,
      isFree,
      isGiven,
    ]),
  ).toEqual([
    ["D0", 1000, 100, 1e5, true, false],
    ["alpha", 0.5, -2, 2, true, false],
    ["D_offset", 10, -1e5, 1e5, true, false],
    ["gamma_dot_t0", 0.01, 1e-6, 0.5, true, false],
    ["beta", 0.5, -2, 2, true, false],
    ["gamma_dot_t_offset", 0, -0.1, 0.1, true, false],
    ["phi0", 0, -10, 10, true, false],
  ]);
  expect(config.scaling.contrast).toMatchObject({ value: 0.5, lower: 0, upper: 1 });
  expect(config.parameters[0]!.prior).toEqual({ type: "TruncatedNormal", mean: 1000, sd: 1000, shape: {} });
  expect(config.warnings).toEqual([]);
});

/** A configuration without what tells where its values came from. */
function withoutOrigin({ positions: _, parameters, scaling, ...rest }: Config): unknown {
  const strip = ({ isGiven: _given, position: _position, ...parameter }: Config["parameters"][number]): unknown =>
    parameter;
  return {
    ...rest,
    parameters: parameters.map(strip),
    scaling: { contrast: strip(scaling.contrast), offset: strip(scaling.offset), perAngle: scaling.perAngle },
  };
}

test.each(ANALYSIS_MODES)("the template of %s reads back as the defaults", (mode) => {
  const yaml = defaultConfigYaml(mode);
  expect(withoutOrigin(parseConfig(yaml))).toEqual(withoutOrigin(parseConfig(`analysis_mode: ${mode}`)));
  expect(yaml).toContain("wavevector_q: 0.0054");
  for (const { name } of createModel({ mode }).parameters) expect(yaml).toContain(`- ${name}\n`);
  // Older YAML readers take 1e-10 for text.
  expect(yaml).not.toMatch(/: -?\d+e/);
});

test("a full configuration of another program is read as it is", () => {
  const config = parseConfig(
    `
analysis_mode: laminar_flow
analyzer_parameters:
  dt: 0.001
  start_frame: 11
  end_frame: 2000
  scattering: {wavevector_q: 0.0237}
  geometry: {stator_rotor_gap: 1500000}
experimental_data:
  data_folder_path: ./data/
  data_file_name: run.hdf
phi_filtering:
  enabled: true
  target_ranges:
    - {min_angle: -10.0, max_angle: 10.0, description: "along the flow"}
    - [85, 95]
    - 180
  fallback_to_all_angles: true
  tolerance: 3.0
initial_parameters:
  parameter_names: [D0, alpha, D_offset, gamma_dot_0, beta, gamma_dot_offset, phi_0, contrast, offset]
  values: [2000, -0.3, 20, 1e-3, 0.1, null, 3, 0.3, 1.01]
  active_parameters: [D0, alpha, gamma_dot_t0, beta, phi0]
  fixed_parameters: {D_offset: 5}
parameter_space:
  model: laminar_flow
  bounds:
    - {name: D0, min: 1.0, max: 1000000.0, type: TruncatedNormal, prior_mu: 1500.0, prior_sigma: 700.0, unit: "Å²/s"}
    - {name: gamma_dot_0, min: 1.0e-7, max: 1.0}
  priors:
    contrast: {dist_type: TruncatedNormal, mu: 0.27, sigma: 0.15, min_val: 0.0, max_val: 1.0}
optimization:
  method: nlsq
  nlsq:
    loss: soft_l1
    max_iterations: 500
    tolerance: 1.0e-9
    anti_degeneracy: {per_angle_mode: individual}
    multi_start: {enable: false, n_starts: 10, refine_top_k: 3}
  cmc:
    per_shard_mcmc: {num_chains: 2, target_accept_prob: 0.95}
output: {directory: ./out}
`,
    { path: "/lab/run.yaml" },
  );
  expect(config).toMatchObject({
    mode: "laminar_flow",
    dt: 0.001,
    startFrame: 11,
    endFrame: 2000,
    q: 0.0237,
    gap: 1.5e6,
    dataFile: "data/run.hdf",
    method: "nlsq",
    nlsq: {
      loss: "soft_l1",
      maxIterations: 500,
      ftol: 1e-9,
      antiDegeneracy: { perAngleMode: "individual" },
      multiStart: { enable: false, nStarts: 10, refineTopK: 3, seed: 42 },
    },
    cmc: { perShardMcmc: { numChains: 2, targetAcceptProb: 0.95, numWarmup: 500 } },
    output: { directory: "./out" },
  });
  expect(config.phiFiltering).toMatchObject({
    enabled: true,
    fallbackToAll: true,
    ranges: [
      { min: -10, max: 10 },
      { min: 85, max: 95 },
      { min: 177, max: 183 },
    ],
  });
  expect(config.parameters.map(({ name, value, isFree, isGiven }) => [name, value, isFree, isGiven])).toEqual([
    ["D0", 2000, true, true],
    ["alpha", -0.3, true, true],
    ["D_offset", 5, false, true],
    ["gamma_dot_t0", 1e-3, true, true],
    ["beta", 0.1, true, true],
    ["gamma_dot_t_offset", 0, false, false],
    ["phi0", 3, true, true],
  ]);
  expect(config.parameters[0]).toMatchObject({ lower: 1, upper: 1e6, prior: { mean: 1500, sd: 700 } });
  expect(config.parameters[3]).toMatchObject({ lower: 1e-7, upper: 1 });
  expect(config.scaling.contrast).toMatchObject({ value: 0.3, isGiven: true, prior: { mean: 0.27, sd: 0.15 } });
  expect(config.scaling.offset.value).toBe(1.01);
  expect(config.warnings).toEqual([]);
});

test("grouped parameters of the two-component model, with ties, priors and the mode told by the names", () => {
  const config = parseConfig(`
parameters:
  reference:
    D0_ref: {value: 5000, min: 10, max: 20000, vary: true, prior: LogNormal, prior_params: {loc: 8.5, scale: 0.5}}
  sample:
    D0_sample: {value: 7000, vary: false}
  velocity:
    v_beta: {value: 0.2, min: 0, max: 1}
  scaling:
    contrast: {value: 0.2, min: 0.1, max: 0.4}
initial_parameters:
  tied_parameters: {alpha_ref: alpha_sample}
temporal: {t_start: 4, time_length: 100, dt: 0.5}
scattering: {wavevector_q: 0.01, phi_angles: [0, 90]}
`);
  expect(config.mode).toBe("two_component");
  const of = (name: string): Config["parameters"][number] =>
    config.parameters.find((parameter) => parameter.name === name)!;
  expect(of("D0_ref")).toMatchObject({ value: 5000, lower: 10, upper: 20000, isFree: true });
  expect(of("D0_ref").prior).toEqual({ type: "LogNormal", mean: 8.5, sd: 0.5, shape: {} });
  expect(of("D0_sample")).toMatchObject({ value: 7000, isFree: false, lower: 100, upper: 1e6 });
  expect(of("beta")).toMatchObject({ value: 0.2, lower: 0, upper: 1 });
  expect(of("alpha_ref")).toMatchObject({ isFree: false, tiedTo: "alpha_sample", value: 0 });
  expect(config.scaling.contrast).toMatchObject({ value: 0.2, lower: 0.1, upper: 0.4 });
  expect([config.startFrame, config.endFrame, config.dt, config.q]).toEqual([5, 104, 0.5, 0.01]);
  expect(config.phiAngles).toEqual([0, 90]);
});

test("JSON is read too, anchors and merge keys are followed, and yes means true", () => {
  const json = parseConfig('{"analysis_mode": "static_isotropic", "analyzer_parameters": {"dt": 2}}');
  expect(json.dt).toBe(2);
  const merged = parseConfig(`
analysis_mode: static_isotropic
initial_parameters:
  fixed_parameters: &held {alpha: 0, D_offset: 0}
metadata: {note: *held}
parameter_space:
  bounds:
    - &base {name: D0, min: 1, max: 2000}
    - {<<: *base, name: D_offset}
phi_filtering: {enabled: no}
`);
  expect(merged.parameters.map(({ upper, isFree }) => [upper, isFree])).toEqual([
    [2000, true],
    [2, false],
    [2000, false],
  ]);
});

test("a default that the given bounds exclude gives way to their middle", () => {
  const config = parseConfig(
    "analysis_mode: static_isotropic\nparameter_space: {bounds: [{name: D0, min: 1, max: 9}]}",
  );
  expect(config.parameters[0]!.value).toBe(5);
  const open = parseConfig(
    "analysis_mode: static_isotropic\nparameter_space: {bounds: [{name: D0, min: 5000, max: .inf}]}",
  );
  expect(open.parameters[0]!.value).toBe(5000);
});

test("another mode can be forced: parameters of the file's mode are left out with a warning", () => {
  const text = `
analysis_mode: laminar_flow
initial_parameters: {parameter_names: [D0, gamma_dot_t0], values: [500, 0.1]}
parameter_space: {model: laminar_flow, bounds: [{name: beta, min: -1, max: 1}]}
`;
  const config = parseConfig(text, { mode: "static_isotropic" });
  expect(config.parameters.map(({ name, value }) => [name, value])).toEqual([
    ["D0", 500],
    ["alpha", 0.5],
    ["D_offset", 10],
  ]);
  expect(config.warnings.map((warning) => warning.message)).toEqual([
    "not parameters of static_isotropic, ignored: beta, gamma_dot_t0",
  ]);
});

test("keys of other programs without effect here are accepted with a warning, once per section", () => {
  const config = parseConfig(`analysis_mode: static_isotropic
performance:
  computation: {enable_jit: true, cpu_threads: auto}
optimization:
  nlsq:
    workflow: auto
    goal: quality
    x_scale: jac
    cmaes: {enable: false, sigma: 0.5}
    anti_degeneracy: {fourier_order: 3, constant_scaling_threshold: 3}
experimental_data: {use_caching: true}
`);
  expect(config.warnings.map(({ line, column, path, message }) => [line, column, path, message.split(":")[0]])).toEqual(
    [
      [2, 1, "performance", "has no effect here (nor have the 3 keys below)"],
      [6, 5, "optimization.nlsq.workflow", "has no effect here (nor have goal)"],
      [9, 5, "optimization.nlsq.cmaes", "has no effect here (nor have the 2 keys below)"],
      [10, 23, "optimization.nlsq.anti_degeneracy.fourier_order", "has no effect here"],
      [11, 21, "experimental_data.use_caching", "has no effect here"],
    ],
  );
});

test("every key of sampling is read without a warning, but those that cannot have an effect", () => {
  const warningsOf = (text: string) =>
    parseConfig(`analysis_mode: static_isotropic\noptimization:\n${text}`).warnings.map(
      ({ line, path, message }) => `${line} ${path}: ${message}`,
    );
  for (const method of ["nlsq", "nuts", "both", "cmc"] as const) {
    const config = parseConfig(`analysis_mode: static_isotropic\noptimization: {method: ${method}}`);
    expect([config.method, config.warnings]).toEqual([method, []]);
  }
  const config = parseConfig(`analysis_mode: static_isotropic
optimization:
  method: cmc
  cmc:
    enable: true
    run_id: night 3
    per_angle_mode: individual
    sharding: {strategy: stratified, num_shards: 8, max_points_per_shard: 9000, min_points_per_shard: 500, min_points_per_param: 20, seed_base: 1}
    per_shard_mcmc: {num_chains: 2, chain_method: sequential, adaptive_sampling: false, max_retries: 1}
    validation: {min_success_rate: 0.5, critical_divergence_rate: 0.4, max_parameter_cv: 2}
    combination: {method: mixture, min_success_rate: 0.5}
    checkpoints: {directory: runs, frequency: 4, resume: no}
`);
  expect(config.warnings).toEqual([]);
  expect(config.cmc).toMatchObject({
    enable: true,
    runId: "night 3",
    perAngleMode: "individual",
    sharding: { strategy: "stratified", numShards: 8, maxPointsPerShard: 9000, minPointsPerParam: 20, seedBase: 1 },
    perShardMcmc: { numChains: 2, chainMethod: "sequential", adaptiveSampling: false, maxRetries: 1 },
    validation: { minSuccessRate: 0.5, criticalDivergenceRate: 0.4, maxParameterCv: 2 },
    combination: { method: "mixture" },
    checkpoints: { enable: true, directory: "runs", frequency: 4, resume: false },
  });
  expect(
    warningsOf(`  cmc:
    prior_tempering: false
    validation: {use_nlsq_informed_priors: true, nlsq_prior_width_factor: 3}
    reparameterization: {enable_d_total: false}
    checkpoints: {keep_last: 2}
`),
  ).toEqual([
    "4 optimization.cmc.prior_tempering: the consensus of K shards will count the prior K times",
    "5 optimization.cmc.validation.use_nlsq_informed_priors: has no effect here: a prior from the fit would count the data twice",
    "5 optimization.cmc.validation.nlsq_prior_width_factor: has no effect here: a prior from the fit would count the data twice",
    expect.stringMatching(/^6 optimization\.cmc\.reparameterization\.enable_d_total: has no effect here: amplitude, /),
    "7 optimization.cmc.checkpoints.keep_last: has no effect here: every finished shard is kept, once",
  ]);
  expect(warningsOf("  method: cmc\n  cmc: {enable: false}\n")).toEqual([
    "4 optimization.cmc.enable: has no effect: optimization.method asks for cmc; both obeys it",
  ]);
  expect(warningsOf("  method: nuts\n  cmc: {enable: true}\n")).toHaveLength(1);
});

test.each([
  ["run_id: ../elsewhere", /run_id: must be letters, digits, dots, dashes and underscores; received "..\/elsewhere"/],
  ["sharding: {strategy: balancd}", /did you mean balanced/],
  ["per_shard_mcmc: {num_samples: 3}", /must be a whole number of at least 4/],
  ["per_shard_mcmc: {max_tree_depth: 30}", /from 1 to 24/],
  [
    "validation: {max_divergence_rate: 0.4}",
    /4:2\d .*max_divergence_rate: max_divergence_rate 0.4 must not be above critical_divergence_rate 0.3/,
  ],
  ["validation: {min_success_rate: 0.9}, combination: {min_success_rate: 0.8}", /means the same as/],
])("sampling by {%s} is refused", (text, message) => {
  expect(() => parseConfig(`analysis_mode: static_isotropic\noptimization:\n\n  cmc: {${text}}`)).toThrow(message);
});

test("the template shows every key of sampling that has an effect", () => {
  const yaml = defaultConfigYaml("laminar_flow");
  expect(yaml).toMatch(/^ {2}cmc:\n {4}enable: "auto"/m);
  for (const key of ["num_chains: 4", 'strategy: "balanced"', "chain_method:", "directory: null", "max_retries: 3"])
    expect(yaml).toContain(`      ${key}`);
  expect(yaml).not.toMatch(/keep_last|enable_d_total|informed_priors/);
});

test("a parameter may be held outside its bounds, with a warning", () => {
  const config = parseConfig("analysis_mode: static_isotropic\ninitial_parameters: {fixed_parameters: {D0: 5}}");
  expect(config.parameters[0]).toMatchObject({ value: 5, isFree: false });
  expect(config.warnings.map(({ line, column, message }) => [line, column, message])).toEqual([
    [2, 41, "5 is outside the bounds of D0 [100, 100000]; it is held there all the same"],
  ]);
});

test("lists of contrast or offset must fit the angles that are used", () => {
  const config = parseConfig(
    "analysis_mode: static_isotropic\ninitial_parameters:\n  per_angle_scaling:\n    contrast: [0.1, 0.2]\n    offset: 1\n",
    { path: "c.yaml" },
  );
  expect(() => checkScalingLengths(config, 2)).not.toThrow();
  expect(() => checkScalingLengths(config, 3)).toThrow(ConfigError);
  expect(() => checkScalingLengths(config, 3)).toThrow(
    "c.yaml:4:5 initial_parameters.per_angle_scaling.contrast: has 2 values for 3 angles; give one per angle, or one for all",
  );
});

test("lists for all of phi_angles serve a choice of them, unless they are held", () => {
  const text =
    "analysis_mode: static_isotropic\nphi_angles: [0, 90]\ninitial_parameters: {per_angle_scaling: {contrast: [0.1, 0.2]}";
  expect(() => checkScalingLengths(parseConfig(`${text}}`), 1)).not.toThrow();
  expect(() => checkScalingLengths(parseConfig(`${text}, fixed_parameters: {contrast: 0.1}}`), 1)).toThrow(
    /has 2 values for 1 angles/,
  );
});

test("unknown keys are warnings when lenient", () => {
  const config = parseConfig("analysis_mode: static_isotropic\ncolour: blue\n", { lenient: true });
  expect(config.warnings).toEqual([
    { line: 2, column: 1, path: "colour", message: expect.stringMatching(/^unknown key; .*\(ignored\)$/) },
  ]);
  expect(() => parseConfig("analysis_mode: static_isotropic\ncolour: blue\n")).toThrow(ConfigError);
});

test("a tied parameter has the value of its parent", () => {
  const config = parseConfig(`
analysis_mode: two_component
initial_parameters:
  parameter_names: [D0_ref, D0_sample]
  values: [2000, 3000]
  tied_parameters: {D0_ref: D0_sample, alpha_ref: alpha_sample}
  fixed_parameters: {alpha_sample: 0.5}
`);
  const of = (name: string) => config.parameters.find((parameter) => parameter.name === name)!;
  expect(of("D0_ref")).toMatchObject({ value: 3000, tiedTo: "D0_sample", isFree: false });
  expect(of("D0_sample")).toMatchObject({ value: 3000, isFree: true });
  expect(of("alpha_ref").value).toBe(0.5);
});
