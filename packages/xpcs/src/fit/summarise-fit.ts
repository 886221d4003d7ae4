import { fitQuality, isAtBound } from "./fit-quality.ts";
import type { DerivedQuantity, FitResult, FittedParameter, FittedScaling } from "./fit-result.ts";
import type { SearchOutcome } from "./fit-search.ts";
import type { FitSetting, LocalFit } from "./local-fit.ts";
import { NoiseEstimator } from "./noise.ts";
import { frameClusteredCovariance } from "./robust-covariance.ts";

/** Residuals have no decay to keep away from; only the pairs beside the diagonal are left out. */
const SHORTEST_LAG = 3;

/** Decrease of χ² over the last iterations below which a valley is flat: moving on a standard error makes 1. */
const FLAT = 0.1;

interface Summary {
  readonly setting: FitSetting;
  readonly search: SearchOutcome;
  /** Noise that was given or estimated from the data; `undefined` when the maps were too small for that. */
  readonly sigma: number | undefined;
  readonly notes: readonly string[];
  readonly wallSeconds: number;
}

/** Turns the outcome of a search into what a user reads. */
export function summariseFit({ setting, search, sigma, notes, wallSeconds }: Summary): FitResult {
  const { meshgrid, model, basis, box, options } = setting;
  const { best } = search;
  const { result, problem, vector } = best;
  const degreesOfFreedom = meshgrid.pairCount - problem.dim;
  const residualSd = Math.sqrt(meshgrid.chi2(vector) / degreesOfFreedom);
  const settled = options.sigma ?? settledNoise(setting, vector, sigma);
  const noise = settled ?? residualSd;
  const chi2 = meshgrid.chi2(vector) / (noise * noise);
  const names = [...box.free.map((k) => model.parameters[k]!.name), ...basis.names];
  const matrix = covarianceOf(best);
  const chain = problem.chain(result.x).slice();
  const classical = expandedErrors(chain, matrix, problem.dim);
  const clustered = frameClusteredCovariance(best, setting.fScale, options.loss ?? "linear");
  const robust = clustered ? expandedErrors(chain, clustered, problem.dim) : [];
  const parameters = model.parameters.map((definition, k): FittedParameter => {
    const value = vector[k]!;
    const [lower, upper] = [box.lower[k]!, box.upper[k]!];
    const isFree = box.free.includes(k);
    return {
      name: definition.name,
      value,
      standardError: isFree ? classical[k] : undefined,
      robustStandardError: isFree ? robust[k] : undefined,
      unit: definition.unit,
      lower,
      upper,
      atBound: isFree && isAtBound(value, lower, upper),
      isFree,
    };
  });
  const reducedChi2 = chi2 / degreesOfFreedom;
  const isFlat = !result.success && result.status !== "aborted" && chi2Decrease(best, noise) < FLAT;
  const atBounds = parameters.filter((p) => p.atBound).length;
  return {
    model,
    parameters,
    scaling: fittedScaling(setting, vector, classical),
    derived: derivedQuantities(setting, vector, matrix, names),
    covariance: { names, matrix },
    vector: vector.slice(),
    sigma: noise,
    sigmaSource:
      options.sigma !== undefined
        ? "given"
        : settled !== undefined
          ? "estimated from the data"
          : "residuals of the fit",
    residualSd,
    chi2,
    reducedChi2,
    degreesOfFreedom,
    pairs: meshgrid.pairCount,
    quality: fitQuality(reducedChi2, atBounds),
    iterations: search.iterations,
    evaluations: search.evaluations,
    wallSeconds,
    route: `meshgrid ${meshgrid.engine}, ${meshgrid.route} weights, ${options.loss ?? "linear"} loss`,
    isAborted: result.status === "aborted",
    isConverged: result.success || isFlat,
    message: isFlat ? flatMessage(best, noise) : result.message,
    warnings: [...notes, ...fitWarnings(best, isFlat)],
    attempts: search.attempts,
  };
}

function chi2Decrease({ lateDecrease }: LocalFit, noise: number): number {
  return (2 * lateDecrease) / (noise * noise);
}

