/** Targets for tests that load this file as a module. */
import type { LogDensity } from "../src/index.ts";

/** Independent normal variates with the given standard deviations. */
export function normal({ sd }: { readonly sd: readonly number[] }): LogDensity {
  const value = (x: Float64Array) => sd.reduce((sum, s, k) => sum - 0.5 * (x[k]! / s) ** 2, 0);
  return {
    dim: sd.length,
    logDensity: value,
    logDensityAndGradient(x, gradient) {
      for (let k = 0; k < sd.length; k++) gradient[k] = -x[k]! / sd[k]! ** 2;
      return value(x);
    },
  };
}

/** The same, later. */
export default async function later(argument: { readonly sd: readonly number[] }): Promise<LogDensity> {
  await Promise.resolve();
  return normal(argument);
}

export const notAFunction = 3;
export const notATarget = () => ({ dim: 0 });
