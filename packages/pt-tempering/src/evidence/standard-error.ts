import { mcse } from "@siegert/diagnostics";

/**
 * Monte Carlo standard error of the mean of a series that is correlated in time, all copies together: s / √ESS with
 * the effective size of Geyer's initial monotone sequence.
 *
 * @param values row-major (copy, block).
 * @returns undefined where it is not known: fewer than 4 blocks, or values that are not finite.
 */
export function standardError(values: Float64Array, copies: number): number | undefined {
  const draws = values.length / copies;
  if (draws < 4) return undefined;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return undefined;
  const error = mcse({ values, chains: copies, draws });
  return Number.isFinite(error) ? error : undefined;
}

/** The value, or undefined for one that is not finite. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
