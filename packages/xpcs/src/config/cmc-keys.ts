import type { CmcConfig } from "./config.ts";
import { PER_ANGLE_MODES } from "./least-squares-keys.ts";
import { fixed, inert, inertNames, leaf, names, type Section, section, spellings } from "./schema.ts";
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

/** A directory: text, with a default in place of an empty one. */
const directory = (fallback: string) =>
  leaf<string>(
    (context) => {
      const result = text(context);
      return typeof result === "string" ? result : { value: result.value ?? fallback };
    },
    fallback,
    "folder of the checkpoints",
  );

const probability = numberThat("be a number above 0 and below 1", (x) => x > 0 && x < 1);
const atLeastOne = numberThat("be a number of at least 1", (x) => x >= 1);

/** `optimization.cmc`. */
export const CMC_KEYS: Section<CmcConfig> = section<CmcConfig>(
  "Consensus Monte Carlo: checked here, used by the sampler.",
  {
    enable: leaf(wordOr("auto", boolean), "auto", "true, false, or auto: from min_points_for_cmc points on"),
    min_points_for_cmc: leaf(integerFrom(1), 100000, "pairs of frames from which auto divides the data"),
    run_id: leaf(text, null, "name of the run; null: made up"),
    per_angle_mode: leaf(oneOf(PER_ANGLE_MODES, { independent: "individual" }), "auto", PER_ANGLE_MODES.join(", ")),
    prior_tempering: leaf(boolean, true, "raise the prior to 1/K in each of K shards"),
    seed: leaf(integerFrom(0), 42, "seed of the whole run"),
    per_shard_timeout: leaf(positive, 3600, "longest time for one shard, s"),
    heartbeat_timeout: leaf(positive, 600, "longest silence of a worker, s"),
    sharding: section("Division of the data.", {
      strategy: leaf(oneOf(["stratified", "random", "contiguous"]), "random", "stratified, random, contiguous"),
      num_shards: leaf(wordOr("auto", integerFrom(1)), "auto", "number of shards, or auto"),
      max_points_per_shard: leaf(wordOr("auto", integerFrom(1)), "auto", "largest shard, pairs of frames, or auto"),
      min_points_per_shard: leaf(integerFrom(1), 10000, "smallest shard, pairs of frames"),
      min_points_per_param: leaf(integerFrom(1), 1500, "pairs of frames per sampled parameter"),
      seed_base: leaf(integerFrom(0), 0, "added to the seed for the division"),
    }),
    per_shard_mcmc: section(
      "Sampling of one shard.",
      {
        num_warmup: leaf(integerFrom(1), 500, "warmup transitions per chain"),
        num_samples: leaf(integerFrom(1), 1500, "draws per chain"),
        num_chains: leaf(integerFrom(1), 4, "chains"),
        target_accept_prob: leaf(
          optional(probability),
          null,
          "mean acceptance aimed for; null: 0.9 for laminar_flow, else 0.8",
        ),
        max_tree_depth: leaf(integerFrom(1), 10, "longest trajectory is 2^depth steps"),
        dense_mass: leaf(boolean, true, "adapt a full mass matrix"),
        chain_method: leaf(
          oneOf(["parallel", "vectorized", "sequential"]),
          "parallel",
          "parallel, vectorized, sequential",
        ),
        adaptive_sampling: leaf(boolean, true, "fewer draws for small shards"),
        min_warmup: leaf(integerFrom(1), 100, "lower limit of adaptive_sampling"),
        min_samples: leaf(integerFrom(1), 200, "lower limit of adaptive_sampling"),
      },
      {
        init_strategy: fixed(["init_to_median"], "chains start at the least-squares fit"),
        ...inertNames("profiling of JAX has no counterpart", "enable_jax_profiling jax_profile_dir"),
        ...inertNames("every draw of a shard sees all its points", "subsample_size"),
        ...inertNames("warmup follows adaptive_sampling", "fast_warmup"),
      },
    ),
    validation: section("When a shard or the whole counts as failed.", {
      strict_mode: leaf(boolean, true, "a failed check is an error, not a warning"),
      min_ess: leaf(nonNegative, 400, "effective sample size of the whole"),
      min_per_shard_ess: leaf(nonNegative, 100, "effective sample size of a shard"),
      max_per_shard_rhat: leaf(atLeastOne, 1.1, "R-hat of a shard (also called max_r_hat)"),
      max_between_shard_kl: leaf(positive, 2, "divergence between shards, nats"),
      min_bfmi: leaf(nonNegative, 0.3, "energy fraction E-BFMI"),
      min_success_rate: leaf(fraction, 0.9, "share of shards that must succeed"),
      max_divergence_rate: leaf(fraction, 0.1, "share of divergent transitions"),
      max_parameter_cv: leaf(positive, 1, "spread of a parameter between shards, relative"),
      heterogeneity_abort: leaf(boolean, true, "stop when shards disagree"),
      require_nlsq_warmstart: leaf(boolean, false, "refuse to sample without a least-squares fit"),
      use_nlsq_warmstart: leaf(boolean, true, "start chains at the least-squares fit"),
      use_nlsq_informed_priors: leaf(boolean, false, "narrow priors around the fit (counts the data twice)"),
      nlsq_prior_width_factor: leaf(positive, 2, "their width, in standard errors of the fit"),
    }),
    combination: section("Consensus of the shards.", {
      method: leaf(
        oneOf(["consensus_mc", "robust_consensus_mc", "weighted_gaussian", "simple_average", "auto"]),
        "robust_consensus_mc",
        "consensus_mc, robust_consensus_mc, weighted_gaussian, simple_average, auto",
      ),
      validate_results: leaf(boolean, true, "check the combined draws"),
      min_success_rate: leaf(fraction, 0.9, "share of shards that must succeed"),
      min_success_rate_warning: leaf(fraction, 0.8, "share of shards below which there is a warning"),
    }),
    reparameterization: section(
      "Parameters that are sampled in place of the model's.",
      {
        enable_d_total: leaf(boolean, true, "D0 and D_offset as total and ratio"),
        enable_log_gamma: leaf(boolean, true, "shear rate by its logarithm"),
        bimodal_min_weight: leaf(fraction, 0.2, "weight from which a second mode counts"),
        bimodal_min_separation: leaf(nonNegative, 0.5, "distance from which a second mode counts"),
      },
      { use_reparam: fixed([true], "sampling always reparameterises; see enable_d_total and enable_log_gamma") },
    ),
    checkpoints: section("Stopping and going on.", {
      enable: leaf(boolean, true, "keep finished shards on disk"),
      directory: directory("./checkpoints/cmc"),
      frequency: leaf(integerFrom(1), 10, "shards between checkpoints"),
      keep_last: leaf(integerFrom(1), 3, "checkpoints that are kept"),
      resume: leaf(boolean, true, "go on from a checkpoint that is there"),
    }),
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
