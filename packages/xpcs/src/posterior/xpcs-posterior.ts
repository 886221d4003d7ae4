import { MapLikelihood } from "./map-likelihood.ts";
import { PairPosterior } from "./pair-posterior.ts";
import type { PosteriorSpec } from "./posterior-spec.ts";

/**
 * Posterior of the parameters given whole correlation maps: Gaussian noise, independent between pairs of frames, times the
 * priors, on unconstrained coordinates. The value is exact up to a constant, the gradient analytic.
 */
export class XpcsPosterior extends PairPosterior {
  /** @throws {InvalidArgumentError} for data or an experiment that cannot be. */
  constructor(spec: PosteriorSpec) {
    super(spec, new MapLikelihood(spec));
  }
}

/** Makes the posterior from its plain description: what a thread is asked to do. */
export function createPosterior(spec: PosteriorSpec): XpcsPosterior {
  return new XpcsPosterior(spec);
}
