import { mcse } from "@siegert/diagnostics";

/** Draws of one number, (chain, draw). */
export interface Scalar {
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
}

/** (mean of the draws − expected) / Monte Carlo standard error, which knows of autocorrelation. */
export function zOf(scalar: Scalar, expected: number): number {
  return (meanOf(scalar.values) - expected) / mcse(scalar);
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A function of every draw. */
export function mapped({ values, chains, draws }: Scalar, f: (value: number) => number): Scalar {
  return { values: values.map(f), chains, draws };
}
