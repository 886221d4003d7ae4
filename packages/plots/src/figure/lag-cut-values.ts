/**
 * A cut through a two-time map along lag τ = t₂ − t₁ at a given age (t₁ + t₂) / 2, that is, at right angles to the
 * diagonal. A single pair per lag is mostly noise, so each point is the mean over a band of ages and, at large lags,
 * a bin of lags; the fit is averaged over the same pairs.
 */

export interface LagCut {
  /** Mean lag of each point, s. */
  readonly lags: number[];
  readonly data: number[];
  /** Mean of the fit over the same pairs; NaN where it is missing. Empty without a fit. */
  readonly fit: number[];
}

export interface LagCutRequest {
  readonly n: number;
  readonly dt: number;
  readonly data: Float64Array;
  readonly fit?: Float64Array | undefined;
  /** Bins of equal width, or of equal ratio where more than one lag fits. */
  readonly spacing: "log" | "linear";
}

/** Lags up to this many frames keep a point of their own on a logarithmic axis. */
const SINGLE_LAGS = 8;
const LOG_RATIO = 1.15;
const LINEAR_BINS = 50;

/** Half width in frames of the band of ages that a point averages: 2 % of the map. */
export function ageBand(n: number): number {
  return Math.floor(n / 50);
}

/** The cut at the age of frame `age` (may be fractional). Pairs that are not finite in the data are skipped. */
export function lagCut({ n, dt, data, fit, spacing }: LagCutRequest, age: number): LagCut {
  const cut: LagCut = { lags: [], data: [], fit: [] };
  const band = ageBand(n);
  const edges = spacing === "log" ? logEdges(n) : linearEdges(n);
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    let [count, lags, sum, fitted] = [0, 0, 0, 0];
    for (let lag = edges[bin]!; lag < edges[bin + 1]!; lag++) {
      // The first frame of the pair whose age is nearest: half a frame late where lag and age differ in parity.
      const middle = Math.ceil(age - lag / 2 - 1e-9);
      // Only whole bands: a band cut off at the map's edge would have another mean age.
      if (middle - band < 0 || middle + band + lag >= n) continue;
      for (let i = middle - band; i <= middle + band; i++) {
        const value = data[i * n + i + lag]!;
        if (!Number.isFinite(value)) continue;
        count++;
        lags += lag;
        sum += value;
        if (fit !== undefined) fitted += fit[i * n + i + lag]!;
      }
    }
    if (count === 0) continue;
    cut.lags.push((dt * lags) / count);
    cut.data.push(sum / count);
    if (fit !== undefined) cut.fit.push(fitted / count);
  }
  return cut;
}

function logEdges(n: number): number[] {
  const edges = Array.from({ length: Math.min(SINGLE_LAGS, n) }, (_, k) => k + 1);
  while (edges.at(-1)! < n) {
    const last = edges.at(-1)!;
    edges.push(Math.min(n, Math.max(last + 1, Math.round(last * LOG_RATIO))));
  }
  return edges;
}

function linearEdges(n: number): number[] {
  const width = Math.max(1, Math.ceil((n - 1) / LINEAR_BINS));
  const edges = [1];
  while (edges.at(-1)! < n) edges.push(Math.min(n, edges.at(-1)! + width));
  return edges;
}
