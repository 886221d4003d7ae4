/**
 * What a solution says about its parameters: rank, covariance, standard errors, correlation.
 *
 * Sources: Seber & Wild (1989), Nonlinear Regression, section 2.1 (classical covariance s²(JᵀJ)⁻¹); Huber (1967) and
 * White (1980), Econometrica 48, 817 (sandwich); Cameron & Miller (2015), J. Human Resources 50, 317 (clusters and
 * the finite-sample factors).
 */
import { type LinearModel, scaledSpectrum } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import type { Settings } from "./options.ts";
import { sandwichCovariance } from "./sandwich-covariance.ts";
import type { Outcome } from "./solver.ts";

/** Something that a reader of the fit should know; `parameters` are the names concerned. */
export interface FitWarning {
  readonly code:
    | "not-converged"
    | "rank-deficient"
    | "ill-conditioned"
    | "at-bound"
    | "no-degrees-of-freedom"
    | "no-scores";
  readonly message: string;
  readonly parameters: readonly string[];
}

/** Statistics over the free parameters. */
export interface Statistics {
  readonly covariance: Float64Array | undefined;
  readonly standardErrors: Float64Array | undefined;
  readonly rank: number;
  readonly conditionNumber: number;
  readonly warnings: readonly FitWarning[];
}

/** Condition number of the column-scaled JᵀJ beyond which standard errors keep fewer than about 4 digits. */
const ILL_CONDITIONED = 1e12;

/** Squared length that a parameter's axis may have in the null space and still count as determined. */
const NULL_SHARE = 1e-10;

/** @param names of the free parameters. */
export function statisticsOf(
  outcome: Outcome,
  objective: Objective,
  residualCount: number,
  settings: Settings,
  names: readonly string[],
): Statistics {
  const n = names.length;
  const inverse = inverseInformation(outcome.model, objective.rankTolerance);
  const warnings: FitWarning[] = [];
  const undetermined = names.filter((_, j) => inverse.isUndetermined[j]);
  if (undetermined.length > 0) warnings.push(rankWarning(undetermined));
  else if (inverse.conditionNumber > ILL_CONDITIONED) warnings.push(conditionWarning(inverse, names));
  const facts = { rank: inverse.rank, conditionNumber: inverse.conditionNumber, warnings };
  if (settings.covariance === "none") return { ...facts, covariance: undefined, standardErrors: undefined };

  const covariance = covarianceOf(outcome, objective, residualCount, settings, inverse.matrix, warnings);
  const standardErrors = new Float64Array(n).fill(Infinity);
  if (covariance) {
    for (let j = 0; j < n; j++) {
      if (!inverse.isUndetermined[j]) standardErrors[j] = Math.sqrt(Math.max(0, covariance[j * n + j]!));
    }
  }
  return { ...facts, covariance: undetermined.length > 0 ? undefined : covariance, standardErrors };
}

interface InverseInformation {
  /** (JᵀJ)⁻¹, or its pseudo-inverse, n × n. */
  readonly matrix: Float64Array;
  readonly rank: number;
  /** Of the column-scaled JᵀJ. */
  readonly conditionNumber: number;
  readonly isUndetermined: readonly boolean[];
  /** Right singular vector of the smallest singular value, in the column-scaled parameters. */
  readonly weakest: Float64Array;
}

/** From the singular values of J with its columns scaled to length 1, which makes rank a matter of direction alone. */
function inverseInformation(model: LinearModel, rankTolerance: number): InverseInformation {
  const n = model.columns;
  const d = model.columnNorms.map((length) => (length > 0 ? 1 / length : 1));
  const { values, vectors } = scaledSpectrum(model, d);
  const largest = values[0] ?? 0;
  let rank = 0;
  while (rank < values.length && values[rank]! > rankTolerance * largest) rank++;
  const matrix = new Float64Array(n * n);
  const share = new Float64Array(n);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < n; j++) {
      const left = vectors[i * n + j]!;
      share[j]! += left * left;
      for (let k = 0; k < n; k++)
        matrix[j * n + k]! += ((left * d[j]!) / values[i]! ** 2) * vectors[i * n + k]! * d[k]!;
    }
  }
  const isUndetermined = Array.from(share, (value) => rank < n && 1 - value > NULL_SHARE);
  const conditionNumber = n === 0 ? 1 : rank < n ? Infinity : (largest / values[n - 1]!) ** 2;
  return {
    matrix,
    rank,
    conditionNumber,
    isUndetermined,
    weakest: vectors.subarray(Math.max(0, rank - 1) * n, rank * n),
  };
}

function covarianceOf(
  outcome: Outcome,
  objective: Objective,
  residualCount: number,
  settings: Settings,
  inverse: Float64Array,
  warnings: FitWarning[],
): Float64Array | undefined {
  const freedom = residualCount - outcome.x.length;
  const needsFreedom = settings.covariance === "sandwich" || !settings.absoluteSigma;
  if (freedom <= 0 && needsFreedom) {
    const message = `there are ${residualCount} residuals for ${outcome.x.length} free parameters: no degrees of freedom are left to estimate errors from`;
    warnings.push({ code: "no-degrees-of-freedom", message, parameters: [] });
    return undefined;
  }
  if (settings.covariance === "classical") {
    const variance = settings.absoluteSigma ? 1 : (2 * outcome.cost) / freedom;
    return inverse.map((value) => value * variance);
  }
  const meat = objective.scoreOuterProducts(outcome.x);
  if (meat) {
    const factor = sampleFactor(residualCount, outcome.x.length, settings.clusters);
    return sandwichCovariance(inverse, meat, outcome.x.length).map((value) => value * factor);
  }
  const message =
    "covariance 'sandwich' was asked for, but the problem has no scoreOuterProducts; no errors are reported";
  warnings.push({ code: "no-scores", message, parameters: [] });
  return undefined;
}

/** m/(m − n), or G/(G − 1) · (m − 1)/(m − n) for G clusters. */
function sampleFactor(m: number, n: number, clusters: Int32Array | undefined): number {
  if (!clusters) return m / (m - n);
  const groups = new Set(clusters).size;
  return groups > 1 ? ((groups / (groups - 1)) * (m - 1)) / (m - n) : m / (m - n);
}

function rankWarning(parameters: readonly string[]): FitWarning {
  const message = `the data do not determine ${parameters.join(", ")}: their standard errors are infinite and no covariance is reported; fix one of them or add data`;
  return { code: "rank-deficient", message, parameters };
}

function conditionWarning(inverse: InverseInformation, names: readonly string[]): FitWarning {
  const parameters = names.filter((_, j) => Math.abs(inverse.weakest[j]!) > 0.3);
  const message = `${parameters.join(", ")} are hardly distinguishable: the scaled JᵀJ has condition number ${inverse.conditionNumber.toExponential(1)}`;
  return { code: "ill-conditioned", message, parameters };
}

/** Covariance to correlation; 0 off the diagonal where a variance is 0. */
export function correlationOf(covariance: Float64Array, n: number): Float64Array {
  return covariance.map((value, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    if (i === j) return 1;
    const scale = Math.sqrt(covariance[i * n + i]!) * Math.sqrt(covariance[j * n + j]!);
    return scale > 0 ? Math.max(-1, Math.min(1, value / scale)) : 0;
  });
}
