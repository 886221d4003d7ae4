import type { Metric, MetricData } from "./metric.ts";

/** L lower triangular: the Cholesky factor of a covariance matrix. One leapfrog costs d² multiplications. */
export class DenseMetric implements Metric {
  readonly dim: number;
  /** Lower triangle, row by row. */
  readonly #factor: Float64Array;

  /** @param factor lower triangle of L, row by row, with a positive diagonal; copied. */
  constructor(dim: number, factor: ArrayLike<number>) {
    this.dim = dim;
    this.#factor = Float64Array.from(factor);
  }

  whiten(gradient: Float64Array, out: Float64Array): void {
    const factor = this.#factor;
    out.fill(0);
    for (let i = 0, at = 0; i < this.dim; i++) {
      const g = gradient[i]!;
      for (let j = 0; j <= i; j++, at++) out[j] = out[j]! + factor[at]! * g;
    }
  }

  move(position: Float64Array, distance: number, momentum: Float64Array, out: Float64Array): void {
    const factor = this.#factor;
    for (let i = 0, at = 0; i < this.dim; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++, at++) sum += factor[at]! * momentum[j]!;
      out[i] = position[i]! + distance * sum;
    }
  }

  data(): MetricData {
    return { kind: "dense", factor: Array.from(this.#factor) };
  }
}
