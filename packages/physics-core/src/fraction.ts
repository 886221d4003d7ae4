import type { FractionLimit } from "./model.ts";

/** Sharpness of the smooth limit. */
const SHARPNESS = 50;
/** exp beyond this overflows; the limit has long been reached. */
const LARGEST_EXPONENT = 700;

/**
 * Sample fraction fs(t) = limit(f0·exp(f1·(t − f2)) + f3).
 *
 * `hard` clips to [0, 1]; `smooth` is the softplus clip a = softplus(k x)/k, y = 1 − softplus(k(1 − a))/k with k = 50.
 *
 * @param times s; shape (frames).
 * @param fraction shape (frames).
 * @param tangents derivatives by f0, f1, f2, f3, row-major (4, frames); omitted when not wanted.
 */
export function sampleFraction(
  times: Float64Array,
  f0: number,
  f1: number,
  f2: number,
  f3: number,
  limit: FractionLimit,
  fraction: Float64Array,
  tangents?: Float64Array,
): void {
  const n = times.length;
  for (let i = 0; i < n; i++) {
    const lapse = times[i]! - f2;
    const exponent = f1 * lapse;
    const growth = Math.exp(exponent < LARGEST_EXPONENT ? exponent : LARGEST_EXPONENT);
    const raw = f0 * growth + f3;
    let slope: number;
    if (limit === "hard") {
      fraction[i] = Math.min(Math.max(raw, 0), 1);
      slope = raw >= 0 && raw <= 1 ? 1 : 0;
    } else {
      const raised = softplus(SHARPNESS * raw) / SHARPNESS;
      fraction[i] = 1 - softplus(SHARPNESS * (1 - raised)) / SHARPNESS;
      slope = sigmoid(SHARPNESS * raw) * sigmoid(SHARPNESS * (1 - raised));
    }
    if (tangents === undefined) continue;
    const scaled = slope > 0 ? slope * growth : 0;
    const isCapped = !(exponent < LARGEST_EXPONENT);
    tangents[i] = scaled;
    tangents[n + i] = isCapped ? 0 : scaled * f0 * lapse;
    tangents[2 * n + i] = isCapped ? 0 : -scaled * f0 * f1;
    tangents[3 * n + i] = slope;
  }
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}
