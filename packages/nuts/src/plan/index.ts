export { DIVERGENCE_RATES, type DivergenceVerdict, divergenceVerdict } from "@siegert/diagnostics";
export { type PreflightReport, preflight } from "@siegert/log-density";
export {
  type DualAveragingOptions,
  type DualAveragingState,
  initDualAveraging,
  updateDualAveraging,
} from "../adaptation/dual-averaging.ts";
export { type WarmupSchedule, warmupSchedule } from "../adaptation/warmup-schedule.ts";
export { fileProfiler } from "../run/profile.ts";
export { type RetryOptions, type SamplingAttempt, sampleWithRetries } from "./retries.ts";
export { SamplingPlan, type SamplingPlanConfig } from "./sampling-plan.ts";
export { type SamplingStats, samplingStats } from "./sampling-stats.ts";
