import type { Experiment, Model } from "@siegert/physics-core";
import type { Config, ConfigParameter } from "../config/config.ts";
import { fitOptions } from "../fit/configured-fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { parameterBox } from "../fit/parameter-box.ts";
import { fixedScaling, projectScaling, type ScalingBasis, scalingFamily } from "../fit/scaling-basis.ts";
import type { CoordinateMap } from "./coordinate-map.ts";
import { fittedLaws } from "./fitted-laws.ts";
import type { MeasurementSpec, PosteriorSpec, SampledQuantity } from "./posterior-spec.ts";

/** Prior of the noise when it is sampled: ln σ is normal, its mean ± 2 sd reach from 0.001 to 2.7 in units of c2. */
const NOISE_PRIOR = { logMean: Math.log(0.05), logSd: 2 };
/** Share of a coordinate's range that a start keeps away from either bound. */
const MARGIN = 1e-3;
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
  const { model, vector, parameters } = result;
  const physical = vector.slice(0, model.parameters.length);
  const scaling = vector.subarray(physical.length);
  const { spec, start } = plainSpec(config, experiment, model, (k) => parameters[k]!.isFree, physical, scaling);
  const laws = fittedLaws(spec.quantities, start, result, experiment.times);
  const complete = typeof spec.noise === "number" ? start : Float64Array.of(...start, result.residualSd);
  return { spec: { ...spec, laws, maps }, start: complete };
}

/**
 * The posterior of a data set that is not fitted yet, at the configuration's own values: for plans. Its coordinates are
 * plain.
 */
export function unfittedPlan(
  config: Config,
  experiment: Experiment,
): { readonly spec: MeasurementSpec; readonly start: Float64Array } {
  const { model, parameters } = fitOptions(config, experiment, () => new Float64Array(0));
  const { values, free } = parameterBox(model, parameters, []);
  const { contrast, offset } = config.scaling;
  const scaling = Float64Array.from(
    { length: 2 * experiment.phi.length },
    (_, k) => (k % 2 === 0 ? contrast : offset).value,
  );
  const { spec, start } = plainSpec(config, experiment, model, (k) => free.includes(k), values, scaling);
  return {
    spec,
    start: typeof spec.noise === "number" ? start : Float64Array.of(...start, Math.exp(NOISE_PRIOR.logMean)),
  };
}

/** Coordinates and priors about given values, without the straightening of laws; the start without sigma. */
function plainSpec(
  config: Config,
  experiment: Experiment,
  model: Model,
  isFree: (index: number) => boolean,
  physical: Float64Array,
  fitted: Float64Array,
): { readonly spec: MeasurementSpec; readonly start: Float64Array } {
  const scaling = scalingOf(config, experiment, fitted);
  const coefficients = projectScaling(scaling, fitted);
  const quantities = [...physicalQuantities(config, isFree), ...scalingQuantities(config, scaling)];
  const start = Float64Array.from(quantities, ({ role, index, map }) =>
    inside(role === "physical" ? physical[index]! : coefficients[index]!, map),
  );
  const spec: MeasurementSpec = {
    model,
    q: experiment.q,
    gap: config.gap,
    phi: Array.from(experiment.phi),
    times: experiment.times,
    values: physical,
    tied: tiedPairs(config.parameters),
    scaling,
    quantities,
    laws: [],
    noise: config.sigma ?? NOISE_PRIOR,
    priorPower: 1,
    engine: "auto",
  };
  return { spec, start };
}

/** The family of scalings that is sampled: that of the fit, or the fitted values where the mode holds them. */
function scalingOf(config: Config, experiment: Experiment, fitted: Float64Array): ScalingBasis {
  const options = fitOptions(config, experiment, () => new Float64Array(0));
  const isHeld = options.scalingMode === "constant" || options.scalingMode === "constant_averaged";
  return isHeld ? fixedScaling(fitted) : scalingFamily(options, options.scalingBounds!);
}

function physicalQuantities(config: Config, isFree: (index: number) => boolean): SampledQuantity[] {
  return config.parameters.flatMap(({ name, lower, upper, prior }, index) => {
    if (!isFree(index)) return [];
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
