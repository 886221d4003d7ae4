/**
 * Metrics from the covariance of the draws alone. Stan, NumPyro and BlackJAX shrink it towards 10⁻³ I, in absolute
 * units: that ruins the metric of a parameter whose posterior is narrower than about 0.01. Here everything is relative
 * to the scale of each parameter.
 */
import { scaledCholesky } from "../metric/cholesky.ts";
import { DenseMetric } from "../metric/dense-metric.ts";
import { symmetricMatrix } from "../metric/symmetric-matrix.ts";
import type { RunningCovariance } from "./running-covariance.ts";
import { usable } from "./usable-scale.ts";

/** Weight of the prior guess, in draws (as Stan has it). */
const PRIOR_DRAWS = 5;
/** What dense matrices shrink towards: this times their own diagonal. */
const PRIOR_SHARE = 1e-3;

/** Standard deviations: variances of n draws, and with the weight of 5 draws those of `guess`. */
export function welfordScale(positions: RunningCovariance, guess: Float64Array): Float64Array {
  const n = positions.count;
  return guess.map((before, i) => {
    const variance = (n * positions.variance(i) + PRIOR_DRAWS * before * before) / (n + PRIOR_DRAWS);
    return usable(Math.sqrt(variance), before);
  });
}

/** The full matrix S n/(n + 5) + 10⁻³ diag(S) 5/(n + 5); `undefined` when it is not positive definite. */
export function welfordDense(positions: RunningCovariance, guess: Float64Array): DenseMetric | undefined {
  const dim = positions.dim;
  const n = positions.count;
  const deviations = guess.map((before, i) => {
    const variance = positions.variance(i);
    return usable(Math.sqrt(variance), before);
  });
  const correlations = symmetricMatrix(dim, (i, j) =>
    i === j
      ? (n + PRIOR_DRAWS * PRIOR_SHARE) / (n + PRIOR_DRAWS)
      : (positions.covariance(i, j) / (deviations[i]! * deviations[j]!)) * (n / (n + PRIOR_DRAWS)),
  );
  const factor = scaledCholesky(correlations, deviations);
  return factor && new DenseMetric(dim, factor);
}
