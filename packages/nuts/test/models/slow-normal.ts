import type { LogDensity } from "@siegert/log-density";
import { independentNormals } from "./normals.ts";

/** A run of a few seconds. */
export const killedOptions = { seed: 12, chains: 2, warmup: 300, draws: 200 };

/** Normal densities, about 0.2 ms each. */
export function slowNormal(): LogDensity {
  const plain = independentNormals([1, 100, 0.01]);
  return {
    ...plain,
    logDensityAndGradient(x, gradient) {
      for (const end = performance.now() + 0.2; performance.now() < end; );
      return plain.logDensityAndGradient(x, gradient);
    },
  };
}
