import { fitQuality, isAtBound } from "./fit-quality.ts";
import type { DerivedQuantity, FitResult, FittedParameter, FittedScaling } from "./fit-result.ts";
import type { SearchOutcome } from "./fit-search.ts";
import type { FitSetting, LocalFit } from "./local-fit.ts";
import { NoiseEstimator } from "./noise.ts";
import type { ProfileRatio } from "./profile-errors.ts";
import { frameClusteredCovariance } from "./robust-covariance.ts";

/** Residuals have no decay to keep away from; only the pairs beside the diagonal are left out. */
const SHORTEST_LAG = 3;

/** Decrease of χ² over the last iterations below which a valley is flat: moving on a standard error makes 1. */
const FLAT = 0.1;

/** Residuals of data near 1 that are nothing but rounding. */
const ROUNDING = 1e-13;

interface Summary {
  readonly setting: FitSetting;
  readonly search: SearchOutcome;
  /** Noise that was given or estimated from the data; `undefined` when the maps were too small for that. */
  readonly sigma: number | undefined;
  /** Of the parameters whose valley is curved, by index. */
  readonly profile: ReadonlyMap<number, ProfileRatio>;
  readonly notes: readonly string[];
  readonly wallSeconds: number;
}

/** Turns the outcome of a search into what a user reads. */
export function summariseFit(summary: Summary): FitResult {
  const { setting, search, sigma, notes, wallSeconds } = summary;
  const { meshgrid, model, basis, box, options } = setting;
  const { best } = search;
  const { result, problem, vector } = best;
  const degreesOfFreedom = meshgrid.pairCount - problem.dim;
  const residualSd = Math.sqrt(meshgrid.chi2(vector) / degreesOfFreedom);
  const settled = options.sigma ?? settledNoise(setting, vector, sigma);
  const noise = Math.max(settled ?? residualSd, ROUNDING);
  const chi2 = meshgrid.chi2(vector) / (noise * noise);
  const matrix = covarianceOf(best, residualSd);
  const parameters = fittedParameters(summary, matrix);
  const scaling = fittedScaling(setting, best, matrix);
  const names = [...box.free.map((k) => model.parameters[k]!.name), ...basis.names];
  const atBounds = [...parameters, ...scaling].filter((p) => p.atBound).length;
  // Residuals at the rounding of the data cannot be lowered, whatever the solver makes of it.
  const isExact = residualSd < ROUNDING && result.status !== "aborted";
  const isFlat = !result.success && result.status !== "aborted" && chi2Decrease(best, noise) < FLAT;
  return {
    model,
    parameters,
    scaling,
    derived: derivedQuantities(setting, vector, matrix, names),
    covariance: { names, matrix },
    vector: vector.slice(),
    sigma: noise,
    sigmaSource: sourceOf(options.sigma, settled),
    residualSd,
    chi2,
    reducedChi2: chi2 / degreesOfFreedom,
    degreesOfFreedom,
    pairs: meshgrid.pairCount,
    quality: fitQuality(chi2 / degreesOfFreedom, atBounds),
    iterations: search.iterations,
    evaluations: search.evaluations,
    wallSeconds,
    route: `meshgrid ${meshgrid.engine}, ${meshgrid.route} weights, ${options.loss ?? "linear"} loss`,
    isAborted: result.status === "aborted",
    isConverged: result.success || isFlat || isExact,
    message: isExact
      ? "the residuals are at the rounding of the data"
      : isFlat
        ? flatMessage(best, noise)
        : result.message,
    warnings: [...notes, ...undetermined(parameters), ...fitWarnings(best, isFlat || isExact)],
    attempts: search.attempts,
  };
}

function sourceOf(given: number | undefined, settled: number | undefined): FitResult["sigmaSource"] {
  if (given !== undefined) return "given";
  return settled !== undefined ? "estimated from the data" : "residuals of the fit";
}

