import type { Experiment } from "@siegert/physics-core";
import type { Config, ConfigParameter } from "../config/config.ts";
import { fitOptions } from "../fit/configured-fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { lawsOf } from "../fit/law.ts";
import { fixedScaling, projectScaling, type ScalingBasis, scalingFamily } from "../fit/scaling-basis.ts";
import type { CoordinateMap } from "./coordinate-map.ts";
import type { PosteriorSpec, SampledQuantity } from "./posterior-spec.ts";
import type { Straightening } from "./straightening.ts";
import { isWellKnown } from "./well-known-law.ts";

/** Prior of the noise when it is sampled: ln σ is normal, its mean ± 2 sd reach from 0.001 to 2.7 in units of c2. */
const NOISE_PRIOR = { logMean: Math.log(0.05), logSd: 2 };
/** Share of a coordinate's range that a start keeps away from either bound. */
const MARGIN = 1e-3;
/** Least pL at which a law is straightened, well above the fold at −1. */
const LEAST_POWER = -0.3;
/** Range of decades from which a positive quantity is sampled by its logarithm. */
const WIDE = 100;

/** A posterior and a start for it. */
export interface PosteriorPlan {
  readonly spec: PosteriorSpec;
  /** Values of the least-squares fit, strictly within their bounds, in the order of the sampled quantities (and sigma). */
  readonly start: Float64Array;
}

/**
 * The posterior of a data set whose least-squares fit is known. The fit gives the start and settles the coordinates; it is
 * no prior, which would count the data twice.
 *
 * @param maps one per angle, row-major (frames, frames); in shared memory when several threads shall sample.
 */
export function posteriorPlan(
  config: Config,
  result: FitResult,
  experiment: Experiment,
  maps: readonly Float64Array[],
): PosteriorPlan {
  const { model, vector } = result;
  const physical = vector.slice(0, model.parameters.length);
  const scaling = scalingOf(config, experiment, vector.subarray(physical.length));
  const coefficients = projectScaling(scaling, vector.subarray(physical.length));
  const quantities = [...physicalQuantities(config, result), ...scalingQuantities(config, scaling)];
  const start = Float64Array.from(quantities, ({ role, index, map }) =>
    inside(role === "physical" ? physical[index]! : coefficients[index]!, map),
  );
  const noise = config.sigma ?? NOISE_PRIOR;
  const complete = typeof noise === "number" ? start : Float64Array.of(...start, result.residualSd);
  const spec: PosteriorSpec = {
    model,
    q: experiment.q,
    gap: config.gap,
    phi: Array.from(experiment.phi),
    times: experiment.times,
    maps,
    values: physical,
    tied: tiedPairs(config.parameters),
    scaling,
    quantities,
    laws: straightenings(quantities, start, result, experiment.times).filter((law) =>
      isWellKnown(law, quantities, start, result),
    ),
    noise,
    priorPower: 1,
    engine: "auto",
  };
  return { spec, start: complete };
}

/** The family of scalings that is sampled: that of the fit, or the fitted values where the mode holds them. */
function scalingOf(config: Config, experiment: Experiment, fitted: Float64Array): ScalingBasis {
  const options = fitOptions(config, experiment, () => new Float64Array(0));
  const isHeld = options.scalingMode === "constant" || options.scalingMode === "constant_averaged";
  return isHeld ? fixedScaling(fitted) : scalingFamily(options, options.scalingBounds!);
}

function physicalQuantities(config: Config, { parameters }: FitResult): SampledQuantity[] {
  return config.parameters.flatMap(({ name, lower, upper, prior }, index) => {
    if (!parameters[index]!.isFree) return [];
    const kind = lower > 0 && upper / lower >= WIDE ? "log-interval" : "interval";
    return [{ name, role: "physical" as const, index, map: { kind, lower, upper } as CoordinateMap, prior }];
  });
}

function scalingQuantities({ scaling }: Config, basis: ScalingBasis): SampledQuantity[] {
  return basis.names.map((name, index) => {
    const { prior } = name.startsWith("contrast") ? scaling.contrast : scaling.offset;
    const [lower, upper] = [basis.lower[index]!, basis.upper[index]!];
    const isBounded = Number.isFinite(lower) && Number.isFinite(upper);
    // Harmonics of a Fourier series are about zero, a fraction of the prior's width about the mean.
    const own = isBounded ? prior : { ...prior, type: "Normal" as const, mean: 0, sd: prior.sd / 2, shape: {} };
    return { name, role: "scaling", index, map: { kind: isBounded ? "interval" : "real", lower, upper }, prior: own };
  });
}

function inside(value: number, { kind, lower, upper }: CoordinateMap): number {
  if (kind === "real") return value;
  if (kind === "interval") {
    const margin = MARGIN * (upper - lower);
    return Math.min(Math.max(value, lower + margin), upper - margin);
  }
  const margin = (upper / lower) ** MARGIN;
  return Math.min(Math.max(value, lower * margin), upper / margin);
}

function tiedPairs(parameters: readonly ConfigParameter[]): [number, number][] {
  return parameters.flatMap(({ tiedTo }, follower): [number, number][] =>
    tiedTo === undefined ? [] : [[follower, parameters.findIndex(({ name }) => name === tiedTo)]],
  );
}

/** Every law is straightened about the time at which the fit knows it best. */
function straightenings(
  quantities: readonly SampledQuantity[],
  start: Float64Array,
  result: FitResult,
  times: Float64Array,
): Straightening[] {
  const position = (index: number) => quantities.findIndex((q) => q.role === "physical" && q.index === index);
  return lawsOf(result.model, result.vector, times).flatMap(({ parameters, at }) => {
    const [amplitude, exponent, offset] = parameters.map(position) as [number, number, number];
    if ([amplitude, exponent, offset].filter((k) => k >= 0).length < 2) return [];
    const value = (k: number, index: number) => (k < 0 ? result.vector[index]! : start[k]!);
    const centre = {
      amplitude: value(amplitude, parameters[0]),
      exponent: value(exponent, parameters[1]),
      offset: value(offset, parameters[2]),
    };
    if (!(centre.amplitude > 0)) return [];
    return [{ amplitude, exponent, offset, centre, at: bestKnown(at, parameters, centre, result) }];
  });
}

/**
 * The L at which the fit's standard error of A·e^{pL} + c is smallest, among those at which amplitude and exponent that keep
 * its slope p·A·e^{pL} do not fold back near the fit (at pL = −1 they do).
 */
function bestKnown(
  at: readonly number[],
  parameters: readonly number[],
  centre: Straightening["centre"],
  result: FitResult,
): number {
  const { names, matrix } = result.covariance;
  const rows = parameters.map((index) => names.indexOf(result.parameters[index]!.name));
  const covariance = (a: number, b: number) => (a < 0 || b < 0 ? 0 : matrix[a * names.length + b]!);
  const powers = at.map((L) => centre.exponent * L);
  const least = Math.min(LEAST_POWER, Math.max(...powers));
  let best = at[powers.findIndex((power) => power >= least)]!;
  let smallest = Infinity;
  for (const [k, L] of at.entries()) {
    if (powers[k]! < least) continue;
    const growth = Math.exp(powers[k]!);
    const slopes = [growth, centre.amplitude * L * growth, 1];
    let variance = 0;
    for (const [i, left] of slopes.entries()) {
      for (const [j, right] of slopes.entries()) variance += left * covariance(rows[i]!, rows[j]!) * right;
    }
    if (variance > 0 && variance < smallest) {
      smallest = variance;
      best = L;
    }
  }
  return best;
}
