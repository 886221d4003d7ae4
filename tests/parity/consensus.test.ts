/** Consensus of shards against the posterior of the whole data, sampled with NUTS. */
import {
  type Config,
  demos,
  fitCorrelation,
  fitOptions,
  inferConsensus,
  inferPosterior,
  type PosteriorDraws,
  simulate,
} from "@siegert/xpcs";
import { describe, expect, test } from "vitest";

interface Case {
  readonly name: string;
  readonly frames: number;
  readonly noise: number;
  readonly shards: number;
}

function configOf({ name, frames, shards }: Case) {
  const demo = demos().find((one) => one.name === name)!;
  const stretched = (demo.simulation.dt * 200) / frames;
  const { cmc } = demo.fit;
  const perShardMcmc = { ...cmc.perShardMcmc, numWarmup: 250, numSamples: 750, adaptiveSampling: false };
  const config: Config = {
    ...demo.fit,
    dt: stretched,
    endFrame: frames,
    cmc: { ...cmc, perShardMcmc, sharding: { ...cmc.sharding, numShards: shards } },
  };
  return { config, simulation: { ...demo.simulation, dt: stretched, endFrame: frames } };
}

async function sampled(one: Case) {
  const { config, simulation } = configOf(one);
  const data = simulate(simulation, { noise: one.noise, seed: 11 });
  const frames = data.times.length;
  const maps = Array.from(data.phi, (_, k) => data.c2.slice(k * frames * frames, (k + 1) * frames * frames));
  const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
  const fit = await fitCorrelation(fitOptions(config, experiment, (k) => maps[k]!));
  const consensus = await inferConsensus(config, fit, experiment, maps, { threads: 2 });
  const whole = await inferPosterior(config, fit, experiment, maps, { threads: 2, seed: 5 });
  return { consensus, whole };
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function product(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  return a.reduce((sum, value, s) => sum + (value - ma) * (b[s]! - mb), 0) / a.length;
}

/** Largest differences: of means in standard deviations, of standard deviations in logarithms, of correlations. */
function differences({ draws: a }: PosteriorDraws, { draws: b }: PosteriorDraws) {
  const sd = (values: Float64Array) => Math.sqrt(product(values, values));
  const largest = { mean: 0, sd: 0, correlation: 0 };
  const raise = (key: keyof typeof largest, value: number) => {
    largest[key] = Math.max(largest[key], Math.abs(value));
  };
  for (const name of b.names) {
    const [x, y] = [a.values(name), b.values(name)];
    raise("mean", (mean(x) - mean(y)) / sd(y));
    raise("sd", Math.log(sd(x) / sd(y)));
    for (const other of b.names) {
      const correlation = (draws: typeof a) =>
        product(draws.values(name), draws.values(other)) / (sd(draws.values(name)) * sd(draws.values(other)));
      raise("correlation", correlation(a) - correlation(b));
    }
  }
  return largest;
}

/** Far enough from the limits that what a few thousand effective draws leave to chance plays no role. */
function expectSame(posterior: PosteriorDraws, whole: PosteriorDraws): void {
  const largest = differences(posterior, whole);
  expect(largest.mean).toBeLessThan(0.2);
  expect(largest.sd).toBeLessThan(Math.log(1.15));
  expect(largest.correlation).toBeLessThan(0.1);
}

describe("means within 0.2 sd, sd within 15 %, correlations within 0.1 of the posterior of the whole data", () => {
  test.each([
    { name: "laminar_flow", frames: 100, noise: 0.002, shards: 4 },
    { name: "two_component", frames: 140, noise: 0.0007, shards: 2 },
  ])("for the consensus itself where a shard knows its parameters well: $shards of $name", async (one) => {
    const { consensus, whole } = await sampled(one);
    expect(whole.isTrustworthy, whole.advice.join()).toBe(true);
    expect(consensus.isTrustworthy, consensus.advice.join()).toBe(true);
    expectSame(consensus.combined, whole.posterior);
    expectSame(consensus.posterior, whole.posterior);
  });

  test("for the corrected draws where small shards of noisy data make a consensus that is off", async () => {
    const { consensus, whole } = await sampled({ name: "laminar_flow", frames: 100, noise: 0.006, shards: 6 });
    expect(differences(consensus.combined, whole.posterior).mean).toBeGreaterThan(0.2);
    expect([consensus.isCorrected, consensus.isTrustworthy], consensus.advice.join()).toEqual([true, true]);
    expectSame(consensus.posterior, whole.posterior);
  });
});
