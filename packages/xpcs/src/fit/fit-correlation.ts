import { InvalidArgumentError } from "@siegert/errors";
import { correlationMap, createMeshgrid, type Meshgrid } from "@siegert/physics-meshgrid";
import { coarsen } from "./coarse-data.ts";
import { FitError } from "./fit-error.ts";
import type { FitOptions } from "./fit-options.ts";
import type { FitResult } from "./fit-result.ts";
import { type SearchOutcome, searchFit } from "./fit-search.ts";
import type { FitSetting, LocalFit } from "./local-fit.ts";
import { NoiseEstimator } from "./noise.ts";
import { parameterBox } from "./parameter-box.ts";
import { type ProfileRatio, profileRatios } from "./profile-errors.ts";
import { DEFAULT_SCALING_BOUNDS, fixedScaling, scalingFamily } from "./scaling-basis.ts";
import { summariseFit } from "./summarise-fit.ts";

/**
 * Fits two-time correlation maps by least squares: one residual per pair of frames i < j, one loss, one mask and one
 * verdict whatever the size of the data.
 *
 * @throws {InvalidArgumentError} for bad options or data.
 * @throws {FitError} when there are too few pairs, or the correlation is not finite at the starting values.
 */
export async function fitCorrelation(options: FitOptions): Promise<FitResult> {
  const begin = performance.now();
  const { model, experiment, loss = "linear" } = options;
  const notes: string[] = [];
  const box = parameterBox(model, options.parameters, notes);
  const noise = new NoiseEstimator();
  const meshgrid = createMeshgrid({
    model,
    experiment,
    c2: (angle) => {
      const map = options.c2(angle);
      if (options.sigma === undefined) noise.add(map, experiment.times.length);
      return map;
    },
    weights: options.weights,
    tileSize: options.tileSize,
    engine: options.engine,
  });
  const sigma = options.sigma ?? noise.sigma();
  if (sigma === undefined && loss !== "linear") {
    throw new InvalidArgumentError(
      "sigma",
      "be given with a robust loss: the maps are too small to estimate it",
      undefined,
    );
  }
  const bounds = options.scalingBounds ?? DEFAULT_SCALING_BOUNDS;
  const setting: FitSetting = {
    model,
    times: experiment.times,
    meshgrid,
    box,
    basis: scalingFamily(options, bounds),
    bounds,
    fScale: (options.lossScale ?? 1) * (sigma ?? 1),
    options,
  };
  checkStart(setting);
  const isGood = (fit: LocalFit) =>
    fit.result.success && (sigma === undefined || reducedChi2(fit, meshgrid, sigma) < 1.5);
  let search = await searchFit(setting, () => coarseSetting(setting), isGood);
  let final = setting;
  if (options.scalingMode === "constant" || options.scalingMode === "constant_averaged") {
    final = { ...setting, basis: fixedScaling(search.best.vector.subarray(model.parameters.length)) };
    search = await refit(final, search);
  }
  const profile = await profileOf(final, search.best);
  return summariseFit({
    setting: final,
    search,
    sigma,
    profile,
    notes,
    wallSeconds: (performance.now() - begin) / 1000,
  });
}

function reducedChi2(fit: LocalFit, meshgrid: Meshgrid, sigma: number): number {
  return meshgrid.chi2(fit.vector) / (sigma * sigma) / (meshgrid.pairCount - fit.problem.dim);
}

function checkStart({ meshgrid, box, basis }: FitSetting): void {
  const unknowns = box.free.length + basis.names.length;
  if (unknowns === 0) throw new FitError("every parameter is fixed, contrast and offset too: there is nothing to fit");
  if (meshgrid.pairCount <= unknowns) {
    const pairs = meshgrid.pairCount === 1 ? "1 pair" : `${meshgrid.pairCount} pairs`;
    throw new FitError(
      `${pairs} of frames cannot determine ${unknowns} free quantities: use more frames or fix parameters`,
    );
  }
  const probe = new Float64Array(meshgrid.parameterCount).fill(1);
  probe.set(box.values);
  if (!Number.isFinite(meshgrid.chi2(probe))) {
    throw new FitError(
      "the correlation is not finite at the starting values: bring exponents and amplitudes closer to their usual ranges",
    );
  }
}

/** The same fit on coarse data, or the setting itself when the data are small. */
function coarseSetting(setting: FitSetting): FitSetting {
  const { model, options, meshgrid } = setting;
  const coarse = coarsen(options.experiment, options.c2, options.weights);
  if (coarse === undefined) return setting;
  const { experiment, c2, weights } = coarse;
  const dt = (times: Float64Array) => times[1]! - times[0]!;
  const block = dt(experiment.times) / dt(options.experiment.times);
  return {
    ...setting,
    times: experiment.times,
    meshgrid: createMeshgrid({ model, experiment, c2, weights, tileSize: options.tileSize, engine: meshgrid.engine }),
    fScale: setting.fScale / block,
  };
}

/**
 * Profiles on the data themselves when they are small; else on a coarse grid, with the fitted model for data, so that the
 * optimum is that of the fit and only the shape of its valley is asked for.
 */
function profileOf(setting: FitSetting, best: LocalFit): Promise<Map<number, ProfileRatio>> {
  const { model, options, meshgrid } = setting;
  const coarse = coarsen(options.experiment, options.c2, options.weights);
  if (coarse === undefined) return profileRatios(setting, best);
  const { experiment, weights } = coarse;
  const dt = (times: Float64Array) => times[1]! - times[0]!;
  const block = dt(experiment.times) / dt(options.experiment.times);
  const count = model.parameters.length;
  const fitted = (angle: number) => {
    const scaling = { contrast: best.vector[count + 2 * angle]!, offset: best.vector[count + 2 * angle + 1]! };
    return correlationMap(model, experiment, best.vector.slice(0, count), angle, scaling);
  };
  const residualVariance = meshgrid.chi2(best.vector) / (meshgrid.pairCount - best.problem.dim);
  const smooth: FitSetting = {
    ...setting,
    times: experiment.times,
    meshgrid: createMeshgrid({ model, experiment, c2: fitted, weights, engine: meshgrid.engine }),
    fScale: setting.fScale / block,
  };
  return profileRatios(smooth, best, residualVariance / (block * block));
}

/** The physics once more with the scaling held fixed, so that standard errors are those of the mode asked for. */
async function refit(setting: FitSetting, before: SearchOutcome): Promise<SearchOutcome> {
  const held: FitSetting = {
    ...setting,
    box: { ...setting.box, values: before.best.vector.slice(0, setting.model.parameters.length) },
    options: { ...setting.options, multistart: { when: "never" } },
  };
  const after = await searchFit(
    held,
    () => held,
    () => true,
  );
  return {
    best: after.best,
    attempts: [...before.attempts, { ...after.attempts[0]!, label: "scaling held fixed" }],
    iterations: before.iterations + after.iterations,
    evaluations: before.evaluations + after.evaluations,
  };
}