function fittedParameters({ setting, search, profile }: Summary, matrix: Float64Array): FittedParameter[] {
  const { model, box, options, fScale } = setting;
  const { result, problem, vector } = search.best;
  const chain = problem.chain(result.x).slice();
  const classical = expandedErrors(chain, matrix, problem.dim);
  const clustered = frameClusteredCovariance(search.best, fScale, options.loss ?? "linear");
  const robust = clustered ? expandedErrors(chain, clustered, problem.dim) : [];
  return model.parameters.map((definition, k): FittedParameter => {
    const value = vector[k]!;
    const [lower, upper] = [box.lower[k]!, box.upper[k]!];
    const isFree = box.free.includes(k);
    const errors = isFree ? settledErrors(classical[k], profile.get(k), upper - lower) : undefined;
    const wider = robust[k];
    return {
      name: definition.name,
      value,
      standardError: errors?.standardError,
      robustStandardError: errors && wider !== undefined ? wider * errors.ratio : undefined,
      interval: errors ? [Math.max(lower, value - errors.below), Math.min(upper, value + errors.above)] : undefined,
      unit: definition.unit,
      lower,
      upper,
      atBound: isFree && isAtBound(value, lower, upper),
      isFree,
    };
  });
}

/**
 * Linear error where the valley is straight; where it is curved the wider half of the profile's interval; never more than
 * the parameter's range.
 */
function settledErrors(linear: number | undefined, profile: ProfileRatio | undefined, range: number) {
  if (linear === undefined) return undefined;
  const [below, above] = [linear * (profile?.below ?? 1), linear * (profile?.above ?? 1)];
  const standardError = Math.min(Math.max(below, above), range);
  return { standardError, below, above, ratio: standardError / linear };
}

/** Names the parameters of which the data leave the whole range open. */
function undetermined(parameters: readonly FittedParameter[]): string[] {
  const isOpen = ({ interval, lower, upper }: FittedParameter) =>
    interval === undefined || (interval[0] <= lower && interval[1] >= upper);
  const names = parameters.filter((p) => p.isFree && isOpen(p)).map((p) => p.name);
  if (names.length === 0) return [];
  return [`the data do not determine ${names.join(", ")} within the bounds: any value there fits about as well`];
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

/**
 * The covariance of the free coordinates; where some are undetermined, the variances of the others alone. Of data without
 * noise it is that of their rounding.
 */
function covarianceOf({ result, problem }: LocalFit, residualSd: number): Float64Array {
  const floor = Math.max(1, ROUNDING / residualSd) ** 2;
  if (result.covariance !== undefined) return result.covariance.map((value) => value * floor);
  const { dim } = problem;
  const matrix = new Float64Array(dim * dim).fill(Number.NaN);
  for (let k = 0; k < dim; k++) matrix[k * dim + k] = floor * (result.standardErrors?.[k] ?? Number.NaN) ** 2;
  return matrix;
}

function fittedScaling(
  { model, basis, options }: FitSetting,
  { result, problem, vector }: LocalFit,
  matrix: Float64Array,
): FittedScaling[] {
  const errors = expandedErrors(problem.chain(result.x).slice(), matrix, problem.dim);
  const first = model.parameters.length;
  const coefficients = result.x.subarray(problem.dim - basis.names.length);
  const isHeld = basis.names.map((_, k) => isAtBound(coefficients[k]!, basis.lower[k]!, basis.upper[k]!));
  return Array.from(options.experiment.phi, (phi, k) => {
    const rows = [2 * k, 2 * k + 1];
    return {
      phi,
      contrast: vector[first + 2 * k]!,
      contrastError: errors[first + 2 * k],
      offset: vector[first + 2 * k + 1]!,
      offsetError: errors[first + 2 * k + 1],
      atBound: rows.some((row) => isHeld.some((held, c) => held && basis.matrix[row * basis.names.length + c] !== 0)),
    };
  });
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
