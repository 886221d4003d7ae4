import { type DivergenceVerdict, divergenceVerdict } from "@siegert/diagnostics";
import type { StatisticName } from "../chain/draw-record.ts";
import type { SamplingRun } from "../run/sampling-run.ts";
import type { SamplingPlan } from "./sampling-plan.ts";

/** A run in numbers, all chains together. */
export interface SamplingStats {
  readonly plan: SamplingPlan | undefined;
  /** Seconds of the slowest chain, and of all chains added up. */
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
  readonly totalSeconds: number;
  readonly cpuSeconds: number;
  /** Iterations after warmup. */
  readonly iterations: number;
  /** Evaluations of value and gradient, all told and during warmup. */
  readonly gradients: number;
  readonly warmupGradients: number;
  readonly meanAcceptRate: number;
  readonly meanTreeDepth: number;
  readonly maxTreeDepth: number;
  readonly meanLeapfrogs: number;
  /** Share of transitions that were as deep as allowed. */
  readonly saturationRate: number;
  /** Final step size of every chain. */
  readonly stepSizes: readonly number[];
  /** One line per chain: which metric, and why. */
  readonly metrics: readonly string[];
  /** Share of divergent transitions, and what it means; undefined before the first draw. */
  readonly divergences: DivergenceVerdict | undefined;
}

/** The statistics of a run. Means over draws are NaN before the first draw. */
export function samplingStats(run: SamplingRun, plan?: SamplingPlan): SamplingStats {
  const { chains } = run;
  const sum = (of: (chain: (typeof chains)[number]) => number) => chains.reduce((total, chain) => total + of(chain), 0);
  const most = (of: (chain: (typeof chains)[number]) => number) => Math.max(...chains.map(of));
  const draws = sum(({ size }) => size);
  const mean = (name: StatisticName) =>
    sum(({ statistics }) => statistics[name].reduce((total, value) => total + value, 0)) / draws;
  const iterations = sum((chain) => chain.iterations);
  return {
    plan,
    warmupSeconds: most((chain) => chain.warmupSeconds),
    samplingSeconds: most((chain) => chain.samplingSeconds),
    totalSeconds: most((chain) => chain.warmupSeconds + chain.samplingSeconds),
    cpuSeconds: sum((chain) => chain.warmupSeconds + chain.samplingSeconds),
    iterations,
    gradients: sum((chain) => chain.gradients),
    warmupGradients: sum((chain) => chain.warmupGradients),
    meanAcceptRate: mean("acceptRate"),
    meanTreeDepth: mean("treeDepth"),
    maxTreeDepth: most(({ statistics }) => statistics.treeDepth.reduce((a, b) => Math.max(a, b), 0)),
    meanLeapfrogs: mean("leapfrogs"),
    saturationRate: sum((chain) => chain.saturated) / iterations,
    stepSizes: chains.map((chain) => chain.stepSize),
    metrics: chains.map(({ metric }) => metric.reason),
    divergences:
      iterations > 0
        ? divergenceVerdict(
            sum((chain) => chain.divergent),
            iterations,
          )
        : undefined,
  };
}
