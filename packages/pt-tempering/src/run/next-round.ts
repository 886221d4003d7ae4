import type { FinishedRound, ReplicaProblem } from "@siegert/log-density";
import { nowMs } from "../host.ts";
import { Ladder } from "../ladder/ladder.ts";
import { measureLadder, tuneLadder } from "../ladder/tune-ladder.ts";
import type { Crews } from "./crews.ts";
import { frozenLadder } from "./freeze.ts";
import type { TemperingRuntime } from "./options.ts";
import { reportedColumns } from "./reported-tallies.ts";
import { RoundReporter } from "./round-reporter.ts";
import { type RoundSummary, rejectionsOf, summariseRound } from "./round-summary.ts";
import { type RoundRecord, runRound } from "./run-round.ts";
import type { RunPosition, RunSettings } from "./tempering-state.ts";

/** The position before the first round: replica i of every copy on chain i. */
export function firstPosition(schedules: readonly Float64Array[], copies: number): RunPosition {
  const { size } = new Ladder(schedules);
  return {
    round: 0,
    schedules,
    tuning: [],
    chainOf: Int32Array.from({ length: size * copies }, (_, replica) => replica % size),
    states: { replicas: undefined, tuning: undefined, finished: undefined },
    history: [],
    highest: undefined,
    chainSearch: undefined,
  };
}

/** Runs one round and moves to the next position. Undefined when it was stopped. */
export async function nextRound(
  instance: ReplicaProblem,
  settings: RunSettings,
  position: RunPosition,
  options: RoundContext,
): Promise<{ readonly position: RunPosition; readonly record: RoundRecord } | undefined> {
  const { crews, runtime, phase } = options;
  const { round, chainOf } = position;
  const crew = await crews.forRound(round, settings.rounds, chainOf.length);
  const reporter = new RoundReporter(runtime.onProgress, {
    phase,
    round,
    rounds: settings.rounds,
    scans: 2 ** (round + 1),
    chains: chainOf.length / settings.copies,
    threads: crew.threads,
  });
  const started = nowMs();
  const record = await runRound(settings, position, {
    problem: instance,
    crew,
    sink: runtime.sink,
    onScan: (done) => reporter.tell(done),
    isStopped: () => runtime.signal?.aborted === true,
  });
  if (!record) return undefined;
  const seconds = (nowMs() - started) / 1000;
  crews.learn(crew, seconds, record.ledger.scans);
  const cost = { round, seconds, threads: crew.threads };
  const summary = summariseRound(record.ledger, record.tallies, reportedColumns(instance), cost);
  reporter.finish();
  if (phase === "rounds") runtime.onRound?.(summary);
  return { record, position: positionAfter(instance, settings, position, record, summary) };
}

/** What a round is run with. */
export interface RoundContext {
  readonly crews: Crews;
  readonly runtime: TemperingRuntime;
  readonly phase: "chains" | "rounds";
}

function positionAfter(
  instance: ReplicaProblem,
  settings: RunSettings,
  position: RunPosition,
  record: RoundRecord,
  summary: RoundSummary,
): RunPosition {
  const { ladder } = record.ledger;
  const rejections = rejectionsOf(ladder, summary.pairs);
  const measured = ladder.schedules.map((betas, leg) => {
    const errors = ladder.pairsOf(leg).map((pair) => summary.pairs[pair]!.acceptanceError);
    return measureLadder(betas, rejections[leg]!, errors);
  });
  // What was found on a ladder of another end, before it grew, says nothing of this one.
  const known = position.tuning.map((before, leg) =>
    before.best.betas.at(-1) === measured[leg]!.betas.at(-1) ? before : undefined,
  );
  const tuning = measured.map((now, leg) => tuneLadder(known[leg], now));
  const tuned = settings.adapt ? tuning.map(({ next }) => next) : ladder.schedules;
  const schedules = settings.isFreezing ? [frozenLadder(tuned[0]!, summary, rejections[0]!)] : tuned;
  return {
    ...position,
    round: position.round + 1,
    schedules,
    tuning,
    chainOf: record.ledger.chainOf.slice(),
    states: { ...record.states, finished: finishedRound(instance, record, summary) },
    history: [...position.history, summary],
    highest: record.highest,
  };
}

/** The round as exploration sees it: tallies of all copies together. */
function finishedRound(instance: ReplicaProblem, record: RoundRecord, summary: RoundSummary): FinishedRound {
  const { ladder, copies, scans } = record.ledger;
  const width = ladder.size * (instance.tallies?.length ?? 0);
  const tallies = new Float64Array(width);
  for (let copy = 0; copy < copies; copy++) {
    for (let k = 0; k < width; k++) tallies[k] = tallies[k]! + record.tallies[copy * width + k]!;
  }
  return { round: summary.round, scans, betas: ladder.betas, legs: ladder.legs, tallies };
}
