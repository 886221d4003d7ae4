import type { ExplainedLogDensity, LogDensityTerm, NamedLogDensity, NamedParameter } from "@siegert/log-density";
import type { PairLikelihood } from "./pair-likelihood.ts";
import type { CoordinateSpec } from "./posterior-spec.ts";
import { SampledCoordinates } from "./sampled-coordinates.ts";

/**
 * Posterior of the parameters given measured pairs of frames: Gaussian noise, independent between pairs, times the priors
 * and the Jacobian (to the powers of the description), on unconstrained coordinates. The value is exact up to a constant,
 * the gradient analytic.
 */
export class PairPosterior implements NamedLogDensity, ExplainedLogDensity {
  readonly dim: number;
  /** The sampled quantities and, when it is sampled, sigma. */
  readonly parameters: readonly NamedParameter[];
  readonly constrainedDim: number;
  readonly #coordinates: SampledCoordinates;
  readonly #likelihood: PairLikelihood;
  readonly #slopes: Float64Array;

  constructor(spec: CoordinateSpec, likelihood: PairLikelihood) {
    this.#coordinates = new SampledCoordinates(spec);
    this.#likelihood = likelihood;
    this.#slopes = new Float64Array(likelihood.parameterCount + 1);
    this.dim = this.#coordinates.dim;
    this.parameters = this.#coordinates.parameters;
    this.constrainedDim = this.dim;
  }

  /** Pairs of frames that count. */
  get pairCount(): number {
    return this.#likelihood.pairCount;
  }

  logDensity(position: Float64Array): number {
    const x = this.#coordinates.place(position);
    return this.#likelihood.logLikelihood(x, this.#coordinates.sigma(position)) + this.#coordinates.logPrior(position);
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    const x = this.#coordinates.place(position);
    const sigma = this.#coordinates.sigma(position);
    const likelihood = this.#likelihood.logLikelihoodAndSlopes(x, sigma, this.#slopes);
    const value = likelihood + this.#coordinates.logPrior(position, gradient);
    this.#coordinates.addLikelihood(this.#slopes, gradient);
    return value;
  }

  constrain(position: Float64Array, values: Float64Array): Float64Array {
    return this.#coordinates.constrain(position, values);
  }

  unconstrain(values: Float64Array, position: Float64Array): Float64Array {
    return this.#coordinates.unconstrain(values, position);
  }

  coordinateName(index: number): string {
    return this.#coordinates.coordinateName(index);
  }

  terms(position: Float64Array): readonly LogDensityTerm[] {
    const x = this.#coordinates.place(position);
    const likelihood = this.#likelihood.logLikelihood(x, this.#coordinates.sigma(position));
    return [{ name: "likelihood of the maps", value: likelihood }, ...this.#coordinates.priorTerms()];
  }

  /** The full vector (physics, contrast and offset per angle) at a position; valid until the next call. */
  expand(position: Float64Array): Float64Array {
    return this.#coordinates.place(position);
  }
}
