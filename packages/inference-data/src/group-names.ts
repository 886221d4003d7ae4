/**
 * Groups of the InferenceData schema (ArviZ, schema 1.x and the groups that ArviZ 0.x adds): the property that holds a
 * group, its name in a file, and whether its variables are draws, with leading dimensions chain and draw.
 */
export const GROUPS = [
  { key: "posterior", name: "posterior", isSampled: true },
  { key: "sampleStats", name: "sample_stats", isSampled: true },
  { key: "posteriorPredictive", name: "posterior_predictive", isSampled: true },
  { key: "observedData", name: "observed_data", isSampled: false },
  { key: "constantData", name: "constant_data", isSampled: false },
  { key: "logLikelihood", name: "log_likelihood", isSampled: true },
  { key: "logPrior", name: "log_prior", isSampled: true },
  { key: "prior", name: "prior", isSampled: true },
  { key: "priorPredictive", name: "prior_predictive", isSampled: true },
  { key: "sampleStatsPrior", name: "sample_stats_prior", isSampled: true },
  { key: "predictions", name: "predictions", isSampled: true },
  { key: "predictionsConstantData", name: "predictions_constant_data", isSampled: false },
  { key: "unconstrainedPosterior", name: "unconstrained_posterior", isSampled: true },
  { key: "unconstrainedPrior", name: "unconstrained_prior", isSampled: true },
  { key: "warmupPosterior", name: "warmup_posterior", isSampled: true },
  { key: "warmupSampleStats", name: "warmup_sample_stats", isSampled: true },
  { key: "warmupPosteriorPredictive", name: "warmup_posterior_predictive", isSampled: true },
  { key: "warmupPredictions", name: "warmup_predictions", isSampled: true },
  { key: "warmupLogLikelihood", name: "warmup_log_likelihood", isSampled: true },
  { key: "warmupLogPrior", name: "warmup_log_prior", isSampled: true },
] as const;

/** Property of {@link InferenceData} that holds a group of the schema. */
export type GroupKey = (typeof GROUPS)[number]["key"];

/** The property of a group by its name in a file; undefined for a group outside the schema. */
export function groupKeyOf(name: string): GroupKey | undefined {
  return GROUPS.find((group) => group.name === name)?.key;
}
