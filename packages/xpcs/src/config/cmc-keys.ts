import type { CmcConfig, PerAngleMode } from "./config.ts";
import { PER_ANGLE_MODES } from "./least-squares-keys.ts";
import { fixed, inert, inertNames, leaf, names, type Reader, type Section, section, spellings } from "./schema.ts";
import { shownValue } from "./shown-value.ts";
import {
  boolean,
  fraction,
  integerFrom,
  nonNegative,
  numberThat,
  oneOf,
  optional,
  positive,
  text,
  wordOr,
} from "./value-readers.ts";

const PLATFORM = "shards run on this machine's threads";
const STRAIGHTENED =
  "amplitude, exponent and offset of a rate that the data know are always sampled along their valley";

const COUNTED_TWICE = "a prior from the fit would count the data twice";

/** Ways to put shards together, by the names that the Python packages give them, and three more. */
const COMBINATIONS = [
  "consensus_mc",
  "robust_consensus_mc",
  "weighted_gaussian",
  "simple_average",
  "semiparametric",
  "nonparametric",
  "mixture",
  "auto",
] as const;

const probability = numberThat("be a number above 0 and below 1", (x) => x > 0 && x < 1);
const modeWeight = numberThat("be a number above 0 and at most 0.5", (x) => x > 0 && x <= 0.5);
const atLeastOne = numberThat("be a number of at least 1", (x) => x >= 1);
const treeDepth = numberThat("be a whole number from 1 to 24", (x) => Number.isSafeInteger(x) && x >= 1 && x <= 24);

/** A name that a folder can have. */
const folderName: Reader<string | null> = (context) => {
  const result = text(context);
  if (typeof result === "string" || result.value === null || /^[\w][\w .-]*$/.test(result.value)) return result;
  return `be letters, digits, dots, dashes and underscores; received ${shownValue(context.value)}`;
};

/** `optimization.cmc.sharding`. */
const SHARDING = section<CmcConfig["sharding"]>("Division of the data.", {
  strategy: leaf(
    oneOf(["balanced", "stratified", "random", "contiguous"]),
    "balanced",
    "balanced: every shard has its share of every angle; stratified: and of every part of a map; random; contiguous",
  ),
  num_shards: leaf(wordOr("auto", integerFrom(1)), "auto", "number of shards, or auto: as their size asks for"),
  max_points_per_shard: leaf(
    wordOr("auto", integerFrom(1)),
    "auto",
    "largest shard, pairs of frames, or auto: by model, angles and size of the data",
  ),
  min_points_per_shard: leaf(
    wordOr("auto", integerFrom(1)),
    "auto",
    "smallest shard that auto makes, pairs of frames; auto: 5000 for static models, else 3000",
  ),
  min_points_per_param: leaf(integerFrom(0), 0, "the same in pairs of frames per sampled parameter"),
  seed_base: leaf(integerFrom(0), 0, "added to the seed for the division"),
});

/** `optimization.cmc.per_shard_mcmc`. */
const PER_SHARD_MCMC = section<CmcConfig["perShardMcmc"]>(
  "Sampling of one shard; with method nuts, of the data as a whole.",
  {
    num_warmup: leaf(integerFrom(1), 500, "warmup transitions per chain"),
    num_samples: leaf(integerFrom(4), 1500, "draws per chain"),
    num_chains: leaf(integerFrom(1), 4, "chains"),
    target_accept_prob: leaf(
      optional(probability),
      null,
      "mean acceptance aimed for; null: 0.9 for laminar_flow, else 0.8",
    ),
    max_tree_depth: leaf(treeDepth, 10, "longest trajectory is 2^depth steps"),
    dense_mass: leaf(boolean, true, "adapt a full mass matrix"),
    max_retries: leaf(integerFrom(0), 3, "further attempts while too many transitions diverge"),
    chain_method: leaf(
      oneOf(["parallel", "vectorized", "sequential"]),
      "parallel",
      "chains of a shard: parallel on cores that shards leave free, vectorized or sequential on one; same draws",
    ),
    adaptive_sampling: leaf(boolean, true, "fewer draws for small shards"),
    min_warmup: leaf(integerFrom(1), 100, "lower limit of adaptive_sampling"),
    min_samples: leaf(integerFrom(4), 200, "lower limit of adaptive_sampling"),
  },
  {
    init_strategy: fixed(["init_to_median"], "chains start at the least-squares fit"),
    ...inertNames("profiling of JAX has no counterpart", "enable_jax_profiling jax_profile_dir"),
    ...inertNames("every draw of a shard sees all its points", "subsample_size"),
    ...inertNames("warmup follows adaptive_sampling", "fast_warmup"),
  },
);

