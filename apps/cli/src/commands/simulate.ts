import { dirname } from "node:path";
import { checkWritable, describeProblem, loadConfig, simulate, writeSimulation } from "@siegert/xpcs";
import { Command } from "commander";
import { examples } from "../terminal/examples.ts";
import { numberOption, pathOption, wholeNumberOption } from "../terminal/option-values.ts";
import { line, type Streams } from "../terminal/streams.ts";

interface SimulateOptions {
  readonly output: string;
  readonly noise?: number;
  readonly seed?: number;
  readonly lenient?: boolean;
}

/** `siegert simulate CONFIG --output FILE`. */
export function simulateCommand(streams: Streams): Command {
  return new Command("simulate")
    .description(
      "Compute the correlation of a configuration's initial parameters, with noise, and write it as a data file.",
    )
    .argument("<config>", "YAML file; phi_angles and frames come from it")
    .requiredOption(
      "-o, --output <file>",
      "file to write: .npz (c2, t, phi, q) or .h5 (APS-U layout)",
      pathOption("--output", "file"),
    )
    .option(
      "--noise <sd>",
      "standard deviation of Gaussian noise per pair (default: the configuration's, else 0)",
      numberOption("--noise", 0),
    )
    .option("--seed <n>", "seed of the noise (default: the configuration's, else 42)", wholeNumberOption("--seed", 0))
    .option("--lenient", "unknown keys of the configuration are warnings, not errors")
    .addHelpText(
      "after",
      examples([
        ["siegert simulate fit.yaml --output data.npz --noise 0.01 --seed 1", "a data set to practise on"],
        ["siegert fit fit.yaml --data data.npz", "fit it"],
      ]),
    )
    .action(async (path: string, { output, noise, seed, lenient = false }: SimulateOptions) => {
      const config = await loadConfig(path, { lenient });
      for (const warning of config.warnings) line(streams.err, `! ${describeProblem(config.path, warning)}`);
      await checkWritable(dirname(output), [output]);
      const data = simulate(config, { noise, seed });
      await writeSimulation(output, data);
      const frames = data.times.length;
      line(streams.out, `${output}: ${data.phi.length} angle(s), ${frames} × ${frames} frames, q = ${data.q} 1/Å`);
    });
}
