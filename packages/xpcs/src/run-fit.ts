import { basename } from "node:path";
import { createModel, type Experiment } from "@siegert/physics-core";
import type { ReportEntry } from "@siegert/plots";
import type { Config, ConfigParameter } from "./config/config.ts";
import { describeProblem } from "./config/config-error.ts";
import { correlationSelection, settleDt } from "./config/correlation-selection.ts";
import { readAngles, resolveDataFile } from "./config/data-files.ts";
import { type SelectedCorrelations, selectCorrelations } from "./data/load-correlations.ts";
import { openDataSource } from "./data/open-data-source.ts";
import { fitCorrelation } from "./fit/fit-correlation.ts";
import type { FitOptions, FitParameter, FitProgress } from "./fit/fit-options.ts";
import type { FitResult } from "./fit/fit-result.ts";
import { writeFit } from "./fit/write-fit.ts";
import { checkWritable } from "./output/atomic-write.ts";
import { frameTimes } from "./simulate.ts";

/** What a run takes from outside its configuration. */
export interface RunFitOptions {
  /** Data file, instead of the configuration's. */
  readonly dataPath?: string | undefined;
  /** Take the maps nearest to these angles, degrees, instead of the configuration's filter. */
  readonly phi?: readonly number[] | undefined;
  /** Folder for the results, instead of the configuration's. */
  readonly outputFolder?: string | undefined;
  /** Values that the data were simulated with, by name, for the report. */
  readonly truth?: ReadonlyMap<string, number> | undefined;
  readonly onProgress?: ((event: FitProgress) => void) | undefined;
  /** When it aborts, the best point so far is written and returned. */
  readonly signal?: AbortSignal | undefined;
}

/** A fit that was run and written. */
export interface FitRun {
  readonly result: FitResult;
  /** What reading the configuration and the data had to say. */
  readonly warnings: readonly string[];
  readonly folder: string;
  readonly reportPath: string;
}

/**
 * The whole way of a configuration: opens the data, chooses maps, fits, and writes the results.
 *
 * @throws {ConfigError} | {DataError} for input that cannot be used, before anything is computed or written.
 * @throws {OutputError} when the folder cannot be written, likewise before anything is computed.
 * @throws {FitError} when the fit cannot be done.
 */
export async function runFit(config: Config, options: RunFitOptions = {}): Promise<FitRun> {
  const folder = options.outputFolder ?? config.output.directory;
  const path = options.dataPath ?? (await resolveDataFile(config));
  const source = await openDataSource(path);
  try {
    const selection = selectCorrelations(source, correlationSelection(config, await readAngles(config), options.phi));
    await checkWritable(folder);
    const maps: Float64Array[] = [];
    for (let angle = 0; angle < selection.phi.length; angle++) maps.push(await selection.load(angle));
    const interval = settleDt(config, source.dt);
    const experiment = experimentOf({ ...config, dt: interval.dt }, selection);
    const c2 = (angle: number) => maps[angle]!;
    const result = await fitCorrelation(fitOptions(config, experiment, c2, options));
    const warnings = [
      ...config.warnings.map((warning) => describeProblem(config.path, warning)),
      ...(interval.warning === undefined ? [] : [interval.warning]),
      ...selection.warnings,
    ];
    const context = {
      title: `${basename(path)}: ${config.mode.replaceAll("_", " ")}`,
      provenance: provenanceOf({ ...config, dt: interval.dt }, path, selection, result),
      warnings,
      truth: options.truth,
      formats: config.output.formats,
    };
    const reportPath = await writeFit(folder, result, { experiment, c2 }, context);
    return { result, warnings, folder, reportPath };
  } finally {
    await source.close();
  }
}

function experimentOf(config: Config, { q, phi, frames }: SelectedCorrelations): Experiment {
  return { q, gap: config.gap, phi, times: frameTimes(config, frames) };
}

/** The options of `fitCorrelation` that a configuration stands for. */
export function fitOptions(
  config: Config,
  experiment: Experiment,
  c2: (angle: number) => Float64Array,
  { onProgress, signal }: Pick<RunFitOptions, "onProgress" | "signal"> = {},
): FitOptions {
  const { nlsq, scaling } = config;
  const { enable, nStarts, seed, refineTopK } = nlsq.multiStart;
  const when = enable === "auto" ? "auto" : enable ? "always" : "never";
  return {
    model: createModel({ mode: config.mode, shear: config.shearConvention, fractionLimit: config.fractionLimit }),
    experiment,
    c2,
    parameters: config.parameters.map((parameter) => fitParameter(parameter, config.parameters)),
    scalingMode: nlsq.antiDegeneracy.perAngleMode,
    scalingBounds: {
      contrast: [scaling.contrast.lower, scaling.contrast.upper],
      offset: [scaling.offset.lower, scaling.offset.upper],
    },
    fixedScaling: {
      contrast: heldScaling(config, "contrast", experiment.phi.length),
      offset: heldScaling(config, "offset", experiment.phi.length),
    },
    sigma: config.sigma,
    loss: nlsq.loss,
    lossScale: nlsq.lossScale,
    tolerance: { ftol: nlsq.ftol, xtol: nlsq.xtol, gtol: nlsq.gtol },
    maxIterations: nlsq.maxIterations,
    multistart: { when, starts: nStarts, refine: refineTopK, seed },
    onProgress,
    signal,
  };
}

function fitParameter(
  { value, lower, upper, isFree, tiedTo }: ConfigParameter,
  all: readonly ConfigParameter[],
): FitParameter {
  const leader = tiedTo === undefined ? -1 : all.findIndex(({ name }) => name === tiedTo);
  return { start: value, lower, upper, isFree, tiedTo: leader < 0 ? undefined : leader };
}

/** One value per angle of a contrast or offset that is not to be fitted. */
function heldScaling({ scaling }: Config, kind: "contrast" | "offset", angles: number): readonly number[] | undefined {
  if (scaling[kind].isFree) return undefined;
  const list = scaling.perAngle[kind];
  if (list === undefined || list.length === 1) return new Array<number>(angles).fill(list?.[0] ?? scaling[kind].value);
  return list;
}

function provenanceOf(config: Config, path: string, selection: SelectedCorrelations, result: FitResult): ReportEntry[] {
  const { model } = result;
  const conventions =
    model.kind === "heterodyne"
      ? [{ label: "Fraction limit", value: model.fractionLimit }]
      : [{ label: "Shear convention", value: model.shear }];
  return [
    { label: "Data", value: path },
    { label: "Configuration", value: config.path },
    { label: "Model", value: config.mode },
    { label: "q", value: `${selection.q} 1/Å` },
    { label: "Frames", value: `${selection.startFrame} to ${selection.endFrame}, dt ${config.dt} s` },
    { label: "Angles", value: `${Array.from(selection.phi).join(", ")}°` },
    ...conventions,
    { label: "Scaling", value: config.nlsq.antiDegeneracy.perAngleMode },
    { label: "Loss", value: config.nlsq.loss },
    { label: "Route", value: result.route },
  ];
}
