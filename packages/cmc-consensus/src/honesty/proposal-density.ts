/**
 * A density that covers the draws of a consensus and can be evaluated: a mixture of Student t distributions on the components of
 * a Gaussian mixture that fits the draws. The heavier tails keep importance weights bounded where a Gaussian's would not be.
 */
import { createRandom, type Random } from "@siegert/random";
import { logGamma } from "../combine/chi-square.ts";
import { cholesky, logDeterminant, solveLower, timesLower } from "../combine/cholesky.ts";
import type { Consensus } from "../combine/consensus.ts";
import { bestMixture } from "../combine/gaussian-mixture.ts";
import { thinned } from "../combine/linear-consensus.ts";

/** Degrees of freedom of the t distributions: tails to be safe, three finite moments of the weights for Gaussian targets. */
const DEGREES = 7;

interface Component {
  readonly weight: number;
  readonly mean: Float64Array;
  /** Lower factor of the scale matrix. */
  readonly factor: Float64Array;
  /** Logarithm of weight and of the constant of the density. */
  readonly logConstant: number;
}

/** The proposal: draws, and the density that they are from. */
export interface ProposalDensity {
  readonly components: number;
  /** A draw, into `out`. */
  draw(random: Random, out: Float64Array): void;
  /** Its normalised log density. */
  logDensity(point: Float64Array): number;
}

/** A proposal for the draws of a consensus; up to three components, as many as the draws ask for. */
export function proposalDensity(consensus: Consensus, seed: number): ProposalDensity {
  const { dim, values } = consensus;
  const total = values.length / dim;
  const count = Math.min(total, 3000);
  const sample = new Float64Array(count * dim);
  for (let n = 0; n < count; n++) {
    const at = thinned(n, count, total) * dim;
    sample.set(values.subarray(at, at + dim), n * dim);
  }
  const mixture = bestMixture(sample, dim, 3, createRandom(seed, "proposal-fit"));
  const components = mixture.components.map(({ weight, mean, covariance }): Component => {
    // The scale matrix of a t distribution with the component's covariance.
    const scale = covariance.map((x) => (x * (DEGREES - 2)) / DEGREES);
    const factor = cholesky(scale, dim)!;
    const constant = logGamma((DEGREES + dim) / 2) - logGamma(DEGREES / 2) - (dim / 2) * Math.log(DEGREES * Math.PI);
    return { weight, mean, factor, logConstant: Math.log(weight) + constant - logDeterminant(factor, dim) / 2 };
  });
  const weights = components.map(({ weight }) => weight);
  const z = new Float64Array(dim);
  return {
    components: components.length,
    draw(random, out) {
      const { mean, factor } = components[random.categorical(weights)]!;
      random.fillNormal(z);
      timesLower(factor, dim, z, out);
      const stretch = Math.sqrt(DEGREES / random.gamma(DEGREES / 2, 2));
      for (let i = 0; i < dim; i++) out[i] = mean[i]! + stretch * out[i]!;
    },
    logDensity: (point) => logT(components, dim, point, z),
  };
}

function logT(components: readonly Component[], dim: number, point: Float64Array, z: Float64Array): number {
  let largest = -Infinity;
  const logs = components.map(({ mean, factor, logConstant }) => {
    for (let i = 0; i < dim; i++) z[i] = point[i]! - mean[i]!;
    const log = logConstant - ((DEGREES + dim) / 2) * Math.log1p(solveLower(factor, dim, z) / DEGREES);
    largest = Math.max(largest, log);
    return log;
  });
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
