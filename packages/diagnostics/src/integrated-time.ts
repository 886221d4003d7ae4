/**
 * The integrated autocorrelation time as emcee estimates it, and its rules for when to stop.
 *
 * Sources: Goodman & Weare (2010), 10.2140/camcos.2010.5.65, section 5; Sokal (1997), Monte Carlo Methods in Statistical
 * Mechanics, 10.1007/978-1-4899-0319-8_6, the self-consistent window; Foreman-Mackey et al. (2013), 10.1086/670067.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { meanAutocovariance } from "./autocorrelation.ts";
import { type ChainsInput, toChains } from "./chains.ts";
import { mean, variance } from "./moments.ts";
import type { DiagnosticWarning } from "./warning.ts";

/** Options of {@link integratedTime}. */
export interface IntegratedTimeOptions {
  /** c: the sum stops at the first lag M ≥ c τ(M). Default 5. */
  readonly windowFactor?: number;
  /** Draws per autocorrelation time below which the estimate is not trusted. Default 50. */
  readonly tolerance?: number;
}

/** What {@link integratedTime} finds. */
export interface IntegratedTime {
  /** τ in draws: the variance of a mean of n draws is τ/n times that of one. NaN for a walker that never moves. */
  readonly tau: number;
  /** Lag M at which the sum stopped. */
  readonly window: number;
  /** n / τ, the number of autocorrelation times in each walker's draws. */
  readonly timesCovered: number;
  /** Whether n ≥ tolerance · τ. */
  readonly isReliable: boolean;
  /** Says so when it is not. */
  readonly warning?: DiagnosticWarning;
}

/**
 * τ = 1 + 2 Σ ρ(t) up to Sokal's window, with ρ the mean over walkers of each one's normalised autocorrelation.
 *
 * @param walkers draws of one scalar, (walker, draw).
 * @throws {InvalidArgumentError} for draws that are no table, options that are not positive.
 */
export function integratedTime(walkers: ChainsInput, options: IntegratedTimeOptions = {}): IntegratedTime {
  const { windowFactor = 5, tolerance = 50 } = options;
  checkPositive("windowFactor", windowFactor);
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw new InvalidArgumentError("tolerance", "be finite and not negative", tolerance);
  }
  const { values, chains, draws } = toChains(walkers, "walkers");
  const rho = meanAutocorrelation(values, chains, draws);
  let tau = -1;
  let window = draws - 1;
  for (let lag = 0; lag < draws; lag++) {
    tau += 2 * rho[lag]!;
    if (lag >= windowFactor * tau) {
      window = lag;
      break;
    }
  }
  const timesCovered = draws / tau;
  const isReliable = tolerance * tau <= draws;
  const result = { tau, window, timesCovered, isReliable };
  if (isReliable) return result;
  const message = Number.isNaN(tau)
    ? "A walker never moved, or a draw is not finite: there is no autocorrelation time."
    : `${draws} draws are fewer than ${tolerance} autocorrelation times of ${tau.toPrecision(3)}: run longer.`;
  return { ...result, warning: { code: "short-for-autocorrelation", message, count: draws } };
}

/** Options of {@link checkAutocorrelationTimes}. */
export interface ConvergenceOptions {
  /** Autocorrelation times that the draws must cover. Default 100. */
  readonly times?: number;
  /** Largest relative change of an estimate since the last check. Default 0.01. */
  readonly relativeChange?: number;
}

/** What {@link checkAutocorrelationTimes} finds. */
export interface ConvergenceCheck {
  /** Every τ is covered often enough and has settled. */
  readonly isConverged: boolean;
  /** Draws to discard at the beginning: 2 max τ, rounded down. */
  readonly discard: number;
  /** Keep every n-th of the rest: ½ min τ, rounded down, at least 1. */
  readonly thin: number;
}

/**
 * The stopping rule of emcee's tutorial: the draws cover 100 of the longest autocorrelation time, and no estimate changed
 * by more than 1 % since the last check (every 100 draws or so).
 *
 * @param taus estimates of τ now, one per parameter.
 * @param previousTaus those of the last check; without them nothing has settled yet.
 * @param draws draws of each walker so far.
 * @throws {InvalidArgumentError} for no parameter, or lists of different length.
 */
export function checkAutocorrelationTimes(
  taus: ArrayLike<number>,
  previousTaus: ArrayLike<number> | undefined,
  draws: number,
  options: ConvergenceOptions = {},
): ConvergenceCheck {
  const { times = 100, relativeChange = 0.01 } = options;
  if (taus.length === 0) throw new InvalidArgumentError("taus", "hold one estimate per parameter", taus);
  if (previousTaus !== undefined && previousTaus.length !== taus.length) {
    throw new InvalidArgumentError("previousTaus", `have length ${taus.length}, as taus has`, previousTaus);
  }
  let isConverged = previousTaus !== undefined;
  let longest = 0;
  let shortest = Infinity;
  for (let k = 0; k < taus.length; k++) {
    const tau = taus[k]!;
    const change = Math.abs((previousTaus?.[k] ?? Number.NaN) - tau) / tau;
    isConverged &&= tau * times < draws && change < relativeChange;
    longest = Math.max(longest, tau);
    shortest = Math.min(shortest, tau);
  }
  if (!Number.isFinite(longest)) return { isConverged: false, discard: draws, thin: 1 };
  return { isConverged, discard: Math.floor(2 * longest), thin: Math.max(1, Math.floor(0.5 * shortest)) };
}

/** Mean over walkers of each one's autocorrelation: every walker is scaled to unit variance first. */
function meanAutocorrelation(values: Float64Array, chains: number, draws: number): Float64Array {
  const scaled = new Float64Array(values.length);
  for (let chain = 0; chain < chains; chain++) {
    const [start, end] = [chain * draws, (chain + 1) * draws];
    const path = values.subarray(start, end);
    const centre = mean(path);
    const scale = 1 / Math.sqrt(variance(path, 0));
    for (let t = start; t < end; t++) scaled[t] = (values[t]! - centre) * scale;
  }
  return meanAutocovariance(scaled, chains, draws);
}

function checkPositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError(argument, "be positive and finite", value);
}
