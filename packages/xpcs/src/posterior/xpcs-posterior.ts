import type { ExplainedLogDensity, LogDensityTerm, NamedLogDensity, NamedParameter } from "@siegert/log-density";
import { createMeshgrid, type Meshgrid } from "@siegert/physics-meshgrid";
import { applyScaling } from "../fit/scaling-basis.ts";
import { LOG_SLOPE, LOG_SLOPE_SLOPE, mapCoordinate, SLOPE, VALUE } from "./coordinate-map.ts";
import type { PosteriorSpec } from "./posterior-spec.ts";
import { priorTerm } from "./prior.ts";
import { LawShift } from "./straightening.ts";
import { unconstrainValues } from "./unconstrain.ts";

/**
 * Posterior of the parameters given correlation maps: Gaussian noise, independent between pairs of frames, times the
 * priors, on unconstrained coordinates. The value is exact up to a constant, the gradient analytic.
 */
export class XpcsPosterior implements NamedLogDensity, ExplainedLogDensity {
  readonly dim: number;
  /** The sampled quantities and, when it is sampled, sigma. */
  readonly parameters: readonly NamedParameter[];
  readonly constrainedDim: number;
  readonly #spec: PosteriorSpec;
  readonly #meshgrid: Meshgrid;
  readonly #isNoiseSampled: boolean;
  readonly #x: Float64Array;
  readonly #byX: Float64Array;
  readonly #u: Float64Array;
  readonly #mapped: Float64Array;
  readonly #byU: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #shifts: readonly LawShift[];
  readonly #prior: Float64Array = new Float64Array(2);

