import { basename } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { Experiment } from "@siegert/physics-core";
import type { ReportEntry } from "@siegert/plots";
import type { Config } from "./config/config.ts";
import { describeProblem } from "./config/config-error.ts";
import { correlationSelection, settleDt } from "./config/correlation-selection.ts";
import { readAngles, resolveDataFile } from "./config/data-files.ts";
import { checkScalingLengths } from "./config/scaling-lengths.ts";
import { type SelectedCorrelations, selectCorrelations } from "./data/load-correlations.ts";
import { openDataSource } from "./data/open-data-source.ts";
import { fitOptions } from "./fit/configured-fit.ts";
import { fitCorrelation } from "./fit/fit-correlation.ts";
import type { FitProgress } from "./fit/fit-options.ts";
import type { FitResult } from "./fit/fit-result.ts";
import { readSavedFit } from "./fit/saved-report.ts";
import { writeFit, writeReport } from "./fit/write-fit.ts";
import { checkWritable } from "./output/atomic-write.ts";
import { resultFiles } from "./output/result-files.ts";
import { posteriorSections } from "./posterior/posterior-report.ts";
import { inferPosterior, type PosteriorResult } from "./posterior/posterior-result.ts";
import type { SamplePosteriorOptions } from "./posterior/sample-posterior.ts";
import { writePosterior } from "./posterior/write-posterior.ts";
import type { FitMethod } from "./sampling-method.ts";
import { frameTimes } from "./simulate.ts";

/** What a run takes from outside its configuration. */
export interface RunFitOptions {
  /** Default: the configuration's, or `nlsq` where that names a method of another program. */
  readonly method?: FitMethod | undefined;
  /** Folder of an earlier run whose least-squares result is taken instead of fitting again. */
  readonly reuseFit?: string | undefined;
  /** How the posterior is sampled. */
  readonly sampling?: Pick<SamplePosteriorOptions, "threads" | "useWarmStart" | "seed" | "onProgress"> | undefined;
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
  /** The posterior, when it was sampled. */
  readonly posterior: PosteriorResult | undefined;
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
 * @throws {InvalidArgumentError} for an empty name of a folder.
 * @throws {FitError} when the fit cannot be done.
 */
export async function runFit(config: Config, options: RunFitOptions = {}): Promise<FitRun> {
  const folder = options.outputFolder ?? config.output.directory;
  if (folder === "") throw new InvalidArgumentError("outputFolder", "name a folder", folder);
  const method = options.method ?? (config.method === "cmc" ? "nlsq" : config.method);
  const path = options.dataPath ?? (await resolveDataFile(config));
  const source = await openDataSource(path);
  try {
    const selection = selectCorrelations(source, correlationSelection(config, await readAngles(config), options.phi));
    checkScalingLengths(config, selection.phi.length);
    await checkWritable(folder, resultFiles(folder, { isSampled: method !== "nlsq", formats: config.output.formats }));
    const maps: Float64Array[] = [];
    for (let angle = 0; angle < selection.phi.length; angle++) maps.push(await selection.load(angle));
    const interval = settleDt(config, source.dt, source.timesProblem);
    const experiment = experimentOf({ ...config, dt: interval.dt }, selection);
    const c2 = (angle: number) => maps[angle]!;
    const result = options.reuseFit
      ? await readSavedFit(options.reuseFit, config.mode)
      : await fitCorrelation(fitOptions(config, experiment, c2, options));
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
    const data = { experiment, c2 };
    const isSampling = method !== "nlsq" && !result.isAborted;
    let reportPath = method === "nuts" && isSampling ? folder : await writeFit(folder, result, data, context);
    if (!isSampling) return { result, posterior: undefined, warnings, folder, reportPath };
    const posterior = await inferPosterior(config, result, experiment, maps, {
      ...options.sampling,
      signal: options.signal,
    }).catch(async (error: unknown) => {
      // What was computed is kept, also by a method that otherwise writes only draws.
      if (method === "nuts") await writeFit(folder, result, data, context);
      throw error;
    });
    await writePosterior(folder, posterior, {
      experiment,
      maps,
      fit: result,
      warmup: config.cmc.perShardMcmc.numWarmup,
      seed: options.sampling?.seed ?? config.cmc.seed,
      createdAt: new Date().toISOString(),
    });
    const sections = posteriorSections(result, experiment, posterior);
    if (config.output.formats.html) reportPath = await writeReport(folder, result, data, { ...context, sections });
    return { result, posterior, warnings, folder, reportPath };
  } finally {
    await source.close();
  }
}

function experimentOf(config: Config, { q, phi, frames }: SelectedCorrelations): Experiment {
  return { q, gap: config.gap, phi, times: frameTimes(config, frames) };
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
