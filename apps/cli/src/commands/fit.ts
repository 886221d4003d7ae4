import { ANALYSIS_MODES, type AnalysisMode } from "@siegert/physics-core";
import { loadConfig, parametersJson, runFit } from "@siegert/xpcs";
import { Command, Option } from "commander";
import { Exit } from "../failure.ts";
import { examples } from "../terminal/examples.ts";
import { fitSummary } from "../terminal/fit-summary.ts";
import { stopOnInterrupt } from "../terminal/interrupt.ts";
import { numberListOption } from "../terminal/option-values.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { line, type Streams } from "../terminal/streams.ts";

interface FitCommandOptions {
  readonly data?: string;
  readonly method: "nlsq";
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
    .option("-d, --data <file>", "data file, instead of the configuration's")
    .addOption(new Option("--method <method>", "how to fit").choices(["nlsq"]).default("nlsq"))
    .addOption(
      new Option("--mode <mode>", "model, instead of the configuration's analysis_mode").choices(ANALYSIS_MODES),
    )
    .option(
      "--phi <angles>",
      "take the maps nearest to these angles, degrees, separated by commas",
      numberListOption("--phi"),
    )
    .option("-o, --output <folder>", "folder for the results, instead of the configuration's")
    .option("--json", "print the result as JSON")
    .option("--lenient", "unknown keys of the configuration are warnings, not errors")
    .addHelpText(
      "after",
      `${examples([
        ["siegert fit fit.yaml", "data and output folder as the configuration says"],
        ["siegert fit fit.yaml --data scan.h5 --output results", "another file, another folder"],
        ["siegert fit fit.yaml --phi 0,90", "two angles only"],
        ["siegert fit fit.yaml --json | jq .parameters.D0", "for scripts"],
      ])}\nResults: FOLDER/nlsq/parameters.json, fitted_data.npz, diagnostics.json; FOLDER/report.html\n`,
    )
    .action(async (path: string, options: FitCommandOptions) => runFitCommand(streams, path, options));
}

async function runFitCommand(streams: Streams, path: string, options: FitCommandOptions): Promise<void> {
  const config = await loadConfig(path, { lenient: options.lenient ?? false, mode: options.mode });
  const progress = new ProgressLine(streams);
  const interrupt = stopOnInterrupt(() =>
    line(streams.err, "\nstopping; the best point so far will be written (interrupt again to leave at once)"),
  );
  try {
    const run = await runFit(config, {
      dataPath: options.data,
      phi: options.phi,
      outputFolder: options.output,
      onProgress: (event) => progress.fit(event),
      signal: interrupt.signal,
    });
    progress.clear();
    for (const warning of run.warnings) line(streams.err, `! ${warning}`);
    if (options.json) line(streams.out, JSON.stringify(parametersJson(run.result), null, 2));
    else line(streams.out, `${fitSummary(run.result)}\n\nReport: ${run.reportPath}`);
    if (!run.result.isConverged) {
      line(
        streams.err,
        `siegert: the fit did not converge: ${run.result.message}. The results of the best point were written.`,
      );
      throw new Exit(1);
    }
  } finally {
    progress.clear();
    interrupt.release();
  }
}
