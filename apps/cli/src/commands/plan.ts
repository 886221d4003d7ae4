import { ANALYSIS_MODES, type AnalysisMode } from "@siegert/physics-core";
import { type FitMethod, type FitPlan, loadConfig, planFit, toJson } from "@siegert/xpcs";
import { Command, Option } from "commander";
import { examples } from "../terminal/examples.ts";
import { choiceOption, numberListOption, pathOption, wholeNumberOption } from "../terminal/option-values.ts";
import { planSummary } from "../terminal/plan-summary.ts";
import { line, type Streams } from "../terminal/streams.ts";

interface PlanCommandOptions {
  readonly data?: string;
  readonly mode?: AnalysisMode;
  readonly phi?: number[];
  readonly shards?: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly lenient?: boolean;
}

/** `siegert plan CONFIG`. */
export function planCommand(streams: Streams): Command {
  return new Command("plan")
    .description("Tell how consensus Monte Carlo would divide and sample a data set, without running it.")
    .argument("<config>", "YAML file; `siegert config init` prints one")
    .option("-d, --data <file>", "data file, instead of the configuration's", pathOption("--data", "file"))
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
    .option("--shards <k>", "number of shards, instead of the configuration's", wholeNumberOption("--shards", 1))
    .option("--threads <n>", "threads that sample shards (default: one per core)", wholeNumberOption("--threads", 1))
    .option("--json", "print the plan as JSON")
    .option("--lenient", "unknown keys of the configuration are warnings, not errors")
    .addHelpText(
      "after",
      `${examples([
        ["siegert plan fit.yaml", "shards, draws, time and memory"],
        ["siegert plan fit.yaml --shards 40 --threads 8", "of another division, on more threads"],
        ["siegert plan fit.yaml --json | jq .seconds", "for scripts"],
      ])}\nThe time is that of one gradient of a shard, measured here, times the gradients that all chains will need;\nleast squares comes before and is not counted. Memory is the sum of what a run holds at once. No map is read.\n`,
    )
    .action(async (path: string, options: PlanCommandOptions) => {
      const config = await loadConfig(path, { lenient: options.lenient ?? false, mode: options.mode });
      const method: FitMethod = config.method;
      const plan = await planFit(config, {
        method,
        dataPath: options.data,
        phi: options.phi,
        shards: options.shards,
        threads: options.threads,
      });
      for (const warning of plan.warnings) line(streams.err, `! ${warning}`);
      line(streams.out, options.json === true ? toJson(planJson(plan)).trimEnd() : planSummary(plan, method));
    });
}

/** The plan for programs. */
function planJson({ points, shards, seconds, memory }: FitPlan): Record<string, unknown> {
  const { nWarmup, nSamples, nChains, nParams, wasAdapted } = shards.samplingPlan;
  return {
    points,
    shards: shards.shards,
    pointsPerShard: shards.pointsPerShard,
    plan: { nWarmup, nSamples, nChains, nParams, wasAdapted },
    seconds,
    memoryBytes: memory.total,
  };
}
