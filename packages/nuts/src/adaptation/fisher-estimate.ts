/**
 * Metrics that minimise the Fisher divergence between the transformed density and a standard normal one, from positions
 * and gradients together (Seyboldt, Carlson & Carpenter 2026, arXiv 2603.18845). For a normal density the covariances
 * of both have the same sampling errors, which cancel: the metric is exact as soon as there are more draws than
 * dimensions. All are the same whatever units the coordinates have.
 */
import { scaledCholesky } from "../metric/cholesky.ts";
import { DenseMetric } from "../metric/dense-metric.ts";
import { LowRankMetric } from "../metric/low-rank-metric.ts";
import type { Metric } from "../metric/metric.ts";
import { fromEigen, spdMean } from "../metric/spd-mean.ts";
import { symmetricEigen } from "../metric/symmetric-eigen.ts";
import { symmetricMatrix } from "../metric/symmetric-matrix.ts";
import type { DrawHistory } from "./draw-history.ts";
import type { RunningCovariance } from "./running-covariance.ts";
import { usable } from "./usable-scale.ts";

/** Regularisation of scaled covariances, as in nuts-rs. */
const RIDGE = 1e-5;
/**
 * Variances along a direction, relative to the diagonal metric, that are not worth a correction: between 1/CUT and CUT.
 */
const CUT = 2;

/** A metric that corrects the diagonal, and how far off the diagonal was. */
export interface Correction {
  readonly metric: Metric;
  /** Smallest and largest variance along a direction, relative to the diagonal metric. */
  readonly smallest: number;
  readonly largest: number;
}

/**
 * σ with σ² = √(Var x / Var ∇), per coordinate. A coordinate where that is not positive and finite keeps its value of
 * `previous`.
 */
export function fisherScale(
  positions: RunningCovariance,
  gradients: RunningCovariance,
  previous: Float64Array,
): Float64Array {
  return previous.map((before, i) => {
    const scale = Math.sqrt(Math.sqrt(positions.variance(i) / gradients.variance(i)));
    return usable(scale, before);
  });
}

/**
 * The full matrix, for more draws than dimensions; `undefined` where the diagonal `scale` is as good, or the matrix is
 * not usable.
 */
export function fisherDense(
  positions: RunningCovariance,
  gradients: RunningCovariance,
  scale: Float64Array,
): Correction | undefined {
  const dim = scale.length;
  const ridge = (i: number, j: number) => (i === j ? RIDGE : 0);
  const a = symmetricMatrix(dim, (i, j) => positions.covariance(i, j) / (scale[i]! * scale[j]!) + ridge(i, j));
  const b = symmetricMatrix(dim, (i, j) => gradients.covariance(i, j) * (scale[i]! * scale[j]!) + ridge(i, j));
  const mean = spdMean(a, b, dim);
  const { values } = symmetricEigen(mean, dim);
  const range = rangeOf(values);
  if (!range) return undefined;
  const factor = scaledCholesky(mean, scale);
  return factor && { metric: new DenseMetric(dim, factor), ...range };
}

/** A few directions, from draws that may be fewer than dimensions; `undefined` as above. */
export function fisherLowRank(history: DrawHistory, scale: Float64Array): Correction | undefined {
  const dim = scale.length;
  const { positions, gradients, count } = history.centred(scale);
  const basis = principalDirections([...positions, ...gradients], Math.min(dim, count - 1));
  const rank = basis.length;
  const a = projectedCovariance(positions, basis, count);
  const b = projectedCovariance(gradients, basis, count);
  const { values, vectors } = symmetricEigen(spdMean(a, b, rank), rank);
  // The scale of a typical direction: those outside the subspace are taken to be like it.
  const typical = Float64Array.from(values).sort()[rank >> 1]!;
  for (let k = 0; k < rank; k++) values[k] = values[k]! / typical;
  const range = rangeOf(values);
  if (!range) return undefined;
  const kept = Array.from(values.keys()).filter((k) => values[k]! > CUT || values[k]! < 1 / CUT);
  const directions = new Float64Array(kept.length * dim);
  kept.forEach((k, row) => {
    const direction = directions.subarray(row * dim, (row + 1) * dim);
    for (let m = 0; m < rank; m++) addScaled(direction, vectors[k * rank + m]!, basis[m]!);
  });
  const metric = new LowRankMetric(
    scale.map((one) => one * Math.sqrt(typical)),
    directions,
    kept.map((k) => values[k]!),
  );
  return { metric, ...range };
}

function rangeOf(values: Float64Array): { smallest: number; largest: number } | undefined {
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (!(value > 0 && value < Infinity)) return undefined;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  return largest > CUT || smallest < 1 / CUT ? { smallest, largest } : undefined;
}

/**
 * The leading principal directions of all vectors, as many as there are independent draws: draws and gradients span
 * nearly the same subspace, and where they do not, the difference is noise.
 */
function principalDirections(vectors: readonly Float64Array[], rank: number): Float64Array[] {
  const count = vectors.length;
  const gram = symmetricMatrix(count, (a, b) => dot(vectors[a]!, vectors[b]!));
  const { values, vectors: weights } = symmetricEigen(gram, count);
  const order = Array.from(values.keys()).toSorted((a, b) => values[b]! - values[a]!);
  const leading = order.slice(0, rank).filter((k) => values[k]! > 1e-12 * values[order[0]!]!);
  return leading.map((k) => {
    const direction = new Float64Array(vectors[0]!.length);
    vectors.forEach((vector, n) => {
      addScaled(direction, weights[k * count + n]! / Math.sqrt(values[k]!), vector);
    });
    return direction;
  });
}

function projectedCovariance(
  vectors: readonly Float64Array[],
  basis: readonly Float64Array[],
  count: number,
): Float64Array {
  const rank = basis.length;
  const projections = new Float64Array(vectors.length * rank);
  vectors.forEach((vector, n) => {
    for (let k = 0; k < rank; k++) projections[n * rank + k] = dot(vector, basis[k]!);
  });
  const weights = new Float64Array(vectors.length).fill(1 / (count - 1));
  const covariance = fromEigen(projections, weights, rank);
  for (let k = 0; k < rank; k++) covariance[k * rank + k] = covariance[k * rank + k]! + RIDGE;
  return covariance;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(out: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = out[i]! + factor * x[i]!;
}
