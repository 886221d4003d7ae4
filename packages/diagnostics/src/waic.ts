import { countObservations, type LogLikelihood, observationColumn } from "./log-likelihood.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { type PredictiveDensity, summed } from "./loo.ts";
import { variance } from "./moments.ts";
import type { DiagnosticWarning } from "./warning.ts";

/** Variance of an observation's log likelihood above which WAIC is not reliable for it. */
const LARGEST_VARIANCE = 0.4;

/**
 * Widely applicable information criterion on the scale of the log predictive density: log mean likelihood of every
 * observation less the variance (S − 1 in the denominator) of its log likelihood. PSIS-LOO estimates the same quantity and
 * tells when it fails; prefer {@link loo}.
 *
 * Sources: Watanabe (2010), JMLR 11, 3571; Vehtari, Gelman & Gabry (2017), 10.1007/s11222-016-9696-4, section 2.2.
 *
 * @param logLikelihood log likelihood of every observation at every draw, at least 2 draws in all.
 * @throws {InvalidArgumentError} for values that are no such table, NaN or +∞ among them.
 */
export function waic(logLikelihood: LogLikelihood): PredictiveDensity {
  const observations = countObservations(logLikelihood);
  const samples = logLikelihood.chains * logLikelihood.draws;
  const pointwise = new Float64Array(observations);
  const pointwiseP = new Float64Array(observations);
  for (let i = 0; i < observations; i++) {
    const column = observationColumn(logLikelihood.values, i, observations);
    pointwiseP[i] = variance(column, 1);
    pointwise[i] = logSumExp(column) - Math.log(samples) - pointwiseP[i]!;
  }
  return { ...summed(pointwise, pointwiseP), samples, warnings: waicWarnings(pointwiseP) };
}

function waicWarnings(variances: Float64Array): DiagnosticWarning[] {
  const count = variances.reduce((sum, value) => sum + (value <= LARGEST_VARIANCE ? 0 : 1), 0);
  if (count === 0) return [];
  const message = `The log likelihood of ${count} of ${variances.length} observations has a variance above ${LARGEST_VARIANCE}: use loo instead.`;
  return [{ code: "waic-variance", message, count }];
}
