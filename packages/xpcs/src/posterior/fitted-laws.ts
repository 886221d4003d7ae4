import type { FitResult } from "../fit/fit-result.ts";
import { lawsOf } from "../fit/law.ts";
import type { SampledQuantity } from "./posterior-spec.ts";
import type { Straightening } from "./straightening.ts";
import { isWellKnown } from "./well-known-law.ts";

/** Least pL at which a law is straightened, well above the fold at −1. */
const LEAST_POWER = -0.3;

/** Laws that the fit knows well, each straightened about the time at which it knows it best. */
export function fittedLaws(
  quantities: readonly SampledQuantity[],
  start: Float64Array,
  result: FitResult,
  times: Float64Array,
): Straightening[] {
  return straightenings(quantities, start, result, times).filter((law) => isWellKnown(law, quantities, start, result));
}

function straightenings(
  quantities: readonly SampledQuantity[],
  start: Float64Array,
  result: FitResult,
  times: Float64Array,
): Straightening[] {
  const position = (index: number) => quantities.findIndex((q) => q.role === "physical" && q.index === index);
  return lawsOf(result.model, result.vector, times).flatMap(({ parameters, at }) => {
    const [amplitude, exponent, offset] = parameters.map(position) as [number, number, number];
    if ([amplitude, exponent, offset].filter((k) => k >= 0).length < 2) return [];
    const value = (k: number, index: number) => (k < 0 ? result.vector[index]! : start[k]!);
    const centre = {
      amplitude: value(amplitude, parameters[0]),
      exponent: value(exponent, parameters[1]),
      offset: value(offset, parameters[2]),
    };
    if (!(centre.amplitude > 0)) return [];
    return [{ amplitude, exponent, offset, centre, at: bestKnown(at, parameters, centre, result) }];
  });
}

/**
 * The L at which the fit's standard error of A·e^{pL} + c is smallest, among those at which amplitude and exponent that keep
 * its slope p·A·e^{pL} do not fold back near the fit (at pL = −1 they do).
 */
function bestKnown(
  at: readonly number[],
  parameters: readonly number[],
  centre: Straightening["centre"],
  result: FitResult,
): number {
  const { names, matrix } = result.covariance;
  const rows = parameters.map((index) => names.indexOf(result.parameters[index]!.name));
  const covariance = (a: number, b: number) => (a < 0 || b < 0 ? 0 : matrix[a * names.length + b]!);
  const powers = at.map((L) => centre.exponent * L);
  const least = Math.min(LEAST_POWER, Math.max(...powers));
  let best = at[powers.findIndex((power) => power >= least)]!;
  let smallest = Infinity;
  for (const [k, L] of at.entries()) {
    if (powers[k]! < least) continue;
    const growth = Math.exp(powers[k]!);
    const slopes = [growth, centre.amplitude * L * growth, 1];
    let variance = 0;
    for (const [i, left] of slopes.entries()) {
      for (const [j, right] of slopes.entries()) variance += left * covariance(rows[i]!, rows[j]!) * right;
    }
    if (variance > 0 && variance < smallest) {
      smallest = variance;
      best = L;
    }
  }
  return best;
}
