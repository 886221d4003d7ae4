/** Verdict on a fit, from its reduced χ² and the number of parameters that ended at a bound. */
export type FitQuality = "good" | "marginal" | "poor";

/**
 * One table for every size and route: `good` below 1.5 with nothing at a bound, `marginal` below 3 with at most two
 * parameters at bounds, else `poor`.
 *
 * @param reducedChi2 χ² per degree of freedom, with a noise level that does not come from the fit itself.
 */
export function fitQuality(reducedChi2: number, atBounds: number): FitQuality {
  if (reducedChi2 < 1.5 && atBounds === 0) return "good";
  return reducedChi2 < 3 && atBounds <= 2 ? "marginal" : "poor";
}

/** Whether a value lies on a bound, to a millionth of the range (or of the bound, when the range is infinite). */
export function isAtBound(value: number, lower: number, upper: number): boolean {
  const range = upper - lower;
  const tolerance = 1e-6 * (Number.isFinite(range) ? range : Math.max(1, Math.abs(value)));
  return value - lower <= tolerance || upper - value <= tolerance;
}
