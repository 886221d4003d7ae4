/** Below this value of Φ² the series are used, above it sin Φ / Φ: dividing a rounded sine by a small Φ loses digits. */
export const SERIES_LIMIT = 1;

/** Coefficients of sin Φ / Φ in powers of Φ²: (−1)^k / (2k+1)!. The first term left out is 1/19! = 8e-18. */
export const SINC_SERIES: readonly number[] = Array.from({ length: 9 }, (_, k) => (-1) ** k / factorial(2 * k + 1));

/**
 * Coefficients of (d/dΦ sin Φ / Φ) / Φ in powers of Φ²: (−1)^(k+1) (2k+2) / (2k+3)!. The first term left out is 4e-19.
 */
export const SLOPE_SERIES: readonly number[] = Array.from(
  { length: 9 },
  (_, k) => ((-1) ** (k + 1) * (2 * k + 2)) / factorial(2 * k + 3),
);

const [S0, S1, S2, S3, S4, S5, S6, S7, S8] = SINC_SERIES as Nine;
const [D0, D1, D2, D3, D4, D5, D6, D7, D8] = SLOPE_SERIES as Nine;

type Nine = [number, number, number, number, number, number, number, number, number];

/** sin Φ / Φ for x = Φ² < 1. */
export function sincSeries(x: number): number {
  return S0 + x * (S1 + x * (S2 + x * (S3 + x * (S4 + x * (S5 + x * (S6 + x * (S7 + x * S8)))))));
}

/** The derivative of sin Φ / Φ by Φ, divided by Φ, for x = Φ² < 1. */
export function slopeSeries(x: number): number {
  return D0 + x * (D1 + x * (D2 + x * (D3 + x * (D4 + x * (D5 + x * (D6 + x * (D7 + x * D8)))))));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
