import { basename } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { ReportEntry } from "@siegert/plots";
import type { Config } from "./config/config.ts";
import { samplingConfig } from "./consensus/cmc-options.ts";
import { consensusSections } from "./consensus/consensus-report.ts";
import { type ConsensusResult, inferConsensus } from "./consensus/consensus-result.ts";
import { checkResumable, runFolder } from "./consensus/run-folder.ts";
import type { SampleConsensusOptions } from "./consensus/sample-consensus.ts";
import { writeConsensus } from "./consensus/write-consensus.ts";
import { fitOptions } from "./fit/configured-fit.ts";
import { fitCorrelation } from "./fit/fit-correlation.ts";
import type { FitProgress } from "./fit/fit-options.ts";
import type { FitResult } from "./fit/fit-result.ts";
import { readSavedFit } from "./fit/saved-report.ts";
import { type FittedData, type WriteFitContext, writeFit, writeReport } from "./fit/write-fit.ts";
import { type Measurement, openMeasurement } from "./open-measurement.ts";
import { checkWritable } from "./output/atomic-write.ts";
import { resultFiles } from "./output/result-files.ts";
import { posteriorSections } from "./posterior/posterior-report.ts";
import { inferPosterior, type PosteriorResult } from "./posterior/posterior-result.ts";
import type { SamplePosteriorOptions } from "./posterior/sample-posterior.ts";
import { samplingFit } from "./posterior/sampling-fit.ts";
import { writePosterior } from "./posterior/write-posterior.ts";
import { chooseMethod, type FitMethod, type MethodChoice } from "./sampling-method.ts";

/** What a run takes from outside its configuration. */
export interface RunFitOptions {
  /** Default: the configuration's. */
  readonly method?: FitMethod | undefined;
  /** Folder of an earlier run whose least-squares result is taken instead of fitting again. */
  readonly reuseFit?: string | undefined;
  /** How the posterior is sampled; threads are those of chains, or of shards. */
  readonly sampling?: Pick<SamplePosteriorOptions, "threads" | "useWarmStart" | "seed" | "onProgress"> | undefined;
  /** How a divided posterior is sampled. */
  readonly consensus?: Pick<SampleConsensusOptions, "shards" | "onShard"> | undefined;
  /**
   * Output folder of a run of shards that was stopped: goes on there, with the least-squares fit that it began from, and
   * writes its results there.
   */
  readonly resume?: string | undefined;
  /** Data file, instead of the configuration's. */
  readonly dataPath?: string | undefined;
  /** Take the maps nearest to these angles, degrees, instead of the configuration's filter. */
  readonly phi?: readonly number[] | undefined;
  /** Folder for the results, instead of the configuration's. */
  readonly outputFolder?: string | undefined;
  /** Values that the data were simulated with, by name, for the report. */
  readonly truth?: ReadonlyMap<string, number> | undefined;
  readonly onProgress?: ((event: FitProgress) => void) | undefined;
  /** Hears what will be run, and why, before anything is. */
  readonly onMethod?: ((choice: MethodChoice) => void) | undefined;
  /** When it aborts, the best point so far is written and returned; finished shards are kept. */
  readonly signal?: AbortSignal | undefined;
}

/** A fit that was run and written. */
export interface FitRun {
  readonly result: FitResult;
  /** The posterior, when it was sampled as a whole. */
  readonly posterior: PosteriorResult | undefined;
  /** The posterior, when it was divided. */
  readonly consensus: ConsensusResult | undefined;
  /** What was run, and why. */
  readonly choice: MethodChoice;
  /** What reading the configuration and the data had to say. */
  readonly warnings: readonly string[];
  readonly folder: string;
  readonly reportPath: string;
}

/**
 * The whole way of a configuration: opens the data, chooses maps, fits, samples, and writes the results.
 *
 * @throws {ConfigError} | {DataError} for input that cannot be used, before anything is computed or written.
 * @throws {OutputError} when the folder cannot be written, likewise before anything is computed.
 * @throws {InvalidArgumentError} for an empty name of a folder, and for `resume` with another folder or method.
 * @throws {FitError} when the fit cannot be done, or sampling was stopped before there was a posterior.
 */
export async function runFit(config: Config, options: RunFitOptions = {}): Promise<FitRun> {
  const folder = options.resume ?? options.outputFolder ?? config.output.directory;
  checkFolders(options, folder);
  const method = options.method ?? (options.resume === undefined ? config.method : "cmc");
  if (options.resume !== undefined) {
    if (method !== "cmc" && method !== "both")
      throw new InvalidArgumentError("method", "be cmc or both to resume: only shards are kept on the way", method);
    await checkResumable(runFolder(config, folder), folder);
  }
  const measurement = await openMeasurement(config, options);
  try {
    return await new Run(measurement, method, folder, options).run();
  } finally {
    await measurement.source.close();
  }
}

