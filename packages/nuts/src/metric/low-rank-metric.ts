import type { Metric, MetricData } from "./metric.ts";

/**
 * L = diag(scale) (I + Σ (√λ − 1) v vᵀ): a diagonal and a few directions that it gets wrong. Costs 4·rank·d per
 * leapfrog.
 */
export class LowRankMetric implements Metric {
  readonly dim: number;
  readonly #scale: Float64Array;
  readonly #vectors: Float64Array;
  readonly #eigenvalues: Float64Array;
  /** √λ − 1. */
  readonly #stretch: Float64Array;
  readonly #scratch: Float64Array;

  /** @param vectors orthonormal, row-major (rank, dim); all copied. */
  constructor(scale: ArrayLike<number>, vectors: ArrayLike<number>, eigenvalues: ArrayLike<number>) {
    this.dim = scale.length;
    this.#scale = Float64Array.from(scale);
    this.#vectors = Float64Array.from(vectors);
    this.#eigenvalues = Float64Array.from(eigenvalues);
    this.#stretch = this.#eigenvalues.map((lambda) => Math.sqrt(lambda) - 1);
    this.#scratch = new Float64Array(this.dim);
  }

  whiten(gradient: Float64Array, out: Float64Array): void {
    const scale = this.#scale;
    const scaled = this.#scratch;
    for (let i = 0; i < this.dim; i++) {
      scaled[i] = scale[i]! * gradient[i]!;
      out[i] = scaled[i]!;
    }
    this.#addStretch(scaled, out);
  }

  move(position: Float64Array, distance: number, momentum: Float64Array, out: Float64Array): void {
    const scale = this.#scale;
    const moved = this.#scratch;
    moved.set(momentum);
    this.#addStretch(momentum, moved);
    for (let i = 0; i < this.dim; i++) out[i] = position[i]! + distance * scale[i]! * moved[i]!;
  }

  data(): MetricData {
    return {
      kind: "low-rank",
      scale: Array.from(this.#scale),
      vectors: Array.from(this.#vectors),
      eigenvalues: Array.from(this.#eigenvalues),
    };
  }

  /** out += Σ (√λ − 1) v (v · x); `x` is another array than `out`. */
  #addStretch(x: Float64Array, out: Float64Array): void {
    const { dim } = this;
    const vectors = this.#vectors;
    const stretch = this.#stretch;
    for (let k = 0, row = 0; k < stretch.length; k++, row += dim) {
      let dot = 0;
      for (let i = 0; i < dim; i++) dot += vectors[row + i]! * x[i]!;
      dot *= stretch[k]!;
      for (let i = 0; i < dim; i++) out[i] = out[i]! + dot * vectors[row + i]!;
    }
  }
}
