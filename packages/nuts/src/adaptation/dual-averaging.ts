/**
 * Step size adaptation by dual averaging: Hoffman & Gelman (2014), The No-U-Turn Sampler, JMLR 15, section 3.2,
 * algorithm 5, whose names are kept. The first weight of the average is 1, so the value that log ε̄ starts from never
 * reaches the result.
 */
import { mustBePositive } from "../must.ts";

export interface DualAveragingOptions {
  /** δ, mean acceptance probability to aim for, in (0, 1). Default 0.8. */
  readonly targetAccept?: number;
  /** γ > 0, shrinkage towards μ. Default 0.05. */
  readonly gamma?: number;
  /** t₀ ≥ 0, damping of the first updates. Default 10. */
  readonly t0?: number;
  /** κ in (0.5, 1], decay of the weight of old iterates. Default 0.75. */
  readonly kappa?: number;
}

/** Plain data; updates give a new one. */
export interface DualAveragingState {
  /** m, updates made so far. */
  readonly count: number;
  /** log ε: exp of it is the step size of the next transition. */
  readonly logStepSize: number;
  /** log ε̄: exp of it is the step size once warmup is over. */
  readonly logStepSizeBar: number;
  /** H̄, weighted mean of δ − α. */
  readonly hBar: number;
  /** μ = log(10 ε₀). */
  readonly mu: number;
}

/** State before the first update. @throws {InvalidArgumentError} unless the step size is positive and finite. */
export function initDualAveraging(stepSize: number): DualAveragingState {
  mustBePositive("stepSize", stepSize);
  const logStepSize = Math.log(stepSize);
  return { count: 0, logStepSize, logStepSizeBar: logStepSize, hBar: 0, mu: Math.log(10 * stepSize) };
}

/** State after a transition of mean acceptance probability `acceptRate` (α in [0, 1]; NaN counts as 0). */
export function updateDualAveraging(
  state: DualAveragingState,
  acceptRate: number,
  { targetAccept = 0.8, gamma = 0.05, t0 = 10, kappa = 0.75 }: DualAveragingOptions = {},
): DualAveragingState {
  const alpha = Number.isNaN(acceptRate) ? 0 : Math.min(acceptRate, 1);
  const count = state.count + 1;
  const weight = 1 / (count + t0);
  const hBar = (1 - weight) * state.hBar + weight * (targetAccept - alpha);
  const logStepSize = state.mu - (Math.sqrt(count) / gamma) * hBar;
  const eta = count ** -kappa;
  const logStepSizeBar = eta * logStepSize + (1 - eta) * state.logStepSizeBar;
  return { count, logStepSize, logStepSizeBar, hBar, mu: state.mu };
}
