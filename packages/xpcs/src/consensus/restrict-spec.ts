import type { ScalingBasis } from "../fit/scaling-basis.ts";
import type { MeasurementSpec } from "../posterior/posterior-spec.ts";

/**
 * The coordinates that the likelihood of pairs at some angles depends on, ascending: the physics, sigma when it is sampled,
 * and those of the scaling coefficients that reach these angles.
 *
 * @param angles indices into `spec.phi`.
 */
export function informedCoordinates(spec: MeasurementSpec, angles: readonly number[]): number[] {
  const { quantities, scaling, noise } = spec;
  const kept = quantities.flatMap(({ role, index }, k) =>
    role === "physical" || reaches(scaling, index, angles) ? [k] : [],
  );
  return typeof noise === "number" ? kept : [...kept, quantities.length];
}

/**
 * The description of pairs at some angles only, over the coordinates that they inform.
 *
 * @param angles indices into `spec.phi`, ascending.
 * @param priorPower one per coordinate of the result.
 */
export function restrictSpec(
  spec: MeasurementSpec,
  angles: readonly number[],
  priorPower: Float64Array,
): MeasurementSpec {
  const { model, q, gap, phi, times, values, tied, scaling, quantities, laws, noise, engine } = spec;
  const kept = informedCoordinates(spec, angles).filter((k) => k < quantities.length);
  const columns = kept.flatMap((k) => (quantities[k]!.role === "scaling" ? [quantities[k]!.index] : []));
  const moved = (k: number) => (k < 0 ? -1 : kept.indexOf(k));
  return {
    model,
    q,
    gap,
    phi: angles.map((angle) => phi[angle]!),
    times,
    values,
    tied,
    scaling: restrictScaling(scaling, angles, columns),
    quantities: kept.map((k) => {
      const quantity = quantities[k]!;
      return quantity.role === "physical" ? quantity : { ...quantity, index: columns.indexOf(quantity.index) };
    }),
    laws: laws.map((law) => ({
      ...law,
      amplitude: moved(law.amplitude),
      exponent: moved(law.exponent),
      offset: moved(law.offset),
    })),
    noise,
    priorPower,
    engine,
  };
}

/** Whether a coefficient enters contrast or offset of any of some angles. */
function reaches({ matrix, names }: ScalingBasis, coefficient: number, angles: readonly number[]): boolean {
  const count = names.length;
  return angles.some(
    (angle) => matrix[2 * angle * count + coefficient] !== 0 || matrix[(2 * angle + 1) * count + coefficient] !== 0,
  );
}

function restrictScaling(
  { names, matrix, fixed, lower, upper }: ScalingBasis,
  angles: readonly number[],
  columns: readonly number[],
): ScalingBasis {
  const rows = angles.flatMap((angle) => [2 * angle, 2 * angle + 1]);
  return {
    names: columns.map((k) => names[k]!),
    matrix: Float64Array.from(rows.flatMap((row) => columns.map((k) => matrix[row * names.length + k]!))),
    fixed: Float64Array.from(rows, (row) => fixed[row]!),
    lower: Float64Array.from(columns, (k) => lower[k]!),
    upper: Float64Array.from(columns, (k) => upper[k]!),
  };
}
