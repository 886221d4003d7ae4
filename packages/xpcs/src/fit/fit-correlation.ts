import { InvalidArgumentError } from "@siegert/errors";
import type { Model } from "@siegert/physics-core";
import { createMeshgrid } from "@siegert/physics-meshgrid";
import type { ParameterBox } from "./coordinates.ts";
import { FitError } from "./fit-error.ts";
import type { FitOptions, FitParameter } from "./fit-options.ts";
import { fitQuality } from "./fit-quality.ts";
import type { FitResult } from "./fit-result.ts";
import { type SearchOutcome, searchFit } from "./fit-search.ts";
import type { FitSetting, LocalFit } from "./local-fit.ts";
import { NoiseEstimator } from "./noise.ts";
import { fixedScaling, freeScaling, holdScaling, type ScalingBasis, type ScalingBounds } from "./scaling-basis.ts";
import { summariseFit } from "./summarise-fit.ts";

const DEFAULT_BOUNDS: ScalingBounds = { contrast: [0, 1], offset: [0.5, 1.5] };

/**
 * Fits two-time correlation maps by least squares: one residual per pair of frames i < j, one loss, one mask and one
 * verdict whatever the size of the data.
 *
 * @throws {InvalidArgumentError} for bad options or data.
 * @throws {FitError} when no starting point gives a finite correlation.
 */
export async function fitCorrelation(options: FitOptions): Promise<FitResult> {
  const begin = performance.now();
  const { model, experiment } = options;
  const notes: string[] = [];
  const box = parameterBox(model, options.parameters, notes);
  const frames = experiment.times.length;
  const noise = new NoiseEstimator();
  const meshgrid = createMeshgrid({
    model,
    experiment,
    c2: (angle) => {
      const map = options.c2(angle);
      if (options.sigma === undefined) noise.add(map, frames);
      return map;
    },
    ...(options.weights ? { weights: options.weights } : {}),
    ...(options.tileSize ? { tileSize: options.tileSize } : {}),
    engine: options.engine ?? "auto",
  });
  const sigma = options.sigma ?? noise.sigma();
  const scaleOfLoss = (options.lossScale ?? 1) * (sigma ?? 1);
  const bounds = options.scalingBounds ?? DEFAULT_BOUNDS;
  const basis = scalingBasis(options, bounds);
  const setting: FitSetting = {
    model,
    times: experiment.times,
    meshgrid,
    box,
    basis,
    bounds,
    fScale: scaleOfLoss,
    options,
  };
  if (meshgrid.pairCount <= box.free.length + basis.names.length) {
    const needed = box.free.length + basis.names.length;
    throw new FitError(
      `${meshgrid.pairCount} pairs of frames cannot determine ${needed} free quantities: use more frames or fix parameters`,
    );
  }
  const isGood = (fit: LocalFit) => {
    if (sigma === undefined) return fit.result.success;
    const reduced = meshgrid.chi2(fit.vector) / (sigma * sigma) / (meshgrid.pairCount - fit.problem.dim);
    return fit.result.success && fitQuality(reduced, 0) === "good";
  };
  let search = await searchGuarded(setting, options, isGood);
  let final = setting;
  if (options.scalingMode === "constant" || options.scalingMode === "constant_averaged") {
    final = { ...setting, basis: fixedScaling(search.best.vector.subarray(model.parameters.length)) };
    search = await refit(final, search);
  }
  return summariseFit({ setting: final, search, sigma, notes, wallSeconds: (performance.now() - begin) / 1000 });
}

async function searchGuarded(
  setting: FitSetting,
  options: FitOptions,
  isGood: (fit: LocalFit) => boolean,
): Promise<SearchOutcome> {
  const { meshgrid, box } = setting;
  const probe = new Float64Array(meshgrid.parameterCount);
  probe.set(box.values);
  probe.fill(1, box.values.length);
  if (!Number.isFinite(meshgrid.chi2(probe))) {
    throw new FitError(
      "the correlation is not finite at the starting values: bring the exponents and amplitudes closer to the parameters' usual ranges",
    );
  }
  return searchFit(setting, options.experiment, isGood);
}

