export { DIVERGENCE_RATES, type DivergenceVerdict, divergenceVerdict } from "@siegert/diagnostics";
export { type PreflightReport, preflight } from "@siegert/log-density";
export {
  type DualAveragingOptions,
  type DualAveragingState,
  initDualAveraging,
  updateDualAveraging,
} from "./adaptation/dual-averaging.ts";
export type { MetricBlock, MetricChoice, MetricKind, MetricSummary } from "./adaptation/metric-choice.ts";
export { type WarmupSchedule, warmupSchedule } from "./adaptation/warmup-schedule.ts";
export type { ChainState } from "./chain/chain-state.ts";
export { type DivergenceRecord, type DrawStatistics, STATISTICS, type StatisticName } from "./chain/draw-record.ts";
export type { ChainSettings, KernelChoice, Start } from "./chain/settings.ts";
export type { MetricData } from "./metric/metric.ts";
export type { ChainResult } from "./run/chain-result.ts";
export type { StopSignal } from "./run/event-loop.ts";
export type { DrawBlock, DrawSink, ProgressEvent, RunState } from "./run/observers.ts";
export type { Profiler } from "./run/profile.ts";
export { resume, sample } from "./run/sample.ts";
export type { ChainExecutor, InitialPoints, RuntimeOptions, SampleOptions, WarmStart } from "./run/sample-options.ts";
export type { DrawArray, RunWarning, SamplingRun } from "./run/sampling-run.ts";
