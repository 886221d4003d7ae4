import { join } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { TemperingOptions } from "@siegert/pt-tempering";
import { toJson } from "@siegert/xpcs";
import { Command } from "commander";
import { Exit } from "../failure.ts";
import { buildModel } from "../tempering/build-model.ts";
import { readModelFile } from "../tempering/model-file.ts";
import { FILES, runTempering, type WrittenTempering } from "../tempering/run-tempering.ts";
import type { TemperedModel } from "../tempering/tempered-model.ts";
import { verdictText } from "../tempering/verdict-text.ts";
import { examples } from "../terminal/examples.ts";
import { stopOnInterrupt } from "../terminal/interrupt.ts";
import { numberListOption, pathOption, wholeNumberOption } from "../terminal/option-values.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { RoundTable } from "../terminal/round-table.ts";
import { line, type Streams } from "../terminal/streams.ts";

interface TemperCommandOptions {
  readonly rounds?: number;
  readonly chains?: number | "auto";
  readonly betas?: number[];
  readonly copies?: number;
  readonly output: string;
  readonly seed: number;
  readonly threads?: number;
  readonly allRungs?: boolean;
  readonly optimise?: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** `siegert temper MODEL`. */
export function temperCommand(streams: Streams): Command {
  return new Command("temper")
    .description(
      "Temper a model from β = 0 to its β: log Z with an error, energies on every rung, draws of the target, and a report.",
    )
    .argument("<model>", "JSON or YAML file: a lattice, a graph, a Boltzmann machine, or a module with your own target")
    .option(
      "-r, --rounds <n>",
      "rounds; each has twice the scans of the one before (default: 10)",
      wholeNumberOption("--rounds", 1),
    )
    .option(
      "-c, --chains <n>",
      "chains of the ladder, or auto: as many as the barrier asks for (default: auto)",
      chainsOption,
    )
    .option(
      "--betas <list>",
      "a ladder of your own, from 0 to the model's β, instead of a tuned one",
      numberListOption("--betas"),
    )
    .option(
      "--copies <k>",
      "independent runs side by side that pool their results (default: 1)",
      wholeNumberOption("--copies", 1),
    )
    .option("-o, --output <folder>", "folder for the results", pathOption("--output", "folder"), "siegert-tempering")
    .option("--seed <n>", "seed of all random numbers", wholeNumberOption("--seed", 0), 0)
    .option(
      "--threads <n>",
      "threads that share the replicas (default: as many as are worth it)",
      wholeNumberOption("--threads", 1),
    )
    .option("--all-rungs", "write the draws of every rung, not only of the target")
    .option("--optimise", "also look for the state of lowest energy; give the model a large β")
    .option("--resume", "go on from the checkpoint in the folder, with more --rounds if you like")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `${examples([
        ["siegert temper ising.json", "results in siegert-tempering/"],
        ["siegert temper glass.yaml --rounds 12 --chains 20", "longer, on twenty chains"],
        ["siegert temper glass.yaml --rounds 14 --resume", "go on with what is there"],
        ["siegert temper glass.yaml --optimise --json | jq .optimum", "the ground state"],
      ])}
Model files:
  {"model": "ising", "lattice": {"size": [4, 4], "periodic": true}, "coupling": 1, "field": 0, "beta": 0.44}
  {"model": "potts", "states": 3, "lattice": {"size": [3, 3]}, "beta": 1}
  {"model": "ising", "nodes": 3, "edges": [[0, 1, 1], [1, 2, -0.5]], "field": [0, 0.1, 0], "beta": 2}
  {"model": "ising", "lattice": {"size": [6, 6, 6]}, "coupling": {"random": "signs", "seed": 1}, "beta": 1.2}
  {"model": "rbm", "weights": [[0.5, -1], [1, 0.25]], "visibleBias": 0, "hiddenBias": [0.1, 0]}
  {"model": "module", "module": "./target.js"}

A module exports target and reference, or a function problem; siegert temper target.js takes it as it is.

Energies: E = β·V with V = −Σ J s s' − Σ field·s for spins ±1, V = −Σ J [s = s'] for Potts states.
Results: FOLDER/${Object.values(FILES).join(", ")}
`,
    )
    .action(async (path: string, options: TemperCommandOptions) => runTemperCommand(streams, path, options));
}

function chainsOption(text: string): number | "auto" {
  if (text === "auto") return text;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 2) {
    throw new InvalidArgumentError("--chains", "be auto, or a whole number of at least 2", text);
  }
  return value;
}

async function runTemperCommand(streams: Streams, path: string, given: TemperCommandOptions): Promise<void> {
  if (given.betas !== undefined && given.chains !== undefined) {
    throw new InvalidArgumentError(
      "--betas",
      "be given without --chains: the ladder says how many there are",
      given.betas,
    );
  }
  const model = await buildModel(await readModelFile(path), path);
  const progress = new ProgressLine(streams);
  const table = new RoundTable(given.json === true ? streams.err : streams.out, progress, model.logReference);
  const interrupt = stopOnInterrupt(() =>
    line(streams.err, "\nstopping; the rounds so far will be written (interrupt again to leave at once)"),
  );
  try {
    const written = await runTempering({
      model,
      modelPath: path,
      folder: given.output,
      options: temperingOptions(given),
      isResumed: given.resume === true,
      runtime: {
        signal: interrupt.signal,
        onProgress: (event) => table.progress(event),
        onRound: (summary) => table.round(summary),
      },
    });
    progress.clear();
    printTempering(streams, model, written, given);
  } finally {
    progress.clear();
    interrupt.release();
  }
}

function temperingOptions(given: TemperCommandOptions): TemperingOptions {
  const { rounds, copies, threads, betas, chains = "auto" } = given;
  return {
    seed: given.seed,
    ...(rounds === undefined ? {} : { rounds }),
    ...(copies === undefined ? {} : { copies }),
    ...(threads === undefined ? {} : { threads }),
    ...(betas === undefined ? { chains } : { betas }),
    draws: { chains: given.allRungs === true ? "all" : "target" },
    ...(given.optimise === true ? { optimise: { freeze: false } } : {}),
  };
}

/** Says what came out and what to think of it, and ends with exit code 1 when the run was stopped. */
function printTempering(
  streams: Streams,
  model: TemperedModel,
  { run, result }: WrittenTempering,
  given: TemperCommandOptions,
): void {
  if (result === undefined) {
    line(streams.err, "siegert: stopped before the first round was complete; nothing was written.");
    throw new Exit(1);
  }
  if (given.json === true) line(streams.out, toJson(result).trimEnd());
  else {
    const error = result.logZError === null ? "" : ` ± ${result.logZError.toPrecision(2)}`;
    line(streams.out, `\nlog Z = ${result.logZ?.toFixed(5) ?? "unknown"}${error}   Λ = ${result.Lambda.toFixed(3)}`);
    if (run.optimum)
      line(streams.out, `lowest energy V = ${run.optimum.energy}, first seen in round ${run.optimum.round + 1}`);
    for (const verdict of result.verdicts) {
      line(streams.out, `${verdict.level === "good" ? "✓" : "!"} ${verdictText(verdict, model)}`);
    }
    line(streams.out, `\nReport: ${join(given.output, FILES.report)}`);
  }
  if (run.status === "aborted") line(streams.err, "siegert: stopped early; --resume goes on from the last round.");
  const isDoubtful = result.verdicts.some(({ level }) => level === "warning");
  if (isDoubtful)
    line(streams.err, "siegert: the verdicts above warn; take more chains or rounds before you rely on it.");
  if (run.status === "aborted") throw new Exit(1);
}
