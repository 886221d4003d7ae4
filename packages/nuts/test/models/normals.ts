/** Normal densities for tests, also loaded as a module by workers. */
import type { BatchLogDensity, LogDensity } from "@siegert/log-density";

/** Independent normal variates with the given standard deviations. */
export function independentNormals(sd: readonly number[]): LogDensity {
  const density: LogDensity = {
    dim: sd.length,
    logDensity(x) {
      let sum = 0;
      for (let i = 0; i < sd.length; i++) sum -= 0.5 * (x[i]! / sd[i]!) ** 2;
      return sum;
    },
    logDensityAndGradient(x, gradient) {
      for (let i = 0; i < sd.length; i++) gradient[i] = -x[i]! / sd[i]! ** 2;
      return density.logDensity(x);
    },
  };
  return density;
}

/** A normal density with the precision matrix P, row-major. */
export function normalWithPrecision(precision: Float64Array, dim: number): LogDensity {
  const density: LogDensity = {
    dim,
    logDensity: (x) => density.logDensityAndGradient(x, new Float64Array(dim)),
    logDensityAndGradient(x, gradient) {
      let sum = 0;
      for (let i = 0; i < dim; i++) {
        let force = 0;
        for (let j = 0; j < dim; j++) force -= precision[i * dim + j]! * x[j]!;
        gradient[i] = force;
        sum += 0.5 * x[i]! * force;
      }
      return sum;
    },
  };
  return density;
}

/** What workers make by its name: independent normals whose gradient takes a while when asked. */
export function portableNormals({
  sd,
  delay = 0,
}: {
  readonly sd: readonly number[];
  readonly delay?: number;
}): LogDensity {
  const plain = independentNormals(sd);
  if (delay === 0) return plain;
  return {
    ...plain,
    logDensityAndGradient(x, gradient) {
      const end = performance.now() + delay;
      while (performance.now() < end);
      return plain.logDensityAndGradient(x, gradient);
    },
  };
}

/** The same, evaluating batches itself, in another order of rows, and counting calls. */
export function batchedNormals(sd: readonly number[]): BatchLogDensity & { readonly sizes: number[] } {
  const plain = independentNormals(sd);
  const sizes: number[] = [];
  return {
    ...plain,
    sizes,
    logDensitiesAndGradients(positions, count, values, gradients) {
      sizes.push(count);
      for (let k = count - 1; k >= 0; k--) {
        const row = gradients.subarray(k * sd.length, (k + 1) * sd.length);
        values[k] = plain.logDensityAndGradient(positions.subarray(k * sd.length, (k + 1) * sd.length), row);
      }
    },
  };
}
