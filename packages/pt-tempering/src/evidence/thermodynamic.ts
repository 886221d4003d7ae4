import { monotoneCubic } from "../ladder/monotone-cubic.ts";
import type { RoundLedger } from "../ledger/round-ledger.ts";
import { finite, standardError } from "./standard-error.ts";

/** An estimate with its Monte Carlo standard error; undefined where there is none. */
export interface Estimate {
  readonly value: number | undefined;
  readonly error: number | undefined;
}

/**
 * Thermodynamic integration of a leg: log Z = ∫ ⟨s⟩_β dβ. ⟨s⟩_β rises with β (its derivative is the variance of s), so
 * the integrand between the rungs is the monotone cubic through their means. The error is that of the means; what the
 * interpolation adds on a coarse ladder is not in it.
 */
export function thermodynamicIntegral(ledger: RoundLedger, leg: number): Estimate {
  const chains = ledger.ladder.chainsOf(leg);
  const betas = ledger.ladder.schedules[leg]!;
  const { copies, statistic } = ledger;
  const means = chains.map((chain) => mean(statistic.rows(chain * copies, copies)));
  if (!means.every(Number.isFinite)) return { value: undefined, error: undefined };
  const series = new Float64Array(copies * statistic.blocks);
  chains.forEach((chain, k) => {
    // Weights of the trapezoidal rule, close to how the integral depends on each mean.
    const low = betas[Math.max(0, k - 1)]!;
    const weight = (betas[Math.min(betas.length - 1, k + 1)]! - low) / 2;
    const values = statistic.rows(chain * copies, copies);
    for (let i = 0; i < series.length; i++) series[i] = series[i]! + weight * values[i]!;
  });
  return { value: finite(monotoneCubic(betas, means).integral), error: standardError(series, copies) };
}

/** Arithmetic mean. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
