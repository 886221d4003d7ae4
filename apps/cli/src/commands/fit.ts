import { ANALYSIS_MODES, type AnalysisMode } from "@siegert/physics-core";
import { type FitMethod, type FitRun, loadConfig, parametersJson, runFit, toJson } from "@siegert/xpcs";
import { Command, Option } from "commander";
import { Exit } from "../failure.ts";
import { ChainProgress } from "../terminal/chain-progress.ts";
import { examples } from "../terminal/examples.ts";
import { fitSummary } from "../terminal/fit-summary.ts";
import { stopOnInterrupt } from "../terminal/interrupt.ts";
import { choiceOption, numberListOption, pathOption, wholeNumberOption } from "../terminal/option-values.ts";
import { posteriorSummary } from "../terminal/posterior-summary.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { line, type Streams } from "../terminal/streams.ts";

const METHODS: readonly FitMethod[] = ["nlsq", "nuts", "both"];

interface FitCommandOptions {
  readonly data?: string;
  readonly method?: FitMethod;
  readonly threads?: number;
  readonly seed?: number;
  readonly warmStart: boolean;
  readonly reuseFit?: string;
  readonly mode?: AnalysisMode;
  readonly phi?: number[];
  readonly output?: string;
  readonly json?: boolean;
  readonly lenient?: boolean;
}

/** `siegert fit CONFIG`. */
export function fitCommand(streams: Streams): Command {
  return new Command("fit")
    .description("Fit a data set and write parameters, fitted maps, diagnostics and a report.")
    .argument("<config>", "YAML file; `siegert config init` prints one")
    .option("-d, --data <file>", "data file, instead of the configuration's", pathOption("--data", "file"))
    .addOption(
      new Option("--method <method>", "least squares, posterior, or both; default: the configuration's")
        .choices(METHODS)
        .argParser(choiceOption("--method", METHODS)),
    )
    .addOption(
      new Option("--mode <mode>", "model, instead of the configuration's analysis_mode")
        .choices(ANALYSIS_MODES)
        .argParser(choiceOption("--mode", ANALYSIS_MODES)),
    )
    .option(
      "--phi <angles>",
      "take the maps nearest to these angles, degrees, separated by commas",
      numberListOption("--phi"),
    )
    .option(
      "-o, --output <folder>",
      "folder for the results, instead of the configuration's",
      pathOption("--output", "folder"),
    )
    .option(
      "--threads <n>",
      "threads that sample the posterior (default: one per chain and core)",
      wholeNumberOption("--threads", 1),
    )
    .option(
      "--seed <n>",
      "seed of the posterior's draws, instead of the configuration's",
      wholeNumberOption("--seed", 0),
    )
    .option("--no-warm-start", "do not tune the sampler with the covariance of the least-squares fit")
    .option(
      "--reuse-fit <folder>",
      "take the least-squares result of an earlier run instead of fitting again",
      pathOption("--reuse-fit", "folder"),
    )
    .option("--json", "print the result as JSON")
    .option("--lenient", "unknown keys of the configuration are warnings, not errors")
    .addHelpText(
      "after",
      `${examples([
        ["siegert fit fit.yaml", "data and output folder as the configuration says"],
        ["siegert fit fit.yaml --data scan.h5 --output results", "another file, another folder"],
        ["siegert fit fit.yaml --phi 0,90", "two angles only"],
        ["siegert fit fit.yaml --method both --threads 2", "least squares, then the posterior with NUTS"],
        ["siegert fit fit.yaml --json | jq .parameters.D0", "for scripts"],
      ])}\nResults: FOLDER/nlsq/parameters.json, fitted_data.npz, diagnostics.json; FOLDER/report.html;\nwith a posterior FOLDER/nuts/posterior.nc, samples.npz, summary.json, diagnostics.json\n`,
    )
    .action(async (path: string, options: FitCommandOptions) => runFitCommand(streams, path, options));
}

async function runFitCommand(streams: Streams, path: string, options: FitCommandOptions): Promise<void> {
  const config = await loadConfig(path, { lenient: options.lenient ?? false, mode: options.mode });
  const progress = new ProgressLine(streams);
  const chains = new ChainProgress(progress);
  const interrupt = stopOnInterrupt(() =>
    line(streams.err, "\nstopping; the best point so far will be written (interrupt again to leave at once)"),
  );
  try {
    const run = await runFit(config, {
      method: options.method,
      reuseFit: options.reuseFit,
      sampling: {
        threads: options.threads,
        seed: options.seed,
        useWarmStart: options.warmStart,
        onProgress: (event) => chains.show(event),
      },
      dataPath: options.data,
      phi: options.phi,
      outputFolder: options.output,
      onProgress: (event) => progress.fit(event),
      signal: interrupt.signal,
    });
    progress.clear();
    for (const warning of run.warnings) line(streams.err, `! ${warning}`);
    // The text for people shows the fit's own warnings beside its tables.
    if (options.json === true) for (const warning of run.result.warnings) line(streams.err, `! ${warning}`);
    printRun(streams, run, options.json === true);
  } finally {
    progress.clear();
    interrupt.release();
  }
}

/** Says what came out, and ends with exit code 1 when it should not be relied on. */
function printRun(streams: Streams, { result, posterior, reportPath }: FitRun, isJson: boolean): void {
  if (isJson) {
    const summary = posterior && { posterior: { summary: posterior.table.toJSON(), diagnosis: posterior.diagnosis } };
    line(streams.out, toJson({ ...parametersJson(result), ...summary }).trimEnd());
  } else {
    line(streams.out, fitSummary(result));
    if (posterior) line(streams.out, `\n${posteriorSummary(posterior)}`);
    line(streams.out, `\nReport: ${reportPath}`);
  }
  if (!result.isConverged) {
    line(
      streams.err,
      `siegert: the fit did not converge: ${result.message}. The results of the best point were written.`,
    );
  }
  if (posterior && !posterior.isTrustworthy) {
    for (const advice of posterior.advice) line(streams.err, `siegert: ${advice}`);
    line(streams.err, "siegert: the posterior is not to be relied on; its draws were written.");
  }
  if (!result.isConverged || posterior?.isTrustworthy === false) throw new Exit(1);
}
