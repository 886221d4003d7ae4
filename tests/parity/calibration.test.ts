/**
 * Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788) of the whole way from maps to draws: parameters from
 * the priors, maps from the parameters, a least-squares fit, draws, and the rank of the truth among them.
 */
import { createRandom, type Random } from "@siegert/random";
import { type Config, fitCorrelation, fitOptions, inferPosterior, parseConfig, simulate } from "@siegert/xpcs";
import { expect, test } from "vitest";

interface Law {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly lower: number;
  readonly upper: number;
}

const LAWS: readonly Law[] = [
  { name: "D0", mean: 9000, sd: 3000, lower: 100, upper: 20_000 },
  { name: "alpha", mean: -0.3, sd: 0.2, lower: -1, upper: 0.5 },
  { name: "D_offset", mean: 400, sd: 200, lower: 0, upper: 1000 },
  { name: "contrast", mean: 0.3, sd: 0.05, lower: 0.05, upper: 0.6 },
  { name: "offset", mean: 1, sd: 0.05, lower: 0.8, upper: 1.2 },
];
/** The prior of ln sigma that the posterior has. */
const LOG_SIGMA = { mean: Math.log(0.05), sd: 2 };
const FRAMES = 20;
const RANKS = 63;
const THIN = 8;
const BINS = 16;

const sampling = `
optimization:
  cmc: { per_shard_mcmc: { num_warmup: 250, num_samples: ${RANKS * THIN}, num_chains: 1, target_accept_prob: 0.9 } }`;

function configuration(start: readonly number[], priorScale: number): Config {
  const bounds = LAWS.map(
    ({ name, mean, sd, lower, upper }) =>
      `    - { name: ${name}, min: ${lower}, max: ${upper}, prior_mu: ${mean}, prior_sigma: ${sd * priorScale}, type: TruncatedNormal }`,
  );
  return parseConfig(`analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.5, end_frame: ${FRAMES} }
initial_parameters: { parameter_names: [${LAWS.map(({ name }) => name).join(", ")}], values: [${start.join(", ")}] }
parameter_space:
  bounds:
${bounds.join("\n")}${sampling}`);
}

function fromPrior({ mean, sd, lower, upper }: Law, random: Random): number {
  for (;;) {
    const value = mean + sd * random.normal();
    if (value > lower && value < upper) return value;
  }
}

/** p values, by sampled quantity, of the hypothesis that ranks are uniform. */
async function rankPs(replications: number, priorScale: number): Promise<Map<string, number>> {
  const counts = new Map<string, number[]>();
  for (let n = 0; n < replications; n++) {
    const random = createRandom(4, "calibration", n);
    const values = LAWS.map((law) => fromPrior(law, random));
    const sigma = Math.exp(LOG_SIGMA.mean + LOG_SIGMA.sd * random.normal());
    const data = simulate(configuration(values, 1), { noise: sigma, seed: n });
    const means = LAWS.map(({ mean }) => mean);
    const config = configuration(means, priorScale);
    const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
    const fit = await fitCorrelation(fitOptions(config, experiment, () => data.c2));
    const { posterior } = await inferPosterior(config, fit, experiment, [data.c2], { threads: 1, seed: n });
    [...values, sigma].forEach((truth, k) => {
      const name = posterior.draws.names[k]!;
      const draws = posterior.draws.values(name);
      let rank = 0;
      for (let draw = 0; draw < RANKS; draw++) if (draws[THIN * draw]! < truth) rank++;
      const bins = counts.get(name) ?? Array<number>(BINS).fill(0);
      const bin = Math.floor((BINS * rank) / (RANKS + 1));
      bins[bin] = bins[bin]! + 1;
      counts.set(name, bins);
    });
  }
  return new Map(Array.from(counts, ([name, bins]) => [name, uniformityP(bins)]));
}

/** p value of equal probabilities: the χ² tail for an odd number of degrees of freedom, by its finite sum. */
function uniformityP(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  const x = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  let term = Math.sqrt(x);
  let sum = term;
  for (let odd = 3; odd < counts.length - 1; odd += 2) {
    term *= x / odd;
    sum += term;
  }
  return 2 * normalTail(Math.sqrt(x)) + Math.sqrt(2 / Math.PI) * Math.exp(-x / 2) * sum;
}

/** P(z > x) by the trapezoidal rule, which converges faster than any power on such an integrand. */
function normalTail(x: number): number {
  const step = 0.01;
  let sum = 0.5 * Math.exp((-x * x) / 2);
  for (let z = x + step; z < x + 12; z += step) sum += Math.exp((-z * z) / 2);
  const ends = (step * step * x * Math.exp((-x * x) / 2)) / 12;
  return (step * sum - ends) / Math.sqrt(2 * Math.PI);
}

test("the ranks of the truth are uniform over 512 data sets of the static model", { timeout: 300_000 }, async () => {
  const ps = await rankPs(512, 1);
  expect([...ps.keys()]).toEqual(["D0", "alpha", "D_offset", "contrast[0]", "offset[0]", "sigma"]);
  for (const [name, p] of ps) expect(p, name).toBeGreaterThan(1e-3);
});

test("and are not when the priors sampled with are half as wide", { timeout: 300_000 }, async () => {
  const ps = await rankPs(64, 0.5);
  expect(Math.min(...ps.values())).toBeLessThan(1e-3);
});
