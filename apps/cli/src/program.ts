import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { fitCommand } from "./commands/fit.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { planCommand } from "./commands/plan.ts";
import { reportCommand } from "./commands/report.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { temperCommand } from "./commands/temper.ts";
import { examples } from "./terminal/examples.ts";
import type { Streams } from "./terminal/streams.ts";

/** The whole command line. */
export function createProgram(streams: Streams): Command {
  const program = new Command("siegert");
  program
    .description("Fit two-time X-ray photon correlation (XPCS) data.")
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain the command")
    .showSuggestionAfterError(true)
    .addHelpText(
      "after",
      `${examples([
        ["siegert demo", "simulate two data sets, fit them, and show truth against estimate"],
        ["siegert inspect scan.h5", "what a data file holds: q values, angles, frames"],
        ["siegert config init laminar_flow > fit.yaml", "begin a configuration"],
        ["siegert fit fit.yaml --output results", "fit, and write results/report.html"],
        ["siegert temper ising.json", "log Z, energies and draws of a spin model by parallel tempering"],
      ])}\nExit codes: 0 done, 1 the fit failed, 2 the input is wrong.\n`,
    );
  const commands = [
    demoCommand,
    fitCommand,
    planCommand,
    simulateCommand,
    inspectCommand,
    configCommand,
    reportCommand,
    temperCommand,
  ];
  for (const create of commands) program.addCommand(create(streams));
  program.addCommand(completionCommand(streams, program));
  adopt(program, streams);
  return program;
}

/** Every command reports through the streams and throws instead of ending the process. */
function adopt(command: Command, streams: Streams): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void streams.out.write(text),
    writeErr: (text) => void streams.err.write(text),
    // A hint follows the error on a line of its own; one error is one line here.
    outputError: (text, write) =>
      write(
        `siegert: ${text
          .replace(/^error: /, "")
          .trim()
          .replace(/\s*\n\s*/g, " ")}\n`,
      ),
  });
  for (const child of command.commands) adopt(child, streams);
}
