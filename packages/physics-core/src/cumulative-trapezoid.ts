/**
 * Cumulative integral by the trapezoid rule: out[0] = 0, out[k] = dt · Σ_{i<k} (rate[i] + rate[i+1]) / 2,
 * so that the integral from frame i to frame j is out[j] − out[i].
 *
 * @param rate values on a uniform grid, any unit per second; shape (frames).
 * @param dt time between frames, s.
 * @param out shape (frames); may not be `rate` itself.
 */
export function cumulativeTrapezoid(rate: Float64Array, dt: number, out: Float64Array): Float64Array {
  const half = 0.5 * dt;
  let sum = 0;
  out[0] = 0;
  for (let k = 1; k < rate.length; k++) {
    sum += rate[k - 1]! + rate[k]!;
    out[k] = half * sum;
  }
  return out;
}

/**
 * Transpose of {@link cumulativeTrapezoid}: given g = ∂f/∂C, writes ∂f/∂rate. Reverse-mode derivative in O(frames).
 */
export function cumulativeTrapezoidTranspose(gradient: Float64Array, dt: number, out: Float64Array): Float64Array {
  const n = gradient.length;
  const half = 0.5 * dt;
  // rate[i] enters C[k] with weight dt/2 for k = i (when i > 0) and dt for k > i (dt/2 for i = 0).
  let tail = 0;
  for (let i = n - 1; i >= 0; i--) {
    const own = i > 0 ? half * gradient[i]! : 0;
    out[i] = own + (i > 0 ? dt : half) * tail;
    tail += gradient[i]!;
  }
  return out;
}
