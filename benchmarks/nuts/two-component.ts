import { demos, fitCorrelation, fitOptions, inferPosterior, parseConfig, simulate } from "@siegert/xpcs";

/** What sampling took, and what the draws are worth. */
export interface PosteriorCost {
  readonly seconds: number;
  readonly pairs: number;
  readonly parameters: number;
  readonly gradients: number;
  readonly worstRhat: number;
  readonly leastEss: number;
  /** Share of the draws. */
  readonly divergenceRate: number;
}

/** The posterior of two components at three angles and 200 frames, 4 × (500 + 1000) draws on two threads. */
export async function twoComponentPosterior(): Promise<PosteriorCost> {
  const demo = demos().find(({ name }) => name === "two_component")!;
  const config = parseConfig(`${demo.fitYaml}
optimization: { cmc: { per_shard_mcmc: { num_warmup: 500, num_samples: 1000, num_chains: 4 } } }
`);
  const data = simulate({ ...demo.simulation, endFrame: demo.simulation.startFrame + 199, phiAngles: [0, 45, 90] });
  const frames = data.times.length;
  const maps = Array.from(data.phi, (_, k) => data.c2.slice(k * frames * frames, (k + 1) * frames * frames));
  const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
  const fit = await fitCorrelation(fitOptions(config, experiment, (k) => maps[k]!));
  const { run, seconds, table, target } = await inferPosterior(config, fit, experiment, maps, { threads: 2, seed: 1 });
  const divergent = run.statistic("isDivergent");
  return {
    seconds,
    pairs: target.pairCount,
    parameters: target.dim,
    gradients: run.chains.reduce((sum, chain) => sum + chain.gradients, 0),
    worstRhat: Math.max(...table.column("r_hat")),
    leastEss: Math.min(...table.column("ess_bulk")),
    divergenceRate: divergent.reduce((a, b) => a + b, 0) / divergent.length,
  };
}
