import { mcse } from "@siegert/diagnostics";
import type { TemperingRun } from "../../src/index.ts";

/** (mean of f over the draws of a chain − expected) / its Monte Carlo standard error; default chain: the target. */
export function zScore(
  run: TemperingRun,
  f: (state: Float64Array) => number,
  expected: number,
  chain?: number,
): number {
  const { values, chains, draws, names } = run.draws(chain);
  const width = names.length;
  const scalars = Float64Array.from({ length: chains * draws }, (_, n) =>
    f(values.subarray(n * width, (n + 1) * width)),
  );
  const mean = scalars.reduce((sum, value) => sum + value, 0) / scalars.length;
  return (mean - expected) / mcse({ values: scalars, chains, draws });
}

/** The mean of f over the draws of the target. */
export function meanOf(run: TemperingRun, f: (state: Float64Array) => number): number {
  const { values, chains, draws, names } = run.draws();
  const width = names.length;
  let sum = 0;
  for (let n = 0; n < chains * draws; n++) sum += f(values.subarray(n * width, (n + 1) * width));
  return sum / (chains * draws);
}
