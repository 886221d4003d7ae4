import { packNumbers, unpackNumbers } from "../chain/packed-numbers.ts";

/** Plain data of a `RunningCovariance`. */
export interface RunningCovarianceState {
  readonly count: number;
  readonly mean: string;
  readonly products: string;
}

/** Mean and (co)variances of vectors that come one by one (Welford 1962; stable for means far from 0). */
export class RunningCovariance {
  readonly dim: number;
  readonly isDense: boolean;
  count = 0;
  readonly mean: Float64Array;
  /** Sums of products of deviations: dim of them, or the packed lower triangle. */
  readonly #products: Float64Array;
  readonly #before: Float64Array;

  constructor(dim: number, isDense: boolean) {
    this.dim = dim;
    this.isDense = isDense;
    this.mean = new Float64Array(dim);
    this.#products = new Float64Array(isDense ? (dim * (dim + 1)) / 2 : dim);
    this.#before = new Float64Array(dim);
  }

  add(x: Float64Array): void {
    const { dim, mean } = this;
    const before = this.#before;
    const products = this.#products;
    this.count++;
    for (let i = 0; i < dim; i++) {
      before[i] = x[i]! - mean[i]!;
      mean[i] = mean[i]! + before[i]! / this.count;
    }
    if (!this.isDense) {
      for (let i = 0; i < dim; i++) products[i] = products[i]! + before[i]! * (x[i]! - mean[i]!);
      return;
    }
    for (let i = 0, at = 0; i < dim; i++) {
      const after = x[i]! - mean[i]!;
      for (let j = 0; j <= i; j++, at++) products[at] = products[at]! + after * before[j]!;
    }
  }

  /** Variance of coordinate i, with n − 1. */
  variance(i: number): number {
    return this.#products[this.isDense ? (i * (i + 3)) / 2 : i]! / (this.count - 1);
  }

  /** Covariance of i and j ≤ i; only when dense. */
  covariance(i: number, j: number): number {
    return this.#products[(i * (i + 1)) / 2 + j]! / (this.count - 1);
  }

  state(): RunningCovarianceState {
    return { count: this.count, mean: packNumbers(this.mean), products: packNumbers(this.#products) };
  }

  restore(state: RunningCovarianceState): void {
    this.count = state.count;
    this.mean.set(unpackNumbers(state.mean));
    this.#products.set(unpackNumbers(state.products));
  }
}
