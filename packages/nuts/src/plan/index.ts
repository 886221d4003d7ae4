export { fileProfiler } from "../run/profile.ts";
export { type RetryOptions, type SamplingAttempt, sampleWithRetries } from "./retries.ts";
export { SamplingPlan, type SamplingPlanConfig } from "./sampling-plan.ts";
export { type SamplingStats, samplingStats } from "./sampling-stats.ts";
