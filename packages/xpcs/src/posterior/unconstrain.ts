import { InvalidArgumentError } from "@siegert/errors";
import { coordinateOf } from "./coordinate-map.ts";
import type { PosteriorSpec } from "./posterior-spec.ts";
import type { LawShift } from "./straightening.ts";

/**
 * Writes the unconstrained coordinates of values: bounds first, then the shifts of each law, and ln σ last where the noise
 * is sampled.
 *
 * @param shifts one per law of the posterior.
 * @param values of the sampled quantities (and sigma).
 * @throws {InvalidArgumentError} for a value that is not strictly within its bounds.
 */
export function unconstrainValues(
  { quantities, noise }: Pick<PosteriorSpec, "quantities" | "noise">,
  shifts: readonly LawShift[],
  values: Float64Array,
  position: Float64Array,
): Float64Array {
  for (const [k, { map, name }] of quantities.entries()) position[k] = coordinateOf(map, values[k]!, name);
  for (const shift of shifts) {
    const { amplitude, exponent, offset, centre } = shift.law;
    const a = amplitude < 0 ? centre.amplitude : values[amplitude]!;
    shift.atAmplitude(a);
    shift.atPair(a, exponent < 0 ? centre.exponent : values[exponent]!);
    if (exponent >= 0) position[exponent]! -= shift.exponentShift;
    if (offset >= 0) position[offset]! -= shift.offsetShift;
  }
  if (typeof noise !== "number") {
    const sigma = values[quantities.length]!;
    if (!(sigma > 0 && sigma < Infinity)) throw new InvalidArgumentError("sigma", "be positive and finite", sigma);
    position[quantities.length] = Math.log(sigma);
  }
  return position;
}
