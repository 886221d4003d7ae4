import type { LogDensity } from "@siegert/log-density";
import type { MetricChoice, MetricKind } from "../adaptation/metric-choice.ts";
import type { ChainSettings, KernelChoice } from "../chain/settings.ts";
import { scaledCholesky } from "../metric/cholesky.ts";
import type { MetricData } from "../metric/metric.ts";
import { checkPartition, metricFromData } from "../metric/metric-from-data.ts";
import { must, mustBePositive } from "../must.ts";
import { startsOf } from "./initial-points.ts";
import type { RuntimeOptions, SampleOptions, WarmStart } from "./sample-options.ts";

const METRICS: readonly MetricKind[] = ["auto", "diagonal", "dense", "fisher-diagonal", "low-rank", "unit"];
const METHODS = ["sequential", "parallel", "vectorized"];

/** Checks all options and gives the settings of every chain. @throws {InvalidArgumentError} */
export function chainSettings(target: LogDensity, options: SampleOptions): ChainSettings[] {
  const { dim } = target;
  type Count = "chains" | "attempt" | "warmup" | "draws" | "thinning" | "maxTreeDepth" | "maxTreeDepthWarmup";
  const integer = (name: Count, otherwise: number, least: number, most?: number) =>
    count(name, options[name] ?? otherwise, least, most);
  const chains = integer("chains", 4, 1);
  const maxTreeDepth = integer("maxTreeDepth", 10, 1, 24);
  const { stepSize } = options.warmStart ?? {};
  if (stepSize !== undefined) mustBePositive("options.warmStart.stepSize", stepSize);
  const isKeeping = options.keepDraws ?? true;
  must(isKeeping || options.sink, "options.sink", "be given when keepDraws is false", options.sink);
  const seed = options.seed ?? 0;
  must(Number.isSafeInteger(seed), "options.seed", "be a safe integer", seed);
  checkRuntime(options);
  const { maxEnergyError = 1000, targetAccept = 0.8 } = options;
  must(targetAccept > 0 && targetAccept < 1, "options.targetAccept", "lie between 0 and 1", targetAccept);
  mustBePositive("options.maxEnergyError", maxEnergyError);
  const common = {
    seed,
    attempt: integer("attempt", 0, 0),
    dim,
    warmup: integer("warmup", 1000, 0),
    draws: integer("draws", 1000, 0),
    thinning: integer("thinning", 1, 1),
    kernel: kernelOf(options.kernel ?? "nuts"),
    targetAccept,
    maxTreeDepth,
    maxTreeDepthWarmup: integer("maxTreeDepthWarmup", Math.min(8, maxTreeDepth), 1, 24),
    maxEnergyError,
    stepSize,
    stepSizeJitter: jitterOf("stepSizeJitter", options.stepSizeJitter ?? 0),
    metric: metricOf(options.metric ?? "auto", dim),
    startMetric: startMetricOf(options.warmStart ?? {}, dim),
    isKeeping,
  };
  const starts = startsOf(options.initial ?? { kind: "uniform" }, target, chains);
  return starts.map((start, chain) => ({ ...common, chain, start }));
}

/** Checks the options that do not change draws. @throws {InvalidArgumentError} */
export function checkRuntime({ method, checkpoint }: RuntimeOptions): void {
  if (method) oneOf("options.method", METHODS, method);
  const { everyMs = 0 } = checkpoint ?? {};
  must(everyMs >= 0, "options.checkpoint.everyMs", "not be negative", everyMs);
}

function kernelOf(kernel: NonNullable<SampleOptions["kernel"]>): KernelChoice {
  if (kernel === "nuts") return { kind: "nuts" };
  must(kernel?.kind === "static-hmc", "options.kernel", 'be "nuts" or { kind: "static-hmc", leapfrogs }', kernel);
  const leapfrogs = count("kernel.leapfrogs", kernel.leapfrogs, 1);
  return { kind: "static-hmc", leapfrogs, jitter: jitterOf("kernel.jitter", kernel.jitter ?? 0.5) };
}

function metricOf(choice: MetricChoice, dim: number): MetricChoice {
  if (typeof choice !== "object") {
    oneOf("options.metric", METRICS, choice);
    return choice;
  }
  checkPartition(
    "options.metric.blocks",
    choice.blocks.map((block) => block.indices),
    dim,
  );
  choice.blocks.forEach(({ metric }, k) => {
    oneOf(`options.metric.blocks[${k}].metric`, METRICS, metric);
  });
  return { blocks: choice.blocks.map(({ indices, metric }) => ({ indices: Array.from(indices), metric })) };
}

function oneOf(argument: string, names: readonly string[], name: string): void {
  must(names.includes(name), argument, `be one of ${names.join(", ")}`, name);
}

function startMetricOf({ covariance, metric }: WarmStart, dim: number): MetricData | undefined {
  must(!covariance || !metric, "options.warmStart", "give a covariance or a metric, not both", covariance);
  if (metric) return metricFromData(metric, dim, "options.warmStart.metric").data();
  if (!covariance) return undefined;
  const argument = "options.warmStart.covariance";
  must(covariance.length === dim * dim, argument, `have ${dim} × ${dim} entries`, covariance);
  const deviations = Array.from({ length: dim }, (_, i) => Math.sqrt(covariance[i * (dim + 1)]!));
  const correlations = Float64Array.from(
    covariance,
    (value, at) => value / (deviations[Math.floor(at / dim)]! * deviations[at % dim]!),
  );
  const factor = correlations.every(Number.isFinite) ? scaledCholesky(correlations, deviations) : undefined;
  must(factor, argument, "be positive definite", covariance);
  return { kind: "dense", factor: Array.from(factor) };
}

function count(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const isGood = Number.isSafeInteger(value) && value >= least && value <= most;
  must(isGood, `options.${name}`, `be an integer from ${least} to ${most}`, value);
  return value;
}

function jitterOf(name: string, value: number): number {
  must(value >= 0 && value < 1, `options.${name}`, "be at least 0 and below 1", value);
  return value;
}
