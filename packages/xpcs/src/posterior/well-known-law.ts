import type { FitResult } from "../fit/fit-result.ts";
import type { SampledQuantity } from "./posterior-spec.ts";
import { LawShift, type Straightening } from "./straightening.ts";
import { unconstrainValues } from "./unconstrain.ts";

/** Standard deviation of a coordinate, of which bounds alone leave 1.8, below which a quantity counts as well known. */
const WELL_KNOWN = 0.5;
/** Step of the differences, in standard errors of the fit. */
const STEP = 1e-3;

/**
 * Whether the fit knows every quantity of a law well within its bounds. Where it does not, bounds and priors shape the
 * posterior; they lie straight in the plain coordinates and bent in those of the law.
 */
export function isWellKnown(
  law: Straightening,
  quantities: readonly SampledQuantity[],
  start: Float64Array,
  { covariance }: FitResult,
): boolean {
  const members = [law.amplitude, law.exponent, law.offset].filter((k) => k >= 0);
  const rows = members.map((k) => covariance.names.indexOf(quantities[k]!.name));
  if (rows.includes(-1)) return false;
  const count = covariance.names.length;
  const between = (a: number, b: number) => covariance.matrix[rows[a]! * count + rows[b]!]!;
  const coordinates = quantities.map(({ map }) => map);
  const shifts = [new LawShift(law, coordinates)];
  const place = (member: number, step: number) => {
    const moved = start.slice();
    moved[member] = start[member]! + step;
    return unconstrainValues({ quantities, noise: 1 }, shifts, moved, new Float64Array(quantities.length));
  };
  const slopes = members.map((member, m) => {
    const step = STEP * Math.sqrt(between(m, m));
    const { lower, upper } = quantities[member]!.map;
    const isInside = start[member]! - step > lower && start[member]! + step < upper;
    if (!(step > 0 && isInside)) return undefined;
    const [up, down] = [place(member, step), place(member, -step)];
    return members.map((k) => (up[k]! - down[k]!) / (2 * step));
  });
  return members.every((_, k) => {
    let variance = 0;
    for (const [a, left] of slopes.entries()) {
      if (left === undefined) return false;
      for (const [b, right] of slopes.entries()) variance += left[k]! * between(a, b) * (right?.[k] ?? Number.NaN);
    }
    return Math.sqrt(variance) < WELL_KNOWN;
  });
}
