import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import type { ReportSection } from "@siegert/plots";
import {
  resumeTempering,
  type TemperingOptions,
  type TemperingRun,
  type TemperingRuntime,
  type TemperingState,
  temper,
} from "@siegert/pt-tempering";
import { checkWritable, writeJson, writeNpz, writeText } from "@siegert/xpcs";
import manifest from "../../package.json" with { type: "json" };
import { ModelFileError } from "./model-file-error.ts";
import type { TemperedModel } from "./tempered-model.ts";
import { type TemperingJson, temperingJson } from "./tempering-json.ts";
import { temperingReport } from "./tempering-report.ts";

/** What a run writes. */
export const FILES = {
  result: "tempering.json",
  draws: "draws.npz",
  report: "report.html",
  checkpoint: "checkpoint.json",
} as const;

/** How a model is tempered and where results go. */
export interface TemperingRequest {
  readonly model: TemperedModel;
  /** Path of the model file, for the report. */
  readonly modelPath: string;
  readonly folder: string;
  readonly options: Pick<
    TemperingOptions,
    "seed" | "rounds" | "chains" | "threads" | "copies" | "draws" | "optimise" | "betas"
  >;
  /** Goes on from the checkpoint of the folder, for so many rounds in all as the options say. */
  readonly isResumed: boolean;
  /** Sections that the report begins with. */
  readonly sections?: (run: TemperingRun) => readonly ReportSection[];
  readonly runtime: Pick<TemperingRuntime, "onProgress" | "onRound" | "signal">;
}

/** A run that was written. */
export interface WrittenTempering {
  readonly run: TemperingRun;
  /** Undefined when the run was stopped before its first round was complete. */
  readonly result: TemperingJson | undefined;
}

/** The content of the checkpoint: of which model, and the state to go on from. */
interface Checkpoint {
  readonly model: string;
  readonly state: TemperingState;
}

/**
 * Tempers a model and writes tempering.json, draws.npz and report.html; after every round checkpoint.json.
 * @throws {OutputError} when the folder cannot be written, before anything is computed.
 * @throws {ModelFileError} when there is nothing to resume, or it is of another model.
 */
export async function runTempering(request: TemperingRequest): Promise<WrittenTempering> {
  const { model, folder, options, runtime } = request;
  const paths = Object.fromEntries(Object.entries(FILES).map(([key, name]) => [key, join(folder, name)])) as Record<
    keyof typeof FILES,
    string
  >;
  await checkWritable(folder, Object.values(paths));
  const checkpoint = {
    save: (state: TemperingState) =>
      writeJson(paths.checkpoint, { model: identity(model), state } satisfies Checkpoint),
  };
  const carried = { ...runtime, checkpoint, ...(options.threads === undefined ? {} : { threads: options.threads }) };
  const run = request.isResumed
    ? await resumed(request, paths.checkpoint, carried)
    : await temper(model.problem, { ...ladderOf(request), ...carried, trace: true });
  if (run.last === undefined) return { run, result: undefined };
  const seed = run.state().settings.seed;
  const result = temperingJson(model, run, run.last, seed);
  await writeJson(paths.result, result);
  if (hasDraws(run)) await writeNpz(paths.draws, drawArrays(run, model.isDiscrete));
  const provenance = [
    { label: "Model file", value: request.modelPath },
    { label: "Seed", value: String(seed) },
    { label: "Threads", value: `${run.threadChoice.threads}: ${run.threadChoice.reason}` },
    { label: "Software", value: `siegert ${manifest.version}, Node ${process.version}` },
  ];
  await writeText(
    paths.report,
    temperingReport(model, run, run.last, { provenance, sections: request.sections?.(run) ?? [] }),
  );
  return { run, result };
}

/** The options with the end of the ladder. @throws {InvalidArgumentError} for a ladder that ends elsewhere. */
function ladderOf({ model, options }: TemperingRequest): TemperingOptions {
  if (options.betas === undefined) return { ...options, maxBeta: model.beta };
  const last = Array.from(options.betas as ArrayLike<number>).at(-1);
  const isAscending = Array.from(options.betas as ArrayLike<number>).every((beta) => beta <= last!);
  if (isAscending && last !== model.beta) {
    throw new InvalidArgumentError("--betas", `end with the model's β, ${model.beta}`, last);
  }
  return options;
}

/** Goes on from a checkpoint; with more rounds than it had planned, extends it. */
async function resumed(
  { model, options }: TemperingRequest,
  path: string,
  runtime: TemperingRuntime,
): Promise<TemperingRun> {
  const { state, ...saved } = await readCheckpoint(path);
  if (saved.model !== identity(model)) {
    const message = `is of another model (${saved.model}); give the model file it was made with, or another --output`;
    throw new ModelFileError(path, [{ key: "", message }]);
  }
  const run = await resumeTempering(model.problem, state, runtime);
  const more = (options.rounds ?? state.settings.rounds) - state.settings.rounds;
  return run.status === "complete" && more > 0 ? run.extend(more, runtime) : run;
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new ModelFileError(path, [{ key: "", message: "there is no checkpoint to resume; leave --resume out" }]);
  });
  try {
    const checkpoint = JSON.parse(text) as Checkpoint;
    if (checkpoint.state?.format === 1) return checkpoint;
  } catch {
    // Said below.
  }
  throw new ModelFileError(path, [{ key: "", message: "is no checkpoint of a tempering run; leave --resume out" }]);
}

/** What has to be the same for a checkpoint to be of this model. */
function identity({ title, beta, fingerprint }: TemperedModel): string {
  return `${title}, β = ${beta}, ${fingerprint}`;
}

function hasDraws(run: TemperingRun): boolean {
  return run.rounds.length > 0 && run.state().settings.draws !== undefined && run.energies(0).length > 0;
}

/** Arrays of draws.npz: states (sequence, draw, number) and statistics of the target, and of every rung that was kept. */
function drawArrays(
  run: TemperingRun,
  isDiscrete: boolean,
): Record<string, { data: Float64Array | Int32Array; shape: number[] }> {
  const kept = run.state().settings.draws?.chains;
  const rungs = kept === "all" ? Array.from({ length: run.chains }, (_, chain) => chain) : [];
  const named = [["target", undefined] as const, ...rungs.map((chain) => [`rung_${chain}`, chain] as const)];
  const arrays = named.flatMap(([name, chain]) => {
    const { values, statistics, chains, draws } = run.draws(chain);
    const shape = [chains, draws, values.length / Math.max(1, chains * draws)];
    const energies = statistics.map((statistic) => 0 - statistic);
    return [
      [name, { data: isDiscrete ? Int32Array.from(values) : values, shape }] as const,
      [`${name}_base_energy`, { data: energies, shape: [chains, draws] }] as const,
    ];
  });
  return { ...Object.fromEntries(arrays), betas: { data: run.betas, shape: [run.chains] } };
}
