/**
 * Gaussian mixtures fitted to draws by expectation and maximisation (Dempster, Laird & Rubin 1977), the number of components
 * by the Bayesian information criterion (Schwarz 1978).
 */
import type { Random } from "@siegert/random";
import { cholesky, logDeterminant, solveLower } from "./cholesky.ts";
import { drawMoments } from "./draw-moments.ts";

export interface GaussianComponent {
  readonly weight: number;
  readonly mean: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
  readonly logDeterminant: number;
}

export interface GaussianMixture {
  readonly dim: number;
  readonly components: readonly GaussianComponent[];
  readonly logLikelihood: number;
}

/**
 * The mixture of 1 to `most` components with the best information criterion. More components are tried only while they help.
 * @param values draws, row-major (draw, coordinate); a few hundred to a few thousand.
 */
export function bestMixture(values: Float64Array, dim: number, most: number, random: Random): GaussianMixture {
  const count = values.length / dim;
  const parameters = (components: number): number => components * (1 + dim + (dim * (dim + 1)) / 2) - 1;
  let best = fitMixture(values, dim, 1, random);
  for (let components = 2; components <= most; components++) {
    if (count < 2 * components * (dim + 2)) break;
    let next = fitMixture(values, dim, components, random);
    for (let restart = 0; restart < 2; restart++) {
      const other = fitMixture(values, dim, components, random);
      if (other.logLikelihood > next.logLikelihood) next = other;
    }
    const penalty = 0.5 * Math.log(count) * (parameters(components) - parameters(best.components.length));
    if (next.logLikelihood - best.logLikelihood <= penalty) break;
    best = next;
  }
  return best;
}

/** log Σ weight N(x | mean, covariance) at a point; `logs` receives the logarithms of the terms. */
export function logMixture(mixture: GaussianMixture, point: Float64Array, logs: Float64Array): number {
  const { dim, components } = mixture;
  const u = new Float64Array(dim);
  let largest = -Infinity;
  for (let k = 0; k < components.length; k++) {
    const { weight, mean, factor, logDeterminant: determinant } = components[k]!;
    for (let i = 0; i < dim; i++) u[i] = point[i]! - mean[i]!;
    const log = Math.log(weight) - 0.5 * (solveLower(factor, dim, u) + determinant + dim * Math.log(2 * Math.PI));
    logs[k] = log;
    if (log > largest) largest = log;
  }
  let sum = 0;
  for (let k = 0; k < components.length; k++) sum += Math.exp(logs[k]! - largest);
  return largest + Math.log(sum);
}

/** A component from its moments, or `undefined` when the covariance is singular. */
export function componentOf(
  weight: number,
  mean: Float64Array,
  covariance: Float64Array,
): GaussianComponent | undefined {
  const factor = cholesky(covariance, mean.length);
  return factor && { weight, mean, covariance, factor, logDeterminant: logDeterminant(factor, mean.length) };
}

function fitMixture(values: Float64Array, dim: number, count: number, random: Random): GaussianMixture {
  const n = values.length / dim;
  const { mean, covariance } = drawMoments(values, dim);
  const whole = componentOf(1, mean, covariance)!;
  if (count === 1) return withLikelihood({ dim, components: [whole], logLikelihood: 0 }, values);
  // A floor under the covariances, so that none collapses onto a few draws.
  const floor = covariance.map((x) => 1e-4 * x);
  const responsibilities = seeded(values, dim, count, whole, random);
  let mixture: GaussianMixture = { dim, components: [], logLikelihood: -Infinity };
  for (let step = 0; step < 100; step++) {
    const components = maximise(values, dim, count, responsibilities, floor);
    if (!components) return { dim, components: [whole], logLikelihood: -Infinity };
    const next = { dim, components, logLikelihood: 0 };
    const logLikelihood = expect(next, values, responsibilities);
    const gain = logLikelihood - mixture.logLikelihood;
    mixture = { ...next, logLikelihood };
    if (gain < 1e-5 * n) break;
  }
  return mixture;
}