  /** @throws {InvalidArgumentError} for data or an experiment that cannot be. */
  constructor(spec: PosteriorSpec) {
    this.#spec = spec;
    const { model, q, gap, phi, times, maps, quantities, engine } = spec;
    this.#meshgrid = createMeshgrid({ model, experiment: { q, gap, phi, times }, c2: maps, engine });
    this.#isNoiseSampled = typeof spec.noise !== "number";
    this.dim = quantities.length + (this.#isNoiseSampled ? 1 : 0);
    this.constrainedDim = this.dim;
    const names = quantities.map(({ name }) => name);
    this.parameters = (this.#isNoiseSampled ? [...names, "sigma"] : names).map((name) => ({ name, shape: [] }));
    this.#x = new Float64Array(this.#meshgrid.parameterCount);
    this.#byX = new Float64Array(this.#meshgrid.parameterCount);
    this.#u = new Float64Array(quantities.length);
    this.#byU = new Float64Array(quantities.length);
    this.#mapped = new Float64Array(4 * quantities.length);
    this.#coefficients = new Float64Array(spec.scaling.names.length);
    const coordinates = quantities.map(({ map }) => map);
    this.#shifts = spec.laws.map((law) => new LawShift(law, coordinates));
  }

  /** Pairs of frames that count. */
  get pairCount(): number {
    return this.#meshgrid.pairCount;
  }

  logDensity(position: Float64Array): number {
    this.#place(position);
    const sigma = this.#sigma(position);
    return this.#logLikelihood(this.#meshgrid.chi2(this.#x), sigma) + this.#logPrior(position);
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    this.#place(position);
    const sigma = this.#sigma(position);
    const chi2 = this.#meshgrid.chi2AndGradient(this.#x, this.#byX);
    const value = this.#logLikelihood(chi2, sigma) + this.#logPrior(position, gradient);
    this.#addLikelihoodSlopes(-0.5 / (sigma * sigma));
    for (let k = 0; k < this.#u.length; k++) gradient[k]! += this.#byU[k]! * this.#mapped[4 * k + SLOPE]!;
    for (const shift of this.#shifts) this.#throughShift(shift, gradient);
    if (this.#isNoiseSampled) gradient[this.dim - 1]! += chi2 / (sigma * sigma) - this.#meshgrid.pairCount;
    return value;
  }

  constrain(position: Float64Array, values: Float64Array): Float64Array {
    this.#place(position);
    for (let k = 0; k < this.#u.length; k++) values[k] = this.#mapped[4 * k + VALUE]!;
    if (this.#isNoiseSampled) values[this.dim - 1] = this.#sigma(position);
    return values;
  }

  unconstrain(values: Float64Array, position: Float64Array): Float64Array {
    return unconstrainValues(this.#spec, this.#shifts, values, position);
  }

  coordinateName(index: number): string {
    return this.parameters[index]!.name;
  }

  terms(position: Float64Array): readonly LogDensityTerm[] {
    this.#place(position);
    const { quantities } = this.#spec;
    const priors = quantities.map(({ name, prior, map }, k) => {
      priorTerm(prior, map.lower, map.upper, this.#mapped[4 * k + VALUE]!, this.#prior);
      return { name: `prior of ${name}`, value: this.#prior[0]! };
    });
    const likelihood = this.#logLikelihood(this.#meshgrid.chi2(this.#x), this.#sigma(position));
    return [{ name: "likelihood of the maps", value: likelihood }, ...priors];
  }

  /** The full vector (physics, contrast and offset per angle) at a position; valid until the next call. */
  expand(position: Float64Array): Float64Array {
    this.#place(position);
    return this.#x;
  }

  /** Maps the coordinates, undoing the straightening of each law, and fills in the full vector. */
  #place(position: Float64Array): void {
    const { quantities, values, tied, scaling, model } = this.#spec;
    for (let k = 0; k < quantities.length; k++) this.#u[k] = position[k]!;
    for (let k = 0; k < quantities.length; k++) this.#map(k);
    for (const shift of this.#shifts) this.#shift(shift);
    const x = this.#x;
    x.set(values);
    for (let k = 0; k < quantities.length; k++) {
      const { role, index } = quantities[k]!;
      if (role === "physical") x[index] = this.#mapped[4 * k + VALUE]!;
      else this.#coefficients[index] = this.#mapped[4 * k + VALUE]!;
    }
    for (const [follower, leader] of tied) x[follower] = x[leader]!;
    applyScaling(scaling, this.#coefficients, x.subarray(model.parameters.length));
  }

  /** Moves the exponent and the offset of a law along with its amplitude. */
  #shift(shift: LawShift): void {
    const { amplitude, exponent, offset, centre } = shift.law;
    const a = amplitude < 0 ? centre.amplitude : this.#mapped[4 * amplitude + VALUE]!;
    shift.atAmplitude(a);
    if (exponent >= 0) {
      this.#u[exponent]! += shift.exponentShift;
      this.#map(exponent);
    }
    shift.atPair(a, exponent < 0 ? centre.exponent : this.#mapped[4 * exponent + VALUE]!);
    if (offset >= 0) {
      this.#u[offset]! += shift.offsetShift;
      this.#map(offset);
    }
  }

  /** Turns derivatives by the mapped coordinates of a law into those by the sampled ones, last shift first. */
  #throughShift(shift: LawShift, gradient: Float64Array): void {
    const { amplitude, exponent, offset } = shift.law;
    const byOffset = offset < 0 ? 0 : gradient[offset]!;
    const slope = (k: number) => this.#mapped[4 * k + SLOPE]!;
    if (exponent >= 0) gradient[exponent]! += byOffset * shift.offsetByExponent * slope(exponent);
    if (amplitude < 0) return;
    const byExponent = exponent < 0 ? 0 : gradient[exponent]!;
    gradient[amplitude]! +=
      (byOffset * shift.offsetByAmplitude + byExponent * shift.exponentByAmplitude) * slope(amplitude);
  }

  #map(k: number): void {
    mapCoordinate(this.#spec.quantities[k]!.map, this.#u[k]!, this.#mapped.subarray(4 * k, 4 * k + 4));
  }

  #sigma(position: Float64Array): number {
    const { noise } = this.#spec;
    return typeof noise === "number" ? noise : Math.exp(position[this.dim - 1]!);
  }

  #logLikelihood(chi2: number, sigma: number): number {
    return -0.5 * (chi2 / (sigma * sigma)) - this.#meshgrid.pairCount * Math.log(sigma);
  }

  /** Priors and Jacobians; with `gradient`, writes their derivatives by u. */
  #logPrior(position: Float64Array, gradient?: Float64Array): number {
    const { quantities, noise, priorPower } = this.#spec;
    let total = 0;
    for (let k = 0; k < quantities.length; k++) {
      const { prior, map } = quantities[k]!;
      const at = 4 * k;
      priorTerm(prior, map.lower, map.upper, this.#mapped[at + VALUE]!, this.#prior);
      total += priorPower * this.#prior[0]! + this.#mapped[at + LOG_SLOPE]!;
      if (gradient)
        gradient[k] = priorPower * this.#prior[1]! * this.#mapped[at + SLOPE]! + this.#mapped[at + LOG_SLOPE_SLOPE]!;
    }
    if (typeof noise !== "number") {
      const z = (position[this.dim - 1]! - noise.logMean) / noise.logSd;
      total += -0.5 * priorPower * z * z;
      if (gradient) gradient[this.dim - 1] = (-priorPower * z) / noise.logSd;
    }
    return total;
  }

  /** Writes the derivatives of the likelihood by every sampled quantity to #byU. */
  #addLikelihoodSlopes(factor: number): void {
    const { quantities, tied, scaling, model } = this.#spec;
    const byX = this.#byX;
    for (const [follower, leader] of tied) byX[leader]! += byX[follower]!;
    const first = model.parameters.length;
    const count = scaling.names.length;
    for (let k = 0; k < quantities.length; k++) {
      const { role, index } = quantities[k]!;
      let slope = 0;
      if (role === "physical") slope = byX[index]!;
      else
        for (let row = first; row < byX.length; row++)
          slope += byX[row]! * scaling.matrix[(row - first) * count + index]!;
      this.#byU[k] = factor * slope;
    }
  }
}

/** Makes the posterior from its plain description: what a thread is asked to do. */
export function createPosterior(spec: PosteriorSpec): XpcsPosterior {
  return new XpcsPosterior(spec);
}
