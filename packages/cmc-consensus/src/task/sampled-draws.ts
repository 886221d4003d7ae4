import { bfmi, type Chains, divergenceVerdict, ess, rhat } from "@siegert/diagnostics";
import type { SamplingRun } from "@siegert/nuts";
import type { SampledOutcome, ShardDiagnostics } from "./shard-outcome.ts";

type KeptDraws = Pick<SampledOutcome, "chains" | "draws" | "values" | "logDensity">;

/** Every n-th draw of each chain, the last of each n. */
export function thinnedDraws(run: SamplingRun, thinning: number): KeptDraws {
  const { values, chains, draws } = run.unconstrained();
  const logDensity = run.statistic("logDensity");
  if (thinning === 1) return { chains, draws, values, logDensity };
  const kept = Math.floor(draws / thinning);
  const { dim } = run;
  const keptValues = new Float64Array(chains * kept * dim);
  const keptDensity = new Float64Array(chains * kept);
  for (let chain = 0; chain < chains; chain++) {
    for (let k = 0; k < kept; k++) {
      const row = chain * draws + (k + 1) * thinning - 1;
      keptValues.set(values.subarray(row * dim, (row + 1) * dim), (chain * kept + k) * dim);
      keptDensity[chain * kept + k] = logDensity[row]!;
    }
  }
  return { chains, draws: kept, values: keptValues, logDensity: keptDensity };
}

/** What a complete run was like. */
export function diagnosticsOf(run: SamplingRun): Omit<ShardDiagnostics, "attempts" | "seconds"> {
  const { dim, chains } = run;
  const { values, draws } = run.unconstrained();
  const sum = (of: (chain: (typeof chains)[number]) => number) => chains.reduce((total, one) => total + of(one), 0);
  const coordinates = Array.from({ length: dim }, (_, i) => column(values, dim, i, chains.length, draws));
  const rhats = Float64Array.from(coordinates, (one) => rhat(one));
  const bfmis = bfmi({ values: run.statistic("energy"), chains: chains.length, draws });
  const transitions = sum(({ iterations }) => iterations);
  const divergences = sum(({ divergent }) => divergent);
  return {
    rhat: Math.max(...rhats),
    rhats,
    essBulk: Math.min(...coordinates.map((one) => ess(one))),
    essTail: Math.min(...coordinates.map((one) => ess(one, { method: "tail" }))),
    bfmi: Math.min(...bfmis),
    bfmis,
    divergences,
    transitions,
    divergenceRate: divergenceVerdict(divergences, transitions).rate,
    saturated: sum(({ saturated }) => saturated),
    meanAcceptRate: mean(run.statistic("acceptRate")),
    stepSizes: chains.map(({ stepSize }) => stepSize),
    metrics: chains.map(({ metric }) => metric.reason),
    gradients: sum(({ gradients }) => gradients),
  };
}

function column(values: Float64Array, dim: number, index: number, chains: number, draws: number): Chains {
  const out = new Float64Array(chains * draws);
  for (let row = 0; row < out.length; row++) out[row] = values[row * dim + index]!;
  return { values: out, chains, draws };
}

function mean(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
