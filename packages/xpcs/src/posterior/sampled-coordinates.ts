import type { NamedParameter } from "@siegert/log-density";
import { applyScaling } from "../fit/scaling-basis.ts";
import { LOG_SLOPE, LOG_SLOPE_SLOPE, mapCoordinate, SLOPE, VALUE } from "./coordinate-map.ts";
import type { CoordinateSpec } from "./posterior-spec.ts";
import { priorTerm } from "./prior.ts";
import { LawShift } from "./straightening.ts";
import { unconstrainValues } from "./unconstrain.ts";

/**
 * The unconstrained coordinates of a posterior: the way from them to the parameters and to the full vector, the priors with
 * the Jacobian, and the way back of derivatives. All that a posterior has but its data.
 *
 * Calls share buffers; one object serves one thread.
 */
export class SampledCoordinates {
  readonly dim: number;
  /** The sampled quantities and, when it is sampled, sigma. */
  readonly parameters: readonly NamedParameter[];
  readonly constrainedDim: number;
  readonly isNoiseSampled: boolean;
  readonly #spec: CoordinateSpec;
  readonly #powers: Float64Array;
  readonly #x: Float64Array;
  readonly #u: Float64Array;
  readonly #mapped: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #shifts: readonly LawShift[];
  readonly #prior: Float64Array = new Float64Array(2);

  constructor(spec: CoordinateSpec) {
    this.#spec = spec;
    const { quantities, laws, scaling, model, priorPower } = spec;
    this.isNoiseSampled = typeof spec.noise !== "number";
    this.dim = quantities.length + (this.isNoiseSampled ? 1 : 0);
    this.constrainedDim = this.dim;
    const names = quantities.map(({ name }) => name);
    this.parameters = (this.isNoiseSampled ? [...names, "sigma"] : names).map((name) => ({ name, shape: [] }));
    this.#powers = typeof priorPower === "number" ? new Float64Array(this.dim).fill(priorPower) : priorPower;
    this.#x = new Float64Array(model.parameters.length + scaling.fixed.length);
    this.#u = new Float64Array(quantities.length);
    this.#mapped = new Float64Array(4 * quantities.length);
    this.#coefficients = new Float64Array(scaling.names.length);
    const maps = quantities.map(({ map }) => map);
    this.#shifts = laws.map((law) => new LawShift(law, maps));
  }

  /** Writes the values of the sampled quantities (and sigma) at a position. */
  constrain(position: Float64Array, values: Float64Array): Float64Array {
    this.place(position);
    for (let k = 0; k < this.#u.length; k++) values[k] = this.#mapped[4 * k + VALUE]!;
    if (this.isNoiseSampled) values[this.dim - 1] = this.sigma(position);
    return values;
  }

  /** @throws {InvalidArgumentError} for a value that is not strictly within its bounds. */
  unconstrain(values: Float64Array, position: Float64Array): Float64Array {
    return unconstrainValues(this.#spec, this.#shifts, values, position);
  }

  coordinateName(index: number): string {
    return this.parameters[index]!.name;
  }

  /**
   * Maps the coordinates, undoing the straightening of each law, and fills in the full vector (physics, contrast and offset
   * per angle), which is valid until the next call.
   */
  place(position: Float64Array): Float64Array {
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
    return x;
  }

  /** The full vector at a position; valid until the next call. */
  expand(position: Float64Array): Float64Array {
    return this.place(position);
  }

  /** The noise at a position. */
  sigma(position: Float64Array): number {
    const { noise } = this.#spec;
    return typeof noise === "number" ? noise : Math.exp(position[this.dim - 1]!);
  }

  /**
   * Priors and Jacobians of the placed position, each to its power; with `gradient`, writes their derivatives by the mapped
   * coordinates.
   */
  logPrior(position: Float64Array, gradient?: Float64Array): number {
    const { quantities, noise } = this.#spec;
    const powers = this.#powers;
    let total = 0;
    for (let k = 0; k < quantities.length; k++) {
      const { prior, map } = quantities[k]!;
      const at = 4 * k;
      const power = powers[k]!;
      priorTerm(prior, map.lower, map.upper, this.#mapped[at + VALUE]!, this.#prior);
      total += power * (this.#prior[0]! + this.#mapped[at + LOG_SLOPE]!);
      if (gradient)
        gradient[k] = power * (this.#prior[1]! * this.#mapped[at + SLOPE]! + this.#mapped[at + LOG_SLOPE_SLOPE]!);
    }
    if (typeof noise !== "number") {
      const power = powers[this.dim - 1]!;
      const z = (position[this.dim - 1]! - noise.logMean) / noise.logSd;
      total += -0.5 * power * z * z;
      if (gradient) gradient[this.dim - 1] = (-power * z) / noise.logSd;
    }
    return total;
  }

  /** The log prior of each quantity at the placed position, power and Jacobian left out. */
  priorTerms(): { readonly name: string; readonly value: number }[] {
    return this.#spec.quantities.map(({ name, prior, map }, k) => {
      priorTerm(prior, map.lower, map.upper, this.#mapped[4 * k + VALUE]!, this.#prior);
      return { name: `prior of ${name}`, value: this.#prior[0]! };
    });
  }

  /**
   * Adds a likelihood's derivatives to the gradient that `logPrior` wrote, and turns the sum into derivatives by the sampled
   * coordinates.
   *
   * @param slopes by the full vector, and by ln σ last; changed.
   */
  addLikelihood(slopes: Float64Array, gradient: Float64Array): void {
    const { quantities, tied, scaling, model } = this.#spec;
    for (const [follower, leader] of tied) slopes[leader]! += slopes[follower]!;
    const first = model.parameters.length;
    const last = slopes.length - 1;
    const count = scaling.names.length;
    for (let k = 0; k < quantities.length; k++) {
      const { role, index } = quantities[k]!;
      let slope = 0;
      if (role === "physical") slope = slopes[index]!;
      else
        for (let row = first; row < last; row++) slope += slopes[row]! * scaling.matrix[(row - first) * count + index]!;
      gradient[k]! += slope * this.#mapped[4 * k + SLOPE]!;
    }
    for (const shift of this.#shifts) this.#throughShift(shift, gradient);
    if (this.isNoiseSampled) gradient[this.dim - 1]! += slopes[last]!;
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
}
