import { ess, mcse } from "@siegert/diagnostics";
import type { SamplingRun } from "../src/index.ts";

/** (mean of f over the draws − expected) / its Monte Carlo standard error. */
export function zScore(run: SamplingRun, f: (values: Float64Array) => number, expected: number): number {
  const chains = scalar(run, f);
  return (meanOf(chains.values) - expected) / mcse(chains);
}

function scalar(run: SamplingRun, f: (values: Float64Array) => number) {
  const all = run.constrained();
  const width = all.names.length;
  const values = Float64Array.from({ length: all.chains * all.draws }, (_, n) =>
    f(all.values.subarray(n * width, (n + 1) * width)),
  );
  return { values, chains: all.chains, draws: all.draws };
}

/** Effective number of draws for the mean of f. */
export function sizeOf(run: SamplingRun, f: (values: Float64Array) => number): number {
  return ess(scalar(run, f), { method: "mean" });
}

/** Draws of one value, for diagnostics. */
export function chainsOf(run: SamplingRun, index: number) {
  const all = run.constrained();
  const width = all.names.length;
  const values = Float64Array.from({ length: all.chains * all.draws }, (_, n) => all.values[n * width + index]!);
  return { values, chains: all.chains, draws: all.draws };
}

/** Mean of a statistic over all draws. */
export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
