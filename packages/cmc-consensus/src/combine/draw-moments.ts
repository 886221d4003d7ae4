/** Mean and unbiased covariance of draws, row-major (draw, coordinate). */
export function drawMoments(
  values: Float64Array,
  dim: number,
): { readonly mean: Float64Array; readonly covariance: Float64Array } {
  const count = values.length / dim;
  const mean = new Float64Array(dim);
  for (let at = 0; at < values.length; at += dim) for (let i = 0; i < dim; i++) mean[i]! += values[at + i]!;
  for (let i = 0; i < dim; i++) mean[i]! /= count;
  const covariance = new Float64Array(dim * dim);
  const u = new Float64Array(dim);
  for (let at = 0; at < values.length; at += dim) {
    for (let i = 0; i < dim; i++) {
      const x = values[at + i]! - mean[i]!;
      u[i] = x;
      for (let j = 0; j <= i; j++) covariance[i * dim + j]! += x * u[j]!;
    }
  }
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * dim + j]! /= Math.max(1, count - 1);
      covariance[j * dim + i] = covariance[i * dim + j]!;
    }
  }
  return { mean, covariance };
}
