/** What `collect` needs of the two-component model besides scales: one side, rows or columns. */
export interface CollectArrays {
  /** Factors u, their sums, component by component. */
  readonly vectors: Float64Array;
  readonly sums: Float64Array;
  /** Decays of reference and sample on this side. */
  readonly reference: Float64Array;
  readonly sample: Float64Array;
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly inverseNorm: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly velocity: Float64Array;
  /** Gradients by reference, sample, velocity and fraction, which are added to. */
  readonly byReference: Float64Array;
  readonly bySample: Float64Array;
  readonly byVelocity: Float64Array;
  readonly byFraction: Float64Array;
}

/** Factors of `collect`. */
export interface CollectScales {
  /** Of all sums. */
  readonly scale: number;
  /** Of gradients by integrals of decays: `scale` × rate × sign of the side. */
  readonly decay: number;
  /** κ. */
  readonly kappa: number;
  /** Velocity integral that `byKappa` is counted from. */
  readonly origin: number;
}

/**
 * Loops over frames. Arrays have room for an even number of entries; implementations may work on the one after an odd
 * count, which must be finite.
 */
export interface FrameKernels {
  /** out = exp(scale · (source − shift)), and 0 where source is −∞; entries `from` (even) to `from + count`. */
  exponential(source: Float64Array, from: number, count: number, shift: number, scale: number, out: Float64Array): void;
  /** column = exp(−rate (values − shift)) and row = 1/column; entries as in `exponential`. */
  decay(
    values: Float64Array,
    from: number,
    count: number,
    shift: number,
    rate: number,
    column: Float64Array,
    row: Float64Array,
  ): void;
  /** Of fs: with n = fs² + (1 − fs)², alpha = (1 − fs)/√n, beta = fs/√n, and 1/n. */
  split(
    fraction: Float64Array,
    count: number,
    alpha: Float64Array,
    beta: Float64Array,
    inverseNorm: Float64Array,
  ): void;
  /** angle = κ (values − origin), and its cosine and sine; entries as in `exponential`. */
  rotate(
    values: Float64Array,
    from: number,
    count: number,
    origin: number,
    kappa: number,
    angle: Float64Array,
    cos: Float64Array,
    sin: Float64Array,
  ): void;
  /**
   * The four factors of two components, one after the other in `out`, each `padded` long:
   * a², b², √2 ab cos, √2 ab sin with a = alpha · reference, b = beta · sample.
   */
  mix(
    alpha: Float64Array,
    beta: Float64Array,
    reference: Float64Array,
    sample: Float64Array,
    cos: Float64Array,
    sin: Float64Array,
    count: number,
    padded: number,
    out: Float64Array,
  ): void;
  /** Adds the gradients of one side, Σ u · sums to `results[0]`, and the gradient by κ (scaled) to `results[1]`. */
  collect(arrays: CollectArrays, scales: CollectScales, count: number, padded: number, results: Float64Array): void;
}

/** {@link FrameKernels} in TypeScript. */
export const plainFrameKernels: FrameKernels = {
  exponential(source, from, count, shift, scale, out) {
    for (let i = from; i < from + count; i++) {
      const value = source[i]!;
      out[i] = value === -Infinity ? 0 : Math.exp(scale * (value - shift));
    }
  },

  decay(values, from, count, shift, rate, column, row) {
    for (let i = from; i < from + count; i++) {
      const decay = Math.exp(rate * (shift - values[i]!));
      column[i] = decay;
      row[i] = 1 / decay;
    }
  },

  split(fraction, count, alpha, beta, inverseNorm) {
    for (let i = 0; i < count; i++) {
      const s = fraction[i]!;
      const r = 1 - s;
      const n = s * s + r * r;
      const root = Math.sqrt(n);
      alpha[i] = r / root;
      beta[i] = s / root;
      inverseNorm[i] = 1 / n;
    }
  },

  rotate(values, from, count, origin, kappa, angle, cos, sin) {
    for (let i = from; i < from + count; i++) {
      const phase = kappa * (values[i]! - origin);
      angle[i] = phase;
      cos[i] = Math.cos(phase);
      sin[i] = Math.sin(phase);
    }
  },

  mix(alpha, beta, reference, sample, cos, sin, count, padded, out) {
    for (let i = 0; i < count; i++) {
      const a = alpha[i]! * reference[i]!;
      const b = beta[i]! * sample[i]!;
      const mixed = Math.SQRT2 * a * b;
      out[i] = a * a;
      out[padded + i] = b * b;
      out[2 * padded + i] = mixed * cos[i]!;
      out[3 * padded + i] = mixed * sin[i]!;
    }
  },

  collect(arrays, { scale, decay, kappa, origin }, count, padded, results) {
    const { vectors, sums, reference, sample, alpha, beta, inverseNorm, cos, sin, velocity } = arrays;
    const { byReference, bySample, byVelocity, byFraction } = arrays;
    let total = 0;
    let byKappa = 0;
    for (let i = 0; i < count; i++) {
      const g1 = sums[i]!;
      const g2 = sums[padded + i]!;
      const g3 = sums[2 * padded + i]!;
      const g4 = sums[3 * padded + i]!;
      const u3 = vectors[2 * padded + i]!;
      const u4 = vectors[3 * padded + i]!;
      const first = vectors[i]! * g1;
      const second = vectors[padded + i]! * g2;
      const mixed = u3 * g3 + u4 * g4;
      const turned = scale * (u3 * g4 - u4 * g3);
      total += first + second + mixed;
      byReference[i]! += decay * (2 * first + mixed);
      bySample[i]! += decay * (2 * second + mixed);
      byVelocity[i]! += kappa * turned;
      byKappa += turned * (velocity[i]! - origin);
      const a = alpha[i]!;
      const b = beta[i]!;
      const r = reference[i]!;
      const s = sample[i]!;
      const slope = Math.SQRT2 * (a * a - b * b) * r * s * (cos[i]! * g3 + sin[i]! * g4);
      byFraction[i]! += scale * inverseNorm[i]! * (2 * a * b * (s * s * g2 - r * r * g1) + slope);
    }
    results[0]! += total;
    results[1]! += byKappa;
  },
};
