import { type Extra, fixed, inert, inertNames, names } from "./schema.ts";

const ONE_ROUTE = "one route serves data of every size, within memory that a map needs";
const SAMPLER = "sampling is set by optimization.cmc";
const REPORT = "figures are in report.html, the same for every fit";

/** Sections of other programs' configurations that have no effect here, by the section that holds them. */
export const inertSections: Readonly<Record<"top" | "optimization" | "output" | "formats", Record<string, Extra>>> = {
  top: {
    noise_estimation: inert("the noise is always estimated from the maps; noise.sigma sets it", {
      ...names("enabled model posterior_samples"),
      adam_config: names("learning_rate max_epochs convergence_threshold early_stopping"),
      validation: names("check_convergence reasonable_range warn_outliers"),
      per_angle: names("min_angles_required validate_coverage"),
    }),
    performance: inert("speed and memory need no settings", {
      ...names(
        "strategy_override memory_limit_gb enable_progress performance_engine_enabled memory_pressure_monitoring",
      ),
      memory_optimization: names("enabled max_memory_usage_gb chunk_size enable_caching cache_strategy"),
      computation: names("enable_jit cpu_threads vectorization_level"),
    }),
    logging: inert("messages go to the terminal", {
      ...names("enabled level"),
      console: names("enabled level format colors show_progress"),
      file: names("enabled level path filename max_size_mb backup_count"),
      modules: null,
    }),
    quality_control: inert("data are checked as they are read; phi_filtering.quality_control limits the angles", {
      ...names("enabled"),
      angle_quality: names("validate_angle_coverage min_angles_per_range check_angle_distribution"),
      multi_angle_validation: names(
        "check_correlation_consistency validate_angle_dependencies detect_anomalous_angles",
      ),
    }),
    plotting: inert(REPORT, {
      ...names(
        "save_plots show_plots format dpi style preview_mode fit_surface correlation_function fit_quality parameter_distributions residual_analysis angle_coverage angle_correlation",
      ),
      color_scale: names("mode pin_legacy_range percentile_min percentile_max fixed_min fixed_max"),
      datashader: names("canvas_width canvas_height"),
      matplotlib: { ...names("interpolation use_tight_layout"), savefig_kwargs: null },
    }),
    validation: inert("a configuration is always checked in full", {
      ...names("strict_mode check_file_existence validate_parameter_ranges check_mode_compatibility"),
      angle_validation: names("require_multiple_angles min_angle_count validate_angle_ranges"),
    }),
    v2_features: inert("data are checked as they are read", null),
    data_filtering: inert("angles are chosen by phi_filtering, frames by start_frame and end_frame", null),
    preprocessing: inert("data are used as they are, but for diagonal_correction", null),
  },
  optimization: {
    mcmc: inert(SAMPLER, {
      ...names(
        "backend num_warmup num_samples num_chains progress_bar target_accept_prob max_tree_depth dense_mass_matrix",
      ),
      initial_values: { phi: null, percentile_fallback: names("contrast_low_pct contrast_high_pct offset_pct") },
    }),
    angle_filtering: inert(
      "angles are chosen by phi_filtering",
      names("enabled target_angle_ranges target_ranges fallback_to_all_angles"),
    ),
    streaming: inert(
      ONE_ROUTE,
      names(
        "enable_checkpoints checkpoint_dir checkpoint_frequency resume_from_checkpoint keep_last_checkpoints enable_fault_tolerance max_retries_per_batch min_success_rate batch_size adaptive_batching",
      ),
    ),
    stratification: inert(
      ONE_ROUTE,
      names(
        "enabled target_chunk_size max_imbalance_ratio force_sequential_fallback check_memory_safety use_index_based collect_diagnostics log_diagnostics",
      ),
    ),
    sequential: inert("all angles are fitted together", names("min_success_rate weighting")),
    recovery: inert(
      "a failed fit is an error with its reason",
      names("enable max_attempts lr_decay lambda_growth trust_decay log_retries"),
    ),
  },
  output: {
    ...inertNames("output.directory names the folder", "base_directory create_subdirs timestamp_dirs"),
    ...inertNames("HDF5 results are not written", "compress_hdf5 compression_level"),
    save_correlation: fixed([true], "fitted_data.npz always holds the data and the fit"),
    save_residuals: fixed([true], "fitted_data.npz always holds the residuals"),
    include_diagnostics: fixed([true], "diagnostics.json is always written"),
  },
  formats: {
    json: fixed([true], "parameters.json and diagnostics.json are always written"),
    hdf5: fixed([false], "results are written as JSON, npz and HTML"),
    csv: fixed([false], "results are written as JSON, npz and HTML"),
    yaml: fixed([false], "results are written as JSON, npz and HTML"),
  },
};
