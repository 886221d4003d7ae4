/** Densities of the sampler's benchmarks; also loaded by workers. */
import { existsSync, readFileSync } from "node:fs";
import type { LogDensity, NamedLogDensity } from "@siegert/log-density";
import { type DiskData, diskPosterior } from "../../packages/nuts/test/models/disk.ts";
import { eightSchools } from "../../packages/nuts/test/models/eight-schools.ts";

/** Standard normal, as cheap as a gradient can be. */
export function standardNormal({ dim }: { readonly dim: number }): LogDensity {
  const evaluate = (x: Float64Array, gradient: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      const value = x[i]!;
      sum -= value * value;
      gradient[i] = -value;
    }
    return 0.5 * sum;
  };
  return { dim, logDensity: (x) => evaluate(x, new Float64Array(dim)), logDensityAndGradient: evaluate };
}

/** Logistic regression on `points` simulated observations: some 0.1 ms per gradient for 5000 points. */
export function logisticRegression({ points, dim }: { readonly points: number; readonly dim: number }): LogDensity {
  const x = Float64Array.from({ length: points * dim }, (_, k) => Math.sin(1 + 0.7 * k * k));
  const y = Float64Array.from({ length: points }, (_, n) => (Math.sin(3 * n) + x[n * dim]! > 0 ? 1 : 0));
  const evaluate = (b: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let i = 0; i < dim; i++) {
      value -= 0.5 * b[i]! * b[i]!;
      gradient[i] = -b[i]!;
    }
    for (let n = 0, row = 0; n < points; n++, row += dim) {
      let eta = 0;
      for (let i = 0; i < dim; i++) eta += b[i]! * x[row + i]!;
      const p = 1 / (1 + Math.exp(-eta));
      value += y[n]! * eta - (eta > 0 ? eta + Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta)));
      for (let i = 0; i < dim; i++) gradient[i] = gradient[i]! + (y[n]! - p) * x[row + i]!;
    }
    return value;
  };
  return { dim, logDensity: (b) => evaluate(b, new Float64Array(dim)), logDensityAndGradient: evaluate };
}

export { eightSchools };

const diskFile = new URL("../../../shared/data/eddy_replica_44.json", import.meta.url);

/** The disk replica and its data, where these are there. */
export function diskReplica(): { readonly target: NamedLogDensity; readonly data: DiskData } | undefined {
  if (!existsSync(diskFile)) return undefined;
  const data = JSON.parse(readFileSync(diskFile, "utf8")) as DiskData;
  return { target: diskPosterior(data), data };
}
