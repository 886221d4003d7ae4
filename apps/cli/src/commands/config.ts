import { ANALYSIS_MODES, type AnalysisMode } from "@siegert/physics-core";
import { defaultConfigYaml, describeProblem, loadConfig } from "@siegert/xpcs";
import { Argument, Command } from "commander";
import { examples } from "../terminal/examples.ts";
import { choiceOption } from "../terminal/option-values.ts";
import { line, type Streams } from "../terminal/streams.ts";

/** `siegert config init|validate`. */
export function configCommand(streams: Streams): Command {
  return new Command("config")
    .description("Begin or check a configuration.")
    .addCommand(init(streams))
    .addCommand(validate(streams));
}

function init(streams: Streams): Command {
  return new Command("init")
    .description("Print a configuration with every key, its default, its unit and what it does.")
    .addArgument(
      new Argument("[mode]", "the model")
        .choices(ANALYSIS_MODES)
        .default("laminar_flow")
        .argParser(choiceOption("mode", ANALYSIS_MODES)),
    )
    .addHelpText("after", examples([["siegert config init two_component > fit.yaml", "begin a two-component fit"]]))
    .action((mode: AnalysisMode) => {
      streams.out.write(defaultConfigYaml(mode));
    });
}

function validate(streams: Streams): Command {
  return new Command("validate")
    .description("Check a configuration; every problem is listed with its line and column.")
    .argument("<config>", "YAML file")
    .option("--lenient", "unknown keys are warnings, not errors")
    .addHelpText("after", examples([["siegert config validate fit.yaml", "before a long run"]]))
    .action(async (path: string, { lenient = false }: { lenient?: boolean }) => {
      const config = await loadConfig(path, { lenient });
      for (const warning of config.warnings) line(streams.err, `! ${describeProblem(config.path, warning)}`);
      line(streams.out, `${path}: valid, ${config.mode}`);
    });
}