function checkFolders({ resume, outputFolder, reuseFit }: RunFitOptions, folder: string): void {
  if (folder === "") throw new InvalidArgumentError("outputFolder", "name a folder", folder);
  if (resume === undefined) return;
  if (outputFolder !== undefined && outputFolder !== resume)
    throw new InvalidArgumentError("outputFolder", `be left out, or be ${resume}, which is resumed`, outputFolder);
  if (reuseFit !== undefined && reuseFit !== resume)
    throw new InvalidArgumentError("reuseFit", `be left out, or be ${resume}, which is resumed`, reuseFit);
}

class Run {
  readonly #measurement: Measurement;
  readonly #config: Config;
  readonly #folder: string;
  readonly #options: RunFitOptions;
  readonly #choice: MethodChoice;
  readonly #maps: Float64Array[] = [];

  constructor(measurement: Measurement, method: FitMethod, folder: string, options: RunFitOptions) {
    this.#measurement = measurement;
    this.#config = measurement.config;
    this.#folder = folder;
    this.#options = options;
    const choice = chooseMethod(method, this.#config, measurement.pairs);
    this.#choice = options.resume === undefined ? choice : { ...choice, sampler: "cmc" };
  }

  async run(): Promise<FitRun> {
    const { selection, experiment } = this.#measurement;
    const { formats } = this.#config.output;
    const choice = this.#choice;
    await checkWritable(this.#folder, resultFiles(this.#folder, { sampler: choice.sampler, formats }));
    this.#options.onMethod?.(choice);
    for (let angle = 0; angle < selection.phi.length; angle++) this.#maps.push(await selection.load(angle));
    const data: FittedData = { experiment, c2: (angle) => this.#maps[angle]! };
    const result = await this.#fit(data);
    const context = this.#context(result);
    const { warnings } = context;
    const isSampling = choice.sampler !== undefined && !result.isAborted;
    const isWritten = choice.writesFit || !isSampling;
    const folder = this.#folder;
    const reportPath = isWritten ? await writeFit(folder, result, data, context) : folder;
    const done = { result, choice, warnings, folder };
    if (!isSampling) return { ...done, posterior: undefined, consensus: undefined, reportPath };
    try {
      return { ...done, ...(await this.#sample(result, data, context, reportPath)) };
    } catch (error) {
      // What was computed is kept, also by a method that otherwise writes only draws.
      if (!isWritten) await writeFit(folder, result, data, context);
      throw error;
    }
  }

  async #fit(data: FittedData): Promise<FitResult> {
    const { reuseFit, resume } = this.#options;
    const mode = this.#config.mode;
    if (reuseFit !== undefined) return readSavedFit(reuseFit, mode);
    // The shards began from the fit that was written before them.
    if (resume !== undefined) return readSavedFit(resume, mode);
    return fitCorrelation(fitOptions(this.#config, data.experiment, data.c2, this.#options));
  }

  async #sample(
    fitted: FitResult,
    data: FittedData,
    context: WriteFitContext,
    written: string,
  ): Promise<Pick<FitRun, "posterior" | "consensus" | "reportPath">> {
    const { experiment } = data;
    const { sampling, consensus: division, signal, resume } = this.#options;
    const config = samplingConfig(this.#config);
    const fit = await samplingFit(this.#config, config, fitted, data, this.#options);
    const common = {
      experiment,
      maps: this.#maps,
      fit,
      seed: sampling?.seed ?? config.cmc.seed,
      createdAt: new Date().toISOString(),
    };
    const report = async (sections: NonNullable<WriteFitContext["sections"]>) =>
      config.output.formats.html ? writeReport(this.#folder, fitted, data, { ...context, sections }) : written;
    if (this.#choice.sampler === "nuts") {
      const posterior = await inferPosterior(config, fit, experiment, this.#maps, { ...sampling, signal });
      await writePosterior(this.#folder, posterior, { ...common, warmup: config.cmc.perShardMcmc.numWarmup });
      const reportPath = await report(posteriorSections(fit, experiment, posterior));
      return { posterior, consensus: undefined, reportPath };
    }
    const consensus = await inferConsensus(config, fit, experiment, this.#maps, {
      threads: sampling?.threads,
      seed: sampling?.seed,
      useWarmStart: sampling?.useWarmStart,
      ...division,
      runFolder: runFolder(config, this.#folder),
      resume: resume !== undefined,
      signal,
    });
    await writeConsensus(this.#folder, consensus, { ...common, choice: this.#choice });
    const reportPath = await report(consensusSections(fit, experiment, consensus));
    return { posterior: undefined, consensus, reportPath };
  }

  #context(result: FitResult): WriteFitContext & { readonly warnings: readonly string[] } {
    const { path } = this.#measurement;
    return {
      title: `${basename(path)}: ${this.#config.mode.replaceAll("_", " ")}`,
      provenance: provenanceOf(this.#measurement, result),
      warnings: this.#measurement.warnings(),
      truth: this.#options.truth,
      formats: this.#config.output.formats,
    };
  }
}

function provenanceOf({ config, path, selection }: Measurement, result: FitResult): ReportEntry[] {
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
