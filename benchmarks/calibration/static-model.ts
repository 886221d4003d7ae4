/** The static model with priors of its own, for data sets simulated from those priors. */
import { createRandom, type Random } from "@siegert/random";
import { type Config, parseConfig } from "@siegert/xpcs";

interface Law {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly lower: number;
  readonly upper: number;
}

/** Priors: normal within bounds. */
const LAWS: readonly Law[] = [
  { name: "D0", mean: 9000, sd: 3000, lower: 100, upper: 20_000 },
  { name: "alpha", mean: -0.3, sd: 0.2, lower: -1, upper: 0.5 },
  { name: "D_offset", mean: 400, sd: 200, lower: 0, upper: 1000 },
  { name: "contrast", mean: 0.3, sd: 0.05, lower: 0.05, upper: 0.6 },
  { name: "offset", mean: 1, sd: 0.05, lower: 0.8, upper: 1.2 },
];
/** The prior of ln σ that the posterior has. */
const LOG_SIGMA = { mean: Math.log(0.05), sd: 2 };

/** How data sets are simulated, divided and sampled. */
export interface Study {
  readonly frames: number;
  readonly shards: number;
  /** Per chain of a shard; there are two. */
  readonly warmup: number;
  readonly draws: number;
  /** Whether the shards share the prior. Default true; otherwise it is counted once per shard. */
  readonly sharesPrior?: boolean;
}

/** A data set's parameters, drawn from the priors: physics, contrast, offset, σ. */
export interface Truth {
  readonly values: readonly number[];
  readonly sigma: number;
}

export function drawTruth(seed: number): Truth {
  const random = createRandom(7, "consensus calibration", seed);
  const values = LAWS.map((law) => fromPrior(law, random));
  return { values, sigma: Math.exp(LOG_SIGMA.mean + LOG_SIGMA.sd * random.normal()) };
}

function fromPrior({ mean, sd, lower, upper }: Law, random: Random): number {
  for (;;) {
    const value = mean + sd * random.normal();
    if (value > lower && value < upper) return value;
  }
}

/** A configuration that starts at some values, by default the means of the priors. */
export function configuration(
  { frames, shards, warmup, draws, sharesPrior = true }: Study,
  start = LAWS.map(({ mean }) => mean),
): Config {
  const bounds = LAWS.map(
    ({ name, mean, sd, lower, upper }) =>
      `    - { name: ${name}, min: ${lower}, max: ${upper}, prior_mu: ${mean}, prior_sigma: ${sd}, type: TruncatedNormal }`,
  );
  return parseConfig(`analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.5, end_frame: ${frames} }
initial_parameters: { parameter_names: [${LAWS.map(({ name }) => name).join(", ")}], values: [${start.join(", ")}] }
parameter_space:
  bounds:
${bounds.join("\n")}
optimization:
  cmc:
    enable: true
    prior_tempering: ${sharesPrior}
    sharding: { strategy: random, num_shards: ${shards}, min_points_per_shard: 10, min_points_per_param: 1 }
    per_shard_mcmc: { num_warmup: ${warmup}, num_samples: ${draws}, num_chains: 2, adaptive_sampling: false, target_accept_prob: 0.9 }
    combination: { method: auto }
    validation: { min_ess: 100, min_per_shard_ess: 50 }
    checkpoints: { enable: false }`);
}