/** `optimization.cmc.validation`. */
const VALIDATION = section<CmcConfig["validation"]>(
  "When a shard or the whole counts as failed.",
  {
    strict_mode: leaf(boolean, true, "a failed check makes the result untrustworthy (exit code 1), not only a warning"),
    min_ess: leaf(nonNegative, 400, "effective sample size of the whole"),
    min_per_shard_ess: leaf(nonNegative, 100, "effective sample size of a shard"),
    max_per_shard_rhat: leaf(atLeastOne, 1.1, "R-hat of a shard (also called max_r_hat)"),
    max_between_shard_kl: leaf(positive, 2, "divergence between shards, nats"),
    min_bfmi: leaf(nonNegative, 0.3, "energy fraction E-BFMI of a shard"),
    min_success_rate: leaf(fraction, 0.9, "share of shards that must succeed"),
    max_divergence_rate: leaf(fraction, 0.1, "share of divergent transitions that asks for another attempt"),
    critical_divergence_rate: leaf(fraction, 0.3, "share of divergent transitions from which a shard is left out"),
    max_parameter_cv: leaf(positive, 1, "spread of a parameter between shards, relative"),
    heterogeneity_abort: leaf(boolean, true, "shards that disagree fail the whole"),
    require_nlsq_warmstart: leaf(boolean, false, "refuse to sample without the covariance of a least-squares fit"),
    use_nlsq_warmstart: leaf(
      boolean,
      true,
      "tune the sampler with the covariance of the least-squares fit; chains start at the fit all the same",
    ),
  },
  {
    use_nlsq_informed_priors: fixed([false], COUNTED_TWICE),
    ...inertNames(COUNTED_TWICE, "nlsq_prior_width_factor"),
  },
);

/** `optimization.cmc`. */
export const CMC_KEYS: Section<CmcConfig> = section<CmcConfig>(
  "Sampling of the posterior: of the data as a whole, or of shards whose draws are combined (consensus Monte Carlo).",
  {
    enable: leaf(
      wordOr("auto", boolean),
      "auto",
      "whether method both divides the data: true, false, or auto: from min_points_for_cmc points on",
    ),
    min_points_for_cmc: leaf(integerFrom(1), 100000, "pairs of frames from which auto divides the data"),
    run_id: leaf(folderName, null, "name of the folder that finished shards are kept in; null: run"),
    per_angle_mode: leaf<PerAngleMode | null>(
      optional(oneOf(PER_ANGLE_MODES, { independent: "individual" })),
      null,
      `${PER_ANGLE_MODES.join(", ")}; null: as for least squares`,
    ),
    prior_tempering: leaf(
      boolean,
      true,
      "raise the prior to 1/K in each of K shards; without, the whole counts it K times",
    ),
    seed: leaf(integerFrom(0), 42, "seed of the whole run"),
    per_shard_timeout: leaf(positive, 3600, "longest time for one shard, s"),
    heartbeat_timeout: leaf(positive, 600, "longest silence of a worker, s"),
    sharding: SHARDING,
    per_shard_mcmc: PER_SHARD_MCMC,
    validation: VALIDATION,
    combination: section("Consensus of the shards.", {
      method: leaf(oneOf(COMBINATIONS), "robust_consensus_mc", COMBINATIONS.join(", ")),
      validate_results: leaf(boolean, true, "check the combined draws"),
      min_success_rate_warning: leaf(fraction, 0.8, "share of shards below which there is a warning"),
    }),
    reparameterization: section(
      "Modes of shards with more than one.",
      {
        bimodal_min_weight: leaf(modeWeight, 0.2, "weight in a shard from which a second mode counts"),
        bimodal_min_separation: leaf(
          probability,
          0.5,
          "depth of the valley between modes from which they are two, as a share of the lower one's density",
        ),
      },
      {
        use_reparam: fixed([true], STRAIGHTENED),
        enable_d_total: fixed([true], STRAIGHTENED),
        enable_log_gamma: fixed([true], STRAIGHTENED),
      },
    ),
    checkpoints: section(
      "Stopping and going on.",
      {
        enable: leaf(boolean, true, "keep finished shards on disk"),
        directory: leaf(text, null, "folder of the runs' folders; null: cmc in the output folder"),
        frequency: leaf(integerFrom(1), 1, "finished shards that are written together"),
        resume: leaf(boolean, true, "go on from the finished shards that are there"),
      },
      inertNames("every finished shard is kept, once", "keep_last"),
    ),
  },
  {
    constant_scaling_threshold: fixed([3], "auto shares one pair from three angles on"),
    backend: inert(
      PLATFORM,
      names("name enable_checkpoints checkpoint_frequency checkpoint_dir keep_last_checkpoints resume_from_checkpoint"),
    ),
    backend_config: spellings(inertNames(PLATFORM, "name backend_name")),
    per_angle: spellings(),
    timeout: spellings(),
    nlsq: spellings(),
  },
);
