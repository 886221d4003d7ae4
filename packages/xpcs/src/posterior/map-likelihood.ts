import { createMeshgrid, type Meshgrid } from "@siegert/physics-meshgrid";
import type { PairLikelihood } from "./pair-likelihood.ts";
import type { PosteriorSpec } from "./posterior-spec.ts";

/** Likelihood of whole maps. */
export class MapLikelihood implements PairLikelihood {
  readonly pairCount: number;
  readonly parameterCount: number;
  readonly #meshgrid: Meshgrid;

  /** @throws {InvalidArgumentError} for data or an experiment that cannot be. */
  constructor({ model, q, gap, phi, times, maps, engine }: PosteriorSpec) {
    this.#meshgrid = createMeshgrid({ model, experiment: { q, gap, phi, times }, c2: maps, engine });
    this.pairCount = this.#meshgrid.pairCount;
    this.parameterCount = this.#meshgrid.parameterCount;
  }

  logLikelihood(x: Float64Array, sigma: number): number {
    return this.#value(this.#meshgrid.chi2(x), sigma);
  }

  logLikelihoodAndSlopes(x: Float64Array, sigma: number, slopes: Float64Array): number {
    const byX = slopes.subarray(0, this.parameterCount);
    const chi2 = this.#meshgrid.chi2AndGradient(x, byX);
    const precision = 1 / (sigma * sigma);
    for (let k = 0; k < byX.length; k++) byX[k]! *= -0.5 * precision;
    slopes[this.parameterCount] = chi2 * precision - this.pairCount;
    return this.#value(chi2, sigma);
  }

  #value(chi2: number, sigma: number): number {
    return -0.5 * (chi2 / (sigma * sigma)) - this.pairCount * Math.log(sigma);
  }
}