/** Responsibilities of 0 and 1 by the nearest of `count` draws that are far from each other (k-means++), and 5 steps of k-means. */
function seeded(
  values: Float64Array,
  dim: number,
  count: number,
  whole: GaussianComponent,
  random: Random,
): Float64Array {
  const n = values.length / dim;
  const white = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += dim) {
    const z = white.subarray(at, at + dim);
    for (let i = 0; i < dim; i++) z[i] = values[at + i]! - whole.mean[i]!;
    solveLower(whole.factor, dim, z);
  }
  const first = random.integer(n);
  const centres = [white.slice(first * dim, (first + 1) * dim)];
  const nearest = new Float64Array(n).fill(Infinity);
  while (centres.length < count) {
    const newest = centres[centres.length - 1]!;
    for (let d = 0; d < n; d++) nearest[d] = Math.min(nearest[d]!, squaredDistance(white, d, newest));
    const chosen = random.categorical(nearest);
    centres.push(white.slice(chosen * dim, (chosen + 1) * dim));
  }
  const responsibilities = new Float64Array(n * count);
  for (let step = 0; step < 5; step++) {
    responsibilities.fill(0);
    const sums = centres.map(() => new Float64Array(dim + 1));
    for (let d = 0; d < n; d++) {
      let k = 0;
      for (let other = 1; other < count; other++) {
        if (squaredDistance(white, d, centres[other]!) < squaredDistance(white, d, centres[k]!)) k = other;
      }
      responsibilities[d * count + k] = 1;
      for (let i = 0; i < dim; i++) sums[k]![i]! += white[d * dim + i]!;
      sums[k]![dim]! += 1;
    }
    sums.forEach((sum, k) => {
      if (sum[dim]! > 0) for (let i = 0; i < dim; i++) centres[k]![i] = sum[i]! / sum[dim]!;
    });
  }
  return responsibilities;
}

function squaredDistance(values: Float64Array, draw: number, point: Float64Array): number {
  let sum = 0;
  const at = draw * point.length;
  for (let i = 0; i < point.length; i++) sum += (values[at + i]! - point[i]!) ** 2;
  return sum;
}

/** Components from responsibilities; `undefined` when one has too few draws. */
function maximise(
  values: Float64Array,
  dim: number,
  count: number,
  responsibilities: Float64Array,
  floor: Float64Array,
): readonly GaussianComponent[] | undefined {
  const n = values.length / dim;
  const components: GaussianComponent[] = [];
  const u = new Float64Array(dim);
  for (let k = 0; k < count; k++) {
    const mean = new Float64Array(dim);
    let total = 0;
    for (let d = 0; d < n; d++) {
      const r = responsibilities[d * count + k]!;
      total += r;
      for (let i = 0; i < dim; i++) mean[i]! += r * values[d * dim + i]!;
    }
    if (total < dim + 2) return undefined;
    for (let i = 0; i < dim; i++) mean[i]! /= total;
    const covariance = new Float64Array(dim * dim);
    for (let d = 0; d < n; d++) {
      const r = responsibilities[d * count + k]! / total;
      if (r < 1e-12) continue;
      for (let i = 0; i < dim; i++) {
        u[i] = values[d * dim + i]! - mean[i]!;
        for (let j = 0; j <= i; j++) covariance[i * dim + j]! += r * u[i]! * u[j]!;
      }
    }
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j <= i; j++) {
        covariance[i * dim + j]! += floor[i * dim + j]!;
        covariance[j * dim + i] = covariance[i * dim + j]!;
      }
    }
    const component = componentOf(total / n, mean, covariance);
    if (!component) return undefined;
    components.push(component);
  }
  return components;
}

/** Writes responsibilities; gives the log likelihood. */
function expect(mixture: GaussianMixture, values: Float64Array, responsibilities: Float64Array): number {
  const { dim } = mixture;
  const count = mixture.components.length;
  const logs = new Float64Array(count);
  let total = 0;
  for (let at = 0, r = 0; at < values.length; at += dim, r += count) {
    const log = logMixture(mixture, values.subarray(at, at + dim), logs);
    total += log;
    for (let k = 0; k < count; k++) responsibilities[r + k] = Math.exp(logs[k]! - log);
  }
  return total;
}

function withLikelihood(mixture: GaussianMixture, values: Float64Array): GaussianMixture {
  const logLikelihood = expect(
    mixture,
    values,
    new Float64Array((values.length / mixture.dim) * mixture.components.length),
  );
  return { ...mixture, logLikelihood };
}
