import { essBulk } from "@siegert/diagnostics";
import type { LogDensity } from "@siegert/log-density";
import { sample } from "@siegert/nuts";

/** Effective draws of a whole run. */
export interface Efficiency {
  readonly leapfrogsPerDraw: number;
  readonly leastEss: number;
  readonly essPerGradient: number;
  readonly essPerSecond: number;
  readonly gradients: number;
  readonly seconds: number;
}

/**
 * Four chains of 1000 + 1000 on one thread: least bulk ESS over all coordinates and their squares, per gradient and per
 * second of the whole run.
 */
export async function efficiencyOf(
  target: LogDensity,
  positions: readonly Float64Array[] | undefined,
): Promise<Efficiency> {
  const begin = performance.now();
  const initial = positions ? ({ kind: "given", positions } as const) : undefined;
  const run = await sample(target, { seed: 1, chains: 4, method: "sequential", ...(initial && { initial }) });
  const seconds = (performance.now() - begin) / 1000;
  const { values, chains, draws } = run.unconstrained();
  const sizes = Array.from({ length: target.dim }, (_, i) => {
    const one = Float64Array.from({ length: chains * draws }, (_, n) => values[n * target.dim + i]!);
    const mean = one.reduce((sum, value) => sum + value, 0) / one.length;
    const squares = one.map((value) => (value - mean) ** 2);
    return Math.min(essBulk({ values: one, chains, draws }), essBulk({ values: squares, chains, draws }));
  });
  const leastEss = Math.min(...sizes);
  const gradients = run.chains.reduce((sum, chain) => sum + chain.gradients, 0);
  const leapfrogs = run.statistic("leapfrogs");
  return {
    leapfrogsPerDraw: leapfrogs.reduce((sum, value) => sum + value, 0) / leapfrogs.length,
    leastEss,
    essPerGradient: leastEss / gradients,
    essPerSecond: leastEss / seconds,
    gradients,
    seconds,
  };
}
