import type { FitResult } from "./fit-result.ts";

/** `nlsq/parameters.json`: the result for programs. */
export function parametersJson(result: FitResult): Record<string, unknown> {
  const size = result.covariance.names.length;
  const matrix = Array.from({ length: size }, (_, row) =>
    Array.from(result.covariance.matrix.subarray(row * size, (row + 1) * size)),
  );
  return {
    mode: result.model.mode,
    parameters: Object.fromEntries(
      result.parameters.map((p) => [
        p.name,
        {
          value: p.value,
          standardError: p.standardError ?? null,
          robustStandardError: p.robustStandardError ?? null,
          interval: p.interval ?? null,
          unit: p.unit,
          lower: p.lower,
          upper: p.upper,
          atBound: p.atBound,
          free: p.isFree,
        },
      ]),
    ),
    derived: Object.fromEntries(
      result.derived.map(({ name, value, standardError, unit, description }) => [
        name,
        { value, standardError: standardError ?? null, unit, description },
      ]),
    ),
    scaling: result.scaling.map(({ phi, contrast, contrastError, offset, offsetError, atBound }) => ({
      phi,
      contrast,
      contrastError: contrastError ?? null,
      offset,
      offsetError: offsetError ?? null,
      atBound,
    })),
    covariance: { names: result.covariance.names, matrix },
    sigma: result.sigma,
    chi2: result.chi2,
    reducedChi2: result.reducedChi2,
    degreesOfFreedom: result.degreesOfFreedom,
    quality: result.quality,
    iterations: result.iterations,
    evaluations: result.evaluations,
    wallSeconds: result.wallSeconds,
    route: result.route,
    message: result.message,
  };
}

/** `nlsq/diagnostics.json`: how the result came about. */
export function diagnosticsJson(result: FitResult): Record<string, unknown> {
  return {
    conventions: { shear: result.model.shear, fractionLimit: result.model.fractionLimit },
    noise: { sigma: result.sigma, source: result.sigmaSource, residualStandardDeviation: result.residualSd },
    pairs: result.pairs,
    quality: result.quality,
    atBounds: result.parameters.filter((p) => p.atBound).map((p) => p.name),
    aborted: result.isAborted,
    converged: result.isConverged,
    warnings: result.warnings,
    attempts: result.attempts,
  };
}