/** The physics once more with the scaling held fixed, so that standard errors are those of the mode asked for. */
async function refit(setting: FitSetting, before: SearchOutcome): Promise<SearchOutcome> {
  const held: FitSetting = {
    ...setting,
    box: { ...setting.box, values: before.best.vector.slice(0, setting.model.parameters.length) },
    options: { ...setting.options, multistart: { when: "never" } },
  };
  const after = await searchFit(held, setting.options.experiment, () => true);
  return {
    best: after.best,
    attempts: [...before.attempts, { ...after.attempts[0]!, label: "scaling held fixed" }],
    iterations: before.iterations + after.iterations,
    evaluations: before.evaluations + after.evaluations,
  };
}

function parameterBox(model: Model, parameters: readonly FitParameter[], notes: string[]): ParameterBox {
  if (parameters.length !== model.parameters.length) {
    throw new InvalidArgumentError(
      "parameters",
      `have one entry per parameter of ${model.mode}, ${model.parameters.length}`,
      parameters,
    );
  }
  for (const [k, { start, lower, upper, isFree }] of parameters.entries()) {
    const { name } = model.parameters[k]!;
    if (!(lower <= upper))
      throw new InvalidArgumentError(`parameters.${name}`, `have lower <= upper (upper is ${upper})`, lower);
    if (!Number.isFinite(start)) throw new InvalidArgumentError(`parameters.${name}.start`, "be finite", start);
    if (isFree && !(start >= lower && start <= upper)) {
      throw new InvalidArgumentError(`parameters.${name}.start`, `lie within its bounds [${lower}, ${upper}]`, start);
    }
  }
  const free = parameters.flatMap(({ isFree, tiedTo, lower, upper }, k) =>
    isFree && tiedTo === undefined && lower < upper ? [k] : [],
  );
  return {
    values: distinguished(model, parameters, free),
    lower: Float64Array.from(parameters, (p) => p.lower),
    upper: Float64Array.from(parameters, (p) => p.upper),
    free: withoutGauge(model, free, notes),
    tied: new Map(parameters.flatMap(({ tiedTo }, k) => (tiedTo === undefined ? [] : [[k, tiedTo] as const]))),
  };
}

function scalingBasis(
  { scalingMode = "auto", experiment, fixedScaling }: FitOptions,
  bounds: ScalingBounds,
): ScalingBasis {
  let basis = freeScaling(scalingMode, experiment.phi, bounds);
  for (const kind of ["contrast", "offset"] as const) {
    const values = fixedScaling?.[kind];
    if (values === undefined) continue;
    if (values.length !== experiment.phi.length) {
      throw new InvalidArgumentError(
        `fixedScaling.${kind}`,
        `hold one value per angle, ${experiment.phi.length}`,
        values,
      );
    }
    basis = holdScaling(basis, kind, values);
  }
  return basis;
}

/**
 * The starting values. Two components with equal transport are indistinguishable, and the data then have no slope that
 * could tell them apart: their amplitudes start a factor of two on either side.
 */
function distinguished(model: Model, parameters: readonly FitParameter[], free: readonly number[]): Float64Array {
  const values = Float64Array.from(parameters, (p) => p.start);
  const isEqual = model.kind === "heterodyne" && [0, 1, 2].every((k) => values[k] === values[k + 3]);
  if (!isEqual) return values;
  for (const [k, factor] of [
    [0, 0.5],
    [3, 2],
  ] as const) {
    const { lower, upper } = parameters[k]!;
    if (free.includes(k)) values[k] = Math.min(Math.max(values[k]! * factor, lower), upper);
  }
  return values;
}

/** f0, f1 and f2 enter through f0·exp(−f1·f2) and f1 alone: with all three free, f2 stays where it is. */
function withoutGauge(model: Model, free: number[], notes: string[]): number[] {
  if (model.kind !== "heterodyne" || ![9, 10, 11].every((k) => free.includes(k))) return free;
  notes.push(
    "f2 is held at its starting value: the data determine only f1 and f0·exp(−f1·f2), reported as fraction_amplitude; f0 holds for this f2",
  );
  return free.filter((k) => k !== 11);
}
