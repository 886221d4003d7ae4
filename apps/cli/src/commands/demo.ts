import { join } from "node:path";
import { demos, runFit, simulate, writeSimulation, writeText } from "@siegert/xpcs";
import { Command } from "commander";
import { Exit } from "../failure.ts";
import { runTemperingDemo } from "../tempering/show-demo.ts";
import { examples } from "../terminal/examples.ts";
import { fitSummary } from "../terminal/fit-summary.ts";
import { pathOption } from "../terminal/option-values.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { line, type Streams } from "../terminal/streams.ts";

/** `siegert demo`: two simulated data sets with known truth, fitted from default starting values. */
export function demoCommand(streams: Streams): Command {
  return new Command("demo")
    .description(
      "Simulate a laminar-flow and a two-component data set (3 angles, 200 frames, noise, seed 42), write them as HDF5, fit both from default starting values, and show truth against estimate.",
    )
    .option("-o, --output <folder>", "folder for data and results", pathOption("--output", "folder"), "siegert-demo")
    .option("--tempering", "instead: two modes that plain NUTS cannot join, sampled by NUTS and by parallel tempering")
    .addHelpText(
      "after",
      examples([
        ["siegert demo --output demo", "then open demo/laminar_flow/report.html"],
        ["siegert demo --tempering", "then open siegert-demo/tempering/report.html"],
      ]),
    )
    .action(async ({ output, tempering = false }: { output: string; tempering?: boolean }) =>
      tempering ? runTemperingDemo(streams, output) : runDemo(streams, output),
    );
}

async function runDemo(streams: Streams, output: string): Promise<void> {
  let hasFailed = false;
  for (const demo of demos()) {
    const folder = join(output, demo.name);
    const data = simulate(demo.simulation);
    const dataPath = join(folder, "data.h5");
    await writeSimulation(dataPath, data);
    await writeText(join(folder, "fit.yaml"), demo.fitYaml);
    line(streams.out, `\n── ${demo.title} ──`);
    line(
      streams.out,
      `simulated ${data.phi.length} angles × ${data.times.length} frames, noise ${demo.noise}: ${dataPath}\n`,
    );
    const progress = new ProgressLine(streams);
    const run = await runFit(demo.fit, {
      dataPath,
      outputFolder: folder,
      truth: demo.truth,
      onProgress: (event) => progress.fit(event),
    });
    progress.clear();
    for (const warning of run.warnings) line(streams.err, `! ${warning}`);
    line(streams.out, fitSummary(run.result, demo.truth));
    line(streams.out, `\nReport: ${run.reportPath}`);
    hasFailed ||= !run.result.isConverged;
  }
  line(streams.out, "\nOpen the reports in a browser. Next: siegert config init laminar_flow > fit.yaml");
  if (hasFailed) throw new Exit(1);
}
