export { type AutocorrelationOptions, autocorrelation, autocovariance } from "./autocorrelation.ts";
export { bfmi } from "./bfmi.ts";
export type { Chains, ChainsInput } from "./chains.ts";
export {
  type CheckStatus,
  type DiagnoseOptions,
  type Diagnosis,
  type DiagnosticCheck,
  diagnose,
  formatDiagnosis,
  type SamplerRecord,
} from "./diagnose.ts";
export { DIVERGENCE_RATES, type DivergenceLevel, type DivergenceVerdict, divergenceVerdict } from "./divergences.ts";
export { Draws, type DrawsInput, type PackedDrawsLayout, type ScalarDraws, type VariableDraws } from "./draws.ts";
export { type EssMethod, type EssOptions, ess, essBulk, essTail, TAIL_PROBABILITIES } from "./ess.ts";
export { type GewekeOptions, geweke } from "./geweke.ts";
export {
  type ConvergenceCheck,
  type ConvergenceOptions,
  checkAutocorrelationTimes,
  type IntegratedTime,
  type IntegratedTimeOptions,
  integratedTime,
} from "./integrated-time.ts";
export { eti, hdi, INTERVAL_PROBABILITY, quantiles } from "./intervals.ts";
export type { LogLikelihood } from "./log-likelihood.ts";
export { type LooOptions, type LooResult, loo, type PredictiveDensity } from "./loo.ts";
export { type McseOptions, mcse } from "./mcse.ts";
export {
  type ParetoKOptions,
  paretoK,
  paretoKThreshold,
  paretoMinimumSize,
  psis,
  type SmoothedWeights,
} from "./psis.ts";
export { type RankHistogram, rankHistogram } from "./rank-histogram.ts";
export { type RhatMethod, type RhatOptions, rhat } from "./rhat.ts";
export { type RunningEss, runningEss } from "./running-ess.ts";
export { type SummaryKind, type SummaryOptions, summary } from "./summary.ts";
export { type SummaryJson, type SummaryRow, type SummarySettings, SummaryTable } from "./summary-table.ts";
export { waic } from "./waic.ts";
export { checkChains, type DiagnosticWarning, type WarningCode, type WarningSink } from "./warning.ts";
