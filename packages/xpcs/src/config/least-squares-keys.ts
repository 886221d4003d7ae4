import { lossNames } from "@siegert/nlsq";
import type { LeastSquaresConfig, PerAngleMode } from "./config.ts";
import { fixed, inert, inertNames, leaf, names, type Section, section } from "./schema.ts";
import { boolean, integerFrom, nonNegative, oneOf, positive, wordOr } from "./value-readers.ts";

/** Words of `per_angle_mode`. */
export const PER_ANGLE_MODES: readonly PerAngleMode[] = [
  "individual",
  "constant",
  "constant_averaged",
  "auto",
  "fourier",
];

const ONE_ROUTE = "one route serves data of every size, within memory that a map needs";
const ELIMINATED = "contrast and offset are eliminated exactly at every step, so they cannot run away from the physics";
const NO_EVOLUTION = "multi_start searches the parameter space; there is no evolution strategy";
const QUALITY = "quality follows from reduced χ² and the parameters at bounds, by one table";
const PROGRAM = "it steers another program's solver";

/** `optimization.nlsq`. */
export const LEAST_SQUARES_KEYS: Section<LeastSquaresConfig> = section<LeastSquaresConfig>(
  "Least squares.",
  {
    loss: leaf(oneOf(lossNames), "linear", `loss of a residual: ${lossNames.join(", ")}`),
    loss_scale: leaf(positive, 1, "residual where a robust loss departs from least squares, in units of the noise"),
    max_iterations: leaf(integerFrom(1), 500, "iterations of one fit"),
    ftol: leaf(nonNegative, 1e-10, "relative change of the cost that ends a fit (also called tolerance)"),
    xtol: leaf(nonNegative, 1e-10, "relative change of the parameters that ends a fit"),
    gtol: leaf(nonNegative, 1e-10, "scaled gradient that ends a fit"),
    anti_degeneracy: section(
      "How contrast and offset depend on the angle.",
      {
        per_angle_mode: leaf(
          oneOf(PER_ANGLE_MODES, { independent: "individual" }),
          "auto",
          `${PER_ANGLE_MODES.join(", ")}; auto: one pair from three angles on, else individual`,
        ),
      },
      {
        enable: fixed([true], "the scaling mode always counts; choose per_angle_mode: individual for no restraint"),
        execute_layers: fixed([true], ELIMINATED),
        constant_scaling_threshold: fixed([3], "auto shares one pair from three angles on"),
        fourier_order: fixed([2], "the series has order 2, lower for fewer than five angles"),
        fourier_auto_threshold: inert("auto never chooses a Fourier series", {}),
        hierarchical: inert(
          ELIMINATED,
          names(
            "enable max_outer_iterations inner_tolerance outer_tolerance physical_max_iterations per_angle_max_iterations",
          ),
        ),
        regularization: inert(
          ELIMINATED,
          names("enable mode lambda target_cv target_contribution max_cv auto_tune_lambda"),
        ),
        gradient_monitoring: inert(ELIMINATED, names("enable ratio_threshold consecutive_triggers response")),
        shear_weighting: inert(
          "weights that favour shear would bias the fit; every pair counts by its noise",
          names("enable alpha min_weight update_frequency normalize"),
        ),
      },
    ),
    multi_start: section(
      "Search from more than the given start.",
      {
        enable: leaf(
          wordOr("auto", boolean),
          "auto",
          "auto: when the fit from the given start is not good; true; false",
        ),
        n_starts: leaf(integerFrom(1), 96, "spread starts that are screened"),
        seed: leaf(integerFrom(0), 42, "seed of the starts"),
        refine_top_k: leaf(integerFrom(1), 6, "best starts that are fitted"),
      },
      {
        sampling_strategy: fixed(["latin_hypercube", "lhs"], "starts are a Latin hypercube"),
        use_screening: fixed([true], "starts are always screened"),
        ...inertNames("starts are fitted in one thread", "n_workers"),
        ...inertNames("refine_top_k tells how many starts are fitted", "screen_keep_fraction"),
        ...inertNames("fits are refined to ftol, xtol and gtol", "refinement_ftol"),
        ...inertNames("every fitted start is listed in the result", "degeneracy_threshold"),
      },
    ),
  },
  {
    method: fixed(["trf"], "bounded problems are solved by the trust-region reflective method"),
    use_jac: fixed([true], "derivatives are always exact"),
    x_scale: fixed(["jac"], "parameters are scaled by their columns of the Jacobian"),
    nlsq_x_scale: fixed(["jac"], "parameters are scaled by their columns of the Jacobian"),
    ...inertNames("parameters are scaled by their columns of the Jacobian", "x_scale_map"),
    ...inertNames(
      ONE_ROUTE,
      "workflow goal memory_fraction nlsq_memory_fraction nlsq_memory_fallback_gb chunk_size target_chunk_size enable_stratified enable_streaming streaming_chunk_size hybrid_enable hybrid_warmup_fraction hybrid_normalization hybrid_method hybrid_lbfgs_memory hybrid_convergence_window hybrid_convergence_threshold hybrid_max_phases",
    ),
    ...inertNames(
      PROGRAM,
      "trust_region_scale diff_step max_nfev tr_solver step_bound use_nlsq_library nlsq_stability nlsq_rescale_data enable_recovery max_recovery_attempts screen_keep_fraction loss_weights",
    ),
    ...inertNames("progress shows when the terminal can show it", "verbose"),
    ...inertNames("diagnostics are always written", "enable_diagnostics"),
    ...inertNames(
      ELIMINATED,
      "enable_anti_degeneracy enable_hierarchical hierarchical_max_outer_iterations hierarchical_inner_tolerance hierarchical_outer_tolerance regularization_mode group_variance_lambda regularization_target_cv enable_gradient_monitoring gradient_ratio_threshold gradient_consecutive_triggers",
    ),
    ...inertNames("auto never chooses a Fourier series", "fourier_auto_threshold"),
    ...inertNames(
      NO_EVOLUTION,
      "enable_cmaes cmaes_sigma0 cmaes_max_iterations cmaes_population_size cmaes_tolx cmaes_tolfun cmaes_diagonal_filtering cmaes_anti_degeneracy cmaes_warmstart_auto_skip cmaes_warmstart_skip_threshold",
    ),
    cmaes: inert(
      NO_EVOLUTION,
      names(
        "enable preset max_generations max_iterations sigma sigma0 sigma_warmstart warmstart_auto_skip warmstart_skip_threshold popsize population_size tol_fun tol_x tolfun tolx restart_strategy max_restarts population_batch_size data_chunk_size memory_limit_gb auto_select scale_threshold normalize normalization_epsilon refine_with_nlsq refinement_workflow refinement_ftol refinement_xtol refinement_gtol refinement_max_nfev refinement_loss n_seeds diagonal_filtering anti_degeneracy",
      ),
    ),
    progress: inert("progress shows when the terminal can show it", names("enable verbose log_interval")),
    diagnostics: inert(
      "diagnostics are always written",
      names("enable enabled sample_size check_gradients log_jacobian_norms"),
    ),
    hybrid_streaming: inert(
      ONE_ROUTE,
      names(
        "enable normalize normalization_strategy warmup_iterations max_warmup_iterations warmup_learning_rate gauss_newton_max_iterations gauss_newton_tol chunk_size trust_region_initial regularization_factor enable_checkpoints checkpoint_frequency validate_numerics verbose log_frequency enable_warm_start_detection warm_start_threshold enable_adaptive_warmup_lr warmup_lr_refinement warmup_lr_careful enable_cost_guard cost_increase_tolerance enable_step_clipping max_warmup_step_size",
      ),
    ),
    streaming: inert(ONE_ROUTE, names("enable chunk_size")),
    stratified: inert(ONE_ROUTE, names("enable target_chunk_size")),
    recovery: inert(
      PROGRAM,
      names("enable max_attempts max_retries lr_decay lambda_growth trust_decay perturb_scale log_retries"),
    ),
    validation: inert(
      QUALITY,
      names("chi2_warn_low chi2_warn_high chi2_fail_high max_relative_uncertainty correlation_warn"),
    ),
    quality_validation: inert(
      QUALITY,
      names(
        "enable reduced_chi_squared_threshold warn_on_max_restarts warn_on_bounds_hit warn_on_convergence_failure bounds_tolerance",
      ),
    ),
  },
);
