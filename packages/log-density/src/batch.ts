import { type BatchLogDensity, isBatched, type LogDensity } from "./log-density.ts";

/** The target itself when it evaluates batches, else one that evaluates them row by row. */
export function batchOf(target: LogDensity): BatchLogDensity {
  if (isBatched(target)) return target;
  const position = new Float64Array(target.dim);
  const gradient = new Float64Array(target.dim);
  return {
    dim: target.dim,
    logDensity: (at) => target.logDensity(at),
    logDensityAndGradient: (at, out) => target.logDensityAndGradient(at, out),
    logDensitiesAndGradients(positions, count, values, gradients) {
      const { dim } = target;
      for (let k = 0; k < count; k++) {
        for (let i = 0; i < dim; i++) position[i] = positions[k * dim + i]!;
        values[k] = target.logDensityAndGradient(position, gradient);
        for (let i = 0; i < dim; i++) gradients[k * dim + i] = gradient[i]!;
      }
    },
  };
}
