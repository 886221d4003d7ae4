/**
 * Draws from the product of density estimates of the shards.
 *
 * Source: Neiswanger, Wang & Xing (2014), Asymptotically exact, embarrassingly parallel MCMC, arXiv:1311.4780: the
 * nonparametric estimate (section 3.2) smooths draws with Gaussian kernels, the semiparametric one (section 3.3) multiplies
 * a Gaussian by such a correction. The product is a mixture over one draw of every shard, sampled by Metropolis steps on
 * one shard's choice at a time (algorithm 1) while the kernel width falls.
 *
 * Deviations: width is in units of a shard's typical covariance, where the paper leaves the scale to the user; it falls to its
 * final value n^(−1/(4 + p)) in a warmup that is not kept; and the nonparametric estimate draws kernels towards the shard's
 * mean by √(1 − h²), so that smoothing does not widen it (West 1993, 10.1111/j.2517-6161.1993.tb01911.x).
 */
import { rhat } from "@siegert/diagnostics";
import { createRandom, type Random } from "@siegert/random";
import { solveLower, solveUpper, timesLower } from "./cholesky.ts";
import type { Combination, CombineJob } from "./combination.ts";
import type { CombineWarning } from "./consensus.ts";
import { KernelChoice } from "./kernel-choice.ts";
import { type KernelSpace, type KernelWidth, kernelSpace, kernelWidth } from "./kernel-space.ts";
import { drawsKept, onlyShard } from "./linear-methods.ts";

export function semiparametricProduct(job: CombineJob): Combination {
  return densityProduct(job, "semiparametric");
}

export function nonparametricProduct(job: CombineJob): Combination {
  return densityProduct(job, "nonparametric");
}

function densityProduct(job: CombineJob, method: "semiparametric" | "nonparametric"): Combination {
  const { set, options } = job;
  if (set.shards.length === 1) {
    const draws = drawsKept(job);
    return { method, job, draws, values: onlyShard(set, draws), extras: { acceptance: 1, rhat: Number.NaN } };
  }
  const { dim, chains } = set;
  const draws = options.draws ?? set.draws;
  const space = kernelSpace(job);
  const count = Math.min(...set.shards.map(({ posterior }) => posterior.chains * posterior.draws));
  const values = new Float64Array(chains * draws * dim);
  const warmup = Math.max(200, Math.ceil(draws / 4));
  const widths = Array.from({ length: WIDTHS }, (_, k) =>
    kernelWidth(space, count ** (-(k + 1) / WIDTHS / (4 + dim)), method === "semiparametric"),
  );
  let accepted = 0;
  for (let chain = 0; chain < chains; chain++) {
    const random = createRandom(options.seed, method, chain);
    const choice = new KernelChoice(job, space, method === "semiparametric", random);
    let inWarmup = 0;
    for (let sweep = 0; sweep < warmup; sweep++) {
      const moves = choice.sweep(widths[Math.floor((sweep * WIDTHS) / warmup)]!);
      if (2 * sweep >= warmup) inWarmup += moves;
    }
    const width = widths[WIDTHS - 1]!;
    const rate = Math.max(1, inWarmup) / (Math.floor(warmup / 2) * set.shards.length);
    const sweeps = sweepsPerDraw(rate, chains * draws * set.shards.length);
    for (let draw = 0; draw < draws; draw++) {
      for (let sweep = 0; sweep < sweeps; sweep++) accepted += choice.sweep(width) / sweeps;
      const at = (chain * draws + draw) * dim;
      drawGiven(choice.mean(), space, width, random, values.subarray(at, at + dim));
    }
  }
  const acceptance = accepted / (chains * draws * set.shards.length);
  const mixing = chains > 1 && draws >= 4 ? largestRhat(values, chains, draws, dim) : Number.NaN;
  return { method, job, draws, values, extras: { acceptance, rhat: mixing }, warnings: warningsOf(acceptance, mixing) };
}

/** Steps in which the kernel width falls from a shard's spread to its final value. */
const WIDTHS = 20;

/** Enough for every shard to change its draw about twice from one kept draw to the next, within bounds of patience. */
function sweepsPerDraw(rate: number, proposals: number): number {
  const patience = Math.max(1, Math.floor(MOST_PROPOSALS / proposals));
  return Math.min(Math.ceil(2 / rate), 50, patience);
}

/** About ten seconds. */
const MOST_PROPOSALS = 3e7;

/** A draw of the chosen mixture component, from kernel space back to the full posterior's coordinates. */
function drawGiven(
  mean: Float64Array,
  space: KernelSpace,
  width: KernelWidth,
  random: Random,
  out: Float64Array,
): void {
  const dim = mean.length;
  const { conditional, h } = width;
  const x = new Float64Array(dim);
  // The product's mean is the origin of the space, so Σ⁻¹ μ is zero and the pull is D mean / h².
  for (let i = 0; i < dim; i++) x[i] = (space.counts[i]! * mean[i]!) / (h * h);
  solveLower(conditional, dim, x);
  for (let i = 0; i < dim; i++) x[i]! += random.normal();
  solveUpper(conditional, dim, x);
  timesLower(space.factor, dim, x, out);
  for (let i = 0; i < dim; i++) out[i]! += space.origin[i]!;
}

function largestRhat(values: Float64Array, chains: number, draws: number, dim: number): number {
  let largest = 0;
  const one = new Float64Array(chains * draws);
  for (let i = 0; i < dim; i++) {
    for (let n = 0; n < one.length; n++) one[n] = values[n * dim + i]!;
    largest = Math.max(largest, rhat({ values: one, chains, draws }));
  }
  return largest;
}

function warningsOf(acceptance: number, mixing: number): readonly CombineWarning[] {
  const warnings: CombineWarning[] = [];
  if (acceptance < 0.02) {
    const message =
      `only ${(100 * acceptance).toFixed(1)} % of the moves between draws of the shards were accepted: too many shards or ` +
      `coordinates for a density product; use consensus or robust`;
    warnings.push({ code: "low-acceptance", message });
  }
  if (mixing > 1.05) {
    const message = `the chains over choices of draws disagree (R-hat ${mixing.toFixed(2)}): take more draws, or another method`;
    warnings.push({ code: "chains-disagree", message });
  }
  return warnings;
}