function flatMessage(best: LocalFit, noise: number): string {
  return `the valley is flat: the last 50 iterations lowered χ² by ${chi2Decrease(best, noise).toPrecision(1)} in all, where one standard error makes 1`;
}

/** What the solver has to say; a flat valley is no failure. */
function fitWarnings({ result }: LocalFit, isFlat: boolean): string[] {
  return result.warnings.filter(({ code }) => !(isFlat && code === "not-converged")).map(({ message }) => message);
}

/**
 * The noise once more, from the differences of the residuals: where the model follows the data, less of their structure is
 * mistaken for noise. The smaller of the two estimates holds.
 */
function settledNoise(setting: FitSetting, vector: Float64Array, before: number | undefined): number | undefined {
  const { meshgrid, options } = setting;
  const frames = meshgrid.frames;
  const noise = new NoiseEstimator();
  const fitted = new Float64Array(frames * frames);
  for (let angle = 0; angle < meshgrid.angles; angle++) {
    const data = options.c2(angle);
    meshgrid.map(vector, angle, fitted);
    for (let k = 0; k < fitted.length; k++) fitted[k] = data[k]! - fitted[k]!;
    noise.add(fitted, frames, SHORTEST_LAG);
  }
  const after = noise.sigma();
  return after !== undefined && before !== undefined ? Math.min(before, after) : after;
}

/** Standard errors of the full vector; `undefined` where the covariance is not a number, is infinite, or is zero. */
function expandedErrors(chain: Float64Array, covariance: Float64Array, dim: number): (number | undefined)[] {
  const size = dim > 0 ? chain.length / dim : 0;
  return Array.from({ length: size }, (_, row) => {
    let variance = 0;
    for (let a = 0; a < dim; a++) {
      const left = chain[row * dim + a]!;
      if (left === 0) continue;
      for (let b = 0; b < dim; b++) {
        const right = chain[row * dim + b]!;
        if (right !== 0) variance += left * covariance[a * dim + b]! * right;
      }
    }
    return variance > 0 && Number.isFinite(variance) ? Math.sqrt(variance) : undefined;
  });
}

/** The covariance of the free coordinates; where some are undetermined, the variances of the others alone. */
function covarianceOf({ result, problem }: LocalFit): Float64Array {
  if (result.covariance !== undefined) return result.covariance;
  const { dim } = problem;
  const matrix = new Float64Array(dim * dim).fill(Number.NaN);
  for (let k = 0; k < dim; k++) matrix[k * dim + k] = (result.standardErrors?.[k] ?? Number.NaN) ** 2;
  return matrix;
}

function fittedScaling(
  setting: FitSetting,
  vector: Float64Array,
  errors: readonly (number | undefined)[],
): FittedScaling[] {
  const first = setting.model.parameters.length;
  return Array.from(setting.options.experiment.phi, (phi, k) => ({
    phi,
    contrast: vector[first + 2 * k]!,
    contrastError: errors[first + 2 * k],
    offset: vector[first + 2 * k + 1]!,
    offsetError: errors[first + 2 * k + 1],
  }));
}

/** For two components the fraction's amplitude at t = 0, which the data determine whatever f2 is. */
function derivedQuantities(
  { model }: FitSetting,
  vector: Float64Array,
  covariance: Float64Array,
  names: readonly string[],
): DerivedQuantity[] {
  if (model.kind !== "heterodyne") return [];
  const [f0, f1, f2] = [vector[9]!, vector[10]!, vector[11]!];
  const value = f0 * Math.exp(-f1 * f2);
  const slopes = new Map([
    ["f0", Math.exp(-f1 * f2)],
    ["f1", -f2 * value],
    ["f2", -f1 * value],
  ]);
  let variance = 0;
  for (const [a, left] of names.entries()) {
    for (const [b, right] of names.entries()) {
      const weight = (slopes.get(left) ?? 0) * (slopes.get(right) ?? 0);
      if (weight !== 0) variance += weight * covariance[a * names.length + b]!;
    }
  }
  const standardError = variance > 0 ? Math.sqrt(variance) : undefined;
  const description = "f0·exp(−f1·f2), the fraction's amplitude at t = 0";
  return [{ name: "fraction_amplitude", value, standardError, unit: "", description }];
}
