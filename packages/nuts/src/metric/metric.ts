/**
 * A metric as the linear map L with L Lᵀ = M⁻¹, the inverse mass matrix. The sampler works with whitened momenta p ~
 * N(0, I): positions move along L p and momenta along Lᵀ∇log π, the kinetic energy is ½|p|², and ρᵀM⁻¹p of the U-turn
 * criterion is the plain dot product of whitened vectors. Everything that the sampler sees is therefore the same
 * whatever units the coordinates have.
 */
export interface Metric {
  readonly dim: number;
  /** Writes Lᵀ gradient. */
  whiten(gradient: Float64Array, out: Float64Array): void;
  /** Writes position + distance · L momentum; `out` is another array than `position`. */
  move(position: Float64Array, distance: number, momentum: Float64Array, out: Float64Array): void;
  /** The metric as plain data. */
  data(): MetricData;
}

/**
 * A metric as plain data; arrays of numbers, so that it can be written as JSON. Variances are those of the
 * unconstrained coordinates.
 */
export type MetricData =
  | { readonly kind: "diagonal"; readonly scale: readonly number[] }
  | {
      readonly kind: "dense";
      /** Lower triangle of L, row by row: d(d + 1)/2 numbers. */
      readonly factor: readonly number[];
    }
  | {
      readonly kind: "low-rank";
      /** L = diag(scale) (I + Σ_k (√λ_k − 1) v_k v_kᵀ). */
      readonly scale: readonly number[];
      /** Orthonormal v_k, one after the other. */
      readonly vectors: readonly number[];
      /** λ_k > 0. */
      readonly eigenvalues: readonly number[];
    }
  | {
      readonly kind: "blocks";
      readonly dim: number;
      /** Coordinates of each group, and the metric of these. */
      readonly blocks: readonly { readonly indices: readonly number[]; readonly metric: MetricData }[];
    };
