/**
 * S(Φ) = (sin Φ / Φ)^p, p = 2 or 4, and its derivative, without cancellation near Φ = 0: below |Φ| = 1/2 from the Taylor
 * series of sin Φ/Φ and of its derivative over Φ in Φ², 8 terms each (the next is below 1e-18).
 */
export const SERIES_LIMIT = 0.5;

/** Coefficients of sin Φ/Φ = Σ_k c_k Φ^{2k}: (−1)^k/(2k+1)!. */
export const SINC_SERIES: readonly number[] = Array.from({ length: 8 }, (_, k) => sign(k) / factorial(2 * k + 1));

/** Coefficients of (d/dΦ)(sin Φ/Φ) = Φ Σ_k c_k Φ^{2k}: (−1)^{k+1} (2k+2)/(2k+3)!. */
export const SLOPE_SERIES: readonly number[] = Array.from(
  { length: 8 },
  (_, k) => (-sign(k) * (2 * k + 2)) / factorial(2 * k + 3),
);

function sign(k: number): number {
  return k % 2 === 0 ? 1 : -1;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** sin Φ/Φ from its series; for |Φ| < {@link SERIES_LIMIT}. */
export function sincSeries(phase: number): number {
  return polynomial(SINC_SERIES, phase * phase);
}

/** (d/dΦ)(sin Φ/Φ) from its series; for |Φ| < {@link SERIES_LIMIT}. */
export function sincSlopeSeries(phase: number): number {
  return phase * polynomial(SLOPE_SERIES, phase * phase);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
  return sum;
}
