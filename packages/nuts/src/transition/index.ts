export type { KernelChoice } from "../chain/settings.ts";
export type { Metric as TransitionMetric, MetricData } from "../metric/metric.ts";
export {
  createTransitionKernel,
  type TransitionInfo,
  type TransitionKernel,
  type TransitionKernelOptions,
  type TransitionState,
  transitionMetric,
} from "./transition-kernel.ts";
