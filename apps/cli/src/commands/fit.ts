import { ANALYSIS_MODES, type AnalysisMode } from "@siegert/physics-core";
import {
  type ConsensusResult,
  consensusParametersJson,
  type FitMethod,
  type FitRun,
  loadConfig,
  type MethodChoice,
  parametersJson,
  runFit,
  toJson,
} from "@siegert/xpcs";
import { Command, Option } from "commander";
import { Exit } from "../failure.ts";
import { ChainProgress } from "../terminal/chain-progress.ts";
import { consensusSummary } from "../terminal/consensus-summary.ts";
import { examples } from "../terminal/examples.ts";
import { fitSummary } from "../terminal/fit-summary.ts";
import { stopOnInterrupt } from "../terminal/interrupt.ts";
import { choiceOption, numberListOption, pathOption, wholeNumberOption } from "../terminal/option-values.ts";
import { posteriorSummary } from "../terminal/posterior-summary.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { ShardTable } from "../terminal/shard-table.ts";
import { line, type Streams } from "../terminal/streams.ts";

const METHODS: readonly FitMethod[] = ["nlsq", "nuts", "cmc", "both"];

interface FitCommandOptions {
  readonly data?: string;
  readonly method?: FitMethod;
  readonly threads?: number;
  readonly seed?: number;
  readonly warmStart: boolean;
  readonly reuseFit?: string;
  readonly shards?: number;
  readonly resume?: string;
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
      new Option(
        "--method <method>",
        "least squares, posterior as a whole (nuts) or divided (cmc), or both; default: the configuration's",
      )
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
      "threads that sample the posterior (default: one per core, for chains or shards)",
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
    .option(
      "--shards <k>",
      "number of shards of a divided posterior, instead of the configuration's",
      wholeNumberOption("--shards", 1),
    )
    .option(
      "--resume <folder>",
      "go on with a divided posterior that was stopped: the folder of its results",
      pathOption("--resume", "folder"),
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
        ["siegert fit fit.yaml --method cmc --shards 40", "the posterior of large data, in shards"],
        ["siegert fit fit.yaml --resume results", "go on with shards that were stopped"],
        ["siegert fit fit.yaml --json | jq .parameters.D0", "for scripts"],
      ])}\nResults: FOLDER/nlsq/parameters.json, fitted_data.npz, diagnostics.json; FOLDER/report.html;\nwith a posterior FOLDER/nuts/posterior.nc, samples.npz, summary.json, diagnostics.json;\nof divided data FOLDER/cmc/parameters.json, samples.npz, posterior.nc, diagnostics.json, shard_diagnostics.json\n(finished shards are kept in FOLDER/cmc/run). \`siegert plan\` tells shards, time and memory beforehand.\n`,
    )
    .action(async (path: string, options: FitCommandOptions) => runFitCommand(streams, path, options));
}

async function runFitCommand(streams: Streams, path: string, options: FitCommandOptions): Promise<void> {
  const config = await loadConfig(path, { lenient: options.lenient ?? false, mode: options.mode });
  const progress = new ProgressLine(streams);
  const chains = new ChainProgress(progress);
  const shards = new ShardTable(streams, () => progress.clear());
  let sampler: MethodChoice["sampler"];
  const interrupt = stopOnInterrupt(() => {
    shards.clear();
    const kept = sampler === "cmc" ? "finished shards are kept" : "the best point so far will be written";
    line(streams.err, `\nstopping; ${kept} (interrupt again to leave at once)`);
  });
  try {
    const run = await runFit(config, {
      method: options.method,
      reuseFit: options.reuseFit,
      resume: options.resume,
      sampling: {
        threads: options.threads,
        seed: options.seed,
        // Without the option the configuration counts.
        useWarmStart: options.warmStart ? undefined : false,
        onProgress: (event) => chains.show(event),
      },
      consensus: { shards: options.shards, onShard: (event) => shards.show(event) },
      dataPath: options.data,
      phi: options.phi,
      outputFolder: options.output,
      onMethod: (choice) => {
        sampler = choice.sampler;
        // Of the two ways to sample, the data or the configuration chose one.
        if ((options.method ?? config.method) === "both")
          line(streams.err, `posterior by ${sampler}: ${choice.reason}`);
      },
      onProgress: (event) => progress.fit(event),
      signal: interrupt.signal,
    });
    progress.clear();
    shards.clear();
    for (const warning of run.warnings) line(streams.err, `! ${warning}`);
    // The text for people shows the fit's own warnings beside its tables.
    if (options.json === true) for (const warning of run.result.warnings) line(streams.err, `! ${warning}`);
    printRun(streams, run, options.json === true);
  } catch (error) {
    progress.clear();
    shards.clear();
    if (interrupt.signal.aborted && sampler === "cmc") {
      const folder = options.resume ?? options.output ?? config.output.directory;
      line(streams.err, `To go on: ${resumeCommand(path, options, folder)}`);
    }
    throw error;
  } finally {
    progress.clear();
    shards.clear();
    interrupt.release();
  }
}

/** The command that goes on with shards that were stopped: all that decides the draws is said again. */
function resumeCommand(path: string, options: FitCommandOptions, folder: string): string {
  const words: readonly (readonly [string, string | number | undefined])[] = [
    ["--method", options.method],
    ["--resume", folder],
    ["--data", options.data],
    ["--mode", options.mode],
    ["--phi", options.phi?.join(",")],
    ["--shards", options.shards],
    ["--seed", options.seed],
    ["--threads", options.threads],
  ];
  const said = words.flatMap(([name, value]) => (value === undefined ? [] : [name, quoted(String(value))]));
  return ["siegert fit", quoted(path), ...said, ...(options.warmStart ? [] : ["--no-warm-start"])].join(" ");
}

function quoted(word: string): string {
  return /^[\w./,:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Says what came out, and ends with exit code 1 when it should not be relied on. */
function printRun(streams: Streams, run: FitRun, isJson: boolean): void {
  const { result, posterior, consensus, reportPath } = run;
  if (isJson) {
    const sampled = posterior
      ? { posterior: { summary: posterior.table.toJSON(), diagnosis: posterior.diagnosis } }
      : consensus && { consensus: consensusJson(run, consensus) };
    line(streams.out, toJson({ ...parametersJson(result), ...sampled }).trimEnd());
  } else {
    line(streams.out, fitSummary(result));
    if (posterior) line(streams.out, `\n${posteriorSummary(posterior)}`);
    if (consensus) line(streams.out, `\n${consensusSummary(consensus)}`);
    line(streams.out, `\nReport: ${reportPath}`);
  }
  if (!result.isConverged) {
    line(
      streams.err,
      `siegert: the fit did not converge: ${result.message}. The results of the best point were written.`,
    );
  }
  for (const caution of consensus?.cautions ?? []) line(streams.err, `! ${caution}`);
  const judged = posterior ?? consensus;
  if (judged && !judged.isTrustworthy) {
    for (const advice of judged.advice) line(streams.err, `siegert: ${advice}`);
    line(streams.err, "siegert: the posterior is not to be relied on; its draws were written.");
  }
  if (!result.isConverged || judged?.isTrustworthy === false) throw new Exit(1);
}

/** What `--json` says of a divided posterior: its parameters, and the verdict. */
function consensusJson({ result, choice }: FitRun, consensus: ConsensusResult): Record<string, unknown> {
  const { verdict, isTrustworthy, advice, cautions } = consensus;
  return {
    ...consensusParametersJson(consensus, result),
    verdict,
    trustworthy: isTrustworthy,
    advice,
    cautions,
    choice: choice.reason,
  };
}
