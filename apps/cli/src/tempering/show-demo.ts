import { join } from "node:path";
import { Exit } from "../failure.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { RoundTable } from "../terminal/round-table.ts";
import { line, type Streams } from "../terminal/streams.ts";
import { table } from "../terminal/table.ts";
import { TRUTH } from "./bimodal-target.ts";
import { FILES, runTempering } from "./run-tempering.ts";
import { comparisonSection, demoModel, sampleWithNuts, temperingFindings } from "./tempering-demo.ts";

const SEED = 42;
const ROUNDS = 14;

/** `siegert demo --tempering`: a bimodal density by plain NUTS and by parallel tempering, against the truth. */
export async function runTemperingDemo(streams: Streams, output: string): Promise<void> {
  const folder = join(output, "tempering");
  line(streams.out, "A density in the plane with two modes, nine apart, of weights 0.3 and 0.7; log Z = 2.5.\n");
  line(streams.out, "NUTS, 4 chains of 2000 draws:");
  const nuts = await sampleWithNuts(SEED);
  nuts.shares.forEach((share, k) => {
    line(streams.out, `  chain ${k}: share of draws in the left mode ${share.toFixed(3)}`);
  });
  line(streams.out, `  R-hat of x ${nuts.rhat.toFixed(2)}: no chain has seen both modes\n`);
  line(streams.out, "Parallel tempering:");
  const progress = new ProgressLine(streams);
  const rounds = new RoundTable(streams.out, progress, 0);
  const { run, result } = await runTempering({
    model: await demoModel(),
    modelPath: "siegert demo --tempering",
    folder,
    options: { seed: SEED, rounds: ROUNDS, chains: "auto" },
    isResumed: false,
    sections: (finished) => [comparisonSection(nuts, temperingFindings(finished))],
    runtime: { onProgress: (event) => rounds.progress(event), onRound: (summary) => rounds.round(summary) },
  });
  progress.clear();
  const { share, shareError } = temperingFindings(run);
  const rows = [
    ["weight of the left mode", TRUTH.leftShare.toFixed(4), share.toFixed(4), shareError.toFixed(4)],
    ["log Z", TRUTH.logZ.toFixed(4), run.logZ?.toFixed(4) ?? "-", run.logZError?.toFixed(4) ?? "-"],
  ];
  const columns = [
    { heading: "quantity" },
    { heading: "exact", isNumber: true },
    { heading: "tempering", isNumber: true },
    { heading: "±", isNumber: true },
  ];
  line(streams.out, `\n${table(columns, rows)}\n`);
  line(streams.out, `Report: ${join(folder, FILES.report)}`);
  line(streams.out, "Next: siegert temper --help shows how to write a model file of your own.");
  if (result === undefined) throw new Exit(1);
}
