/** Points of a density estimate: positions ascending. */
export interface DensityCurve {
  readonly at: Float64Array;
  readonly density: Float64Array;
}

const POINTS = 128;
/** The kernel is negligible this many bandwidths away. */
const REACH = 4;

/**
 * Density estimate with a normal kernel on an even grid over [low, high], its bandwidth by Silverman's rule, 0.9 min(s, IQR/1.34)
 * n^(−1/5): Silverman (1986), Density Estimation for Statistics and Data Analysis, equation 3.31. Values that are not
 * finite are left out; `undefined` when the finite ones are all equal or there are fewer than two.
 */
export function kernelDensity(values: ArrayLike<number>, low: number, high: number): DensityCurve | undefined {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  const width = bandwidth(sorted);
  if (!(width > 0)) return undefined;
  const step = (high - low) / (POINTS - 1);
  const at = Float64Array.from({ length: POINTS }, (_, k) => low + k * step);
  const density = new Float64Array(POINTS);
  const scale = 1 / (sorted.length * width * Math.sqrt(2 * Math.PI));
  for (let i = 0; i < sorted.length; i++) {
    const from = Math.max(0, Math.ceil((sorted[i]! - REACH * width - low) / step));
    const to = Math.min(POINTS - 1, Math.floor((sorted[i]! + REACH * width - low) / step));
    for (let k = from; k <= to; k++) density[k]! += scale * Math.exp(-0.5 * ((at[k]! - sorted[i]!) / width) ** 2);
  }
  return { at, density };
}

function bandwidth(sorted: Float64Array): number {
  const n = sorted.length;
  if (n < 2) return 0;
  const mean = sorted.reduce((a, b) => a + b) / n;
  const deviation = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  const quartiles = sorted[Math.floor(0.75 * (n - 1))]! - sorted[Math.floor(0.25 * (n - 1))]!;
  const spread = quartiles > 0 ? Math.min(deviation, quartiles / 1.34) : deviation;
  return 0.9 * spread * n ** -0.2;
}
