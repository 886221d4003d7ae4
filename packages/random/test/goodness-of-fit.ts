/** Tests of fit and of independence; each returns a p-value or a z-score. */
import { gammaSurvival } from "./distribution-functions.ts";

/** P(K > x) for Kolmogorov's limiting distribution. */
export function kolmogorovSurvival(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/** P-value of Kolmogorov and Smirnov's test, with Stephens' (1970) correction for the number of samples. */
export function kolmogorovSmirnov(samples: Float64Array, cdf: (x: number) => number): number {
  const sorted = samples.toSorted();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const probability = cdf(x);
    distance = Math.max(distance, probability - i / n, (i + 1) / n - probability);
  });
  return kolmogorovSurvival((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance);
}

/** P(χ² > x) with the given degrees of freedom. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 1 : gammaSurvival(degreesOfFreedom / 2, x / 2);
}

/** P-value of Pearson's test; a bin that expects fewer than 5 is joined with the next ones, the last with the one before. */
export function chiSquare(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const bins: { count: number; expected: number }[] = [];
  let open = { count: 0, expected: 0 };
  for (let i = 0; i < counts.length; i++) {
    open.count += counts[i]!;
    open.expected += total * probabilities[i]!;
    if (open.expected >= 5) {
      bins.push(open);
      open = { count: 0, expected: 0 };
    }
  }
  const last = bins.at(-1);
  if (last === undefined || bins.length < 2) throw new Error("too few counts for a test");
  last.count += open.count;
  last.expected += open.expected;
  const statistic = bins.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquareSurvival(statistic, bins.length - 1);
}

/** χ² test that all of the counts are equally probable. */
export function chiSquareEqual(counts: ArrayLike<number>): number {
  return chiSquare(counts, new Float64Array(counts.length).fill(1 / counts.length));
}

/** z-score of the correlation between uniform variates x[i] and y[i + lag], for large numbers of them. */
export function correlationZ(x: Float64Array, y: Float64Array, lag = 0): number {
  let sum = 0;
  const n = Math.min(x.length, y.length - lag);
  for (let i = 0; i < n; i++) sum += (x[i]! - 0.5) * (y[i + lag]! - 0.5);
  return (12 * sum) / Math.sqrt(n);
}

/** n variates as an array. */
export function draws(n: number, draw: () => number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = draw();
  return out;
}
