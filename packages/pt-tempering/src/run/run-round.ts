import type { ReplicaProblem } from "@siegert/log-density";
import { bridgeCentres } from "../evidence/bridge.ts";
import { Ladder } from "../ladder/ladder.ts";
import { RoundLedger } from "../ledger/round-ledger.ts";
import {
  type Crew,
  keptScans,
  type ReplicaStates,
  type SegmentMemory,
  type SegmentPlan,
  type StatisticFault,
} from "../round/segment.ts";
import { TemperingError } from "../tempering-error.ts";
import { DrawStore, drawPlanOf, type KeptDraws } from "./draw-store.ts";
import { type Highest, higher } from "./optimum.ts";
import type { TemperedSink } from "./options.ts";
import type { RunPosition, RunSettings } from "./tempering-state.ts";

const TRACE_DOUBLES = 2 ** 20;
const DRAW_DOUBLES = 2 ** 22;

/** What a round leaves behind. */
export interface RoundRecord {
  readonly ledger: RoundLedger;
  /** Row-major (copy, chain, tally). */
  readonly tallies: Float64Array;
  readonly draws: KeptDraws | undefined;
  readonly states: ReplicaStates;
  readonly highest: Highest | undefined;
}

/** What a round is run with. */
export interface RoundOptions {
  readonly problem: ReplicaProblem;
  readonly crew: Crew;
  readonly sink: TemperedSink | undefined;
  /** Told now and then how many scans of the round are done. */
  readonly onScan: (done: number) => void;
  readonly isStopped: () => boolean;
}

/**
 * The round that is next: segments of scans as long as the memory for their trace and draws allows, each entered into
 * the books when it is done. Undefined when it was stopped.
 * @throws {TemperingError} when exploration gives no statistic.
 */
export async function runRound(
  settings: RunSettings,
  position: RunPosition,
  options: RoundOptions,
): Promise<RoundRecord | undefined> {
  const { problem, crew } = options;
  const { round, chainOf } = position;
  const { seed, copies, isTracing, isOptimising } = settings;
  const scans = 2 ** (round + 1);
  const ladder = new Ladder(position.schedules);
  const centres = centresOf(ladder, position);
  const ledger = new RoundLedger(ladder, { copies, scans, seed, chainOf, isTracing, centres });
  const drawPlan = drawPlanOf(settings, ladder, round);
  const isKept = settings.draws?.isKeeping === true && round + 1 === settings.rounds;
  const store = drawPlan && new DrawStore(drawPlan, { copies, dim: problem.dim, scans, isKept, sink: options.sink });
  const memory = roundMemory(problem, ladder, { copies, scans, drawPlan, crew });
  const keptStatistics = new Float64Array(memory.draws.length / problem.dim);
  let { states, highest } = position;
  for (let firstScan = 0; firstScan < scans; firstScan += memory.scans) {
    const plan: SegmentPlan = {
      seed,
      round,
      firstScan,
      scans: Math.min(memory.scans, scans - firstScan),
      copies,
      schedules: position.schedules,
      draws: drawPlan,
      highest: isOptimising ? (highest?.statistic ?? -Infinity) : undefined,
    };
    if (options.isStopped()) return undefined;
    const onScan = (done: number) => options.onScan(firstScan + done);
    const end = await crew.run(plan, memory, ledger.chainOf.slice(), states, onScan);
    if (end.fault) throw statisticError(round, end.fault);
    if (!end.states) return undefined;
    states = end.states;
    highest = higher(highest, end.highest, round);
    ledger.enter(plan, memory, keptStatistics);
    await store?.take(plan, memory.draws, keptStatistics);
  }
  return { ledger, tallies: Float64Array.from(memory.tallies), draws: store?.kept, states, highest };
}

/** Centres of the bridges of all legs, by pair of the line, from what the round before found. */
function centresOf(ladder: Ladder, { history }: RunPosition): Float64Array {
  const before = history.at(-1);
  const centres = new Float64Array(ladder.size - 1);
  ladder.schedules.forEach((betas, leg) => {
    const known = before && {
      betas: before.schedules[leg]!,
      logZByRung: before.evidence.legs[leg]!.logZByRung,
    };
    const ofLeg = bridgeCentres(known, betas);
    ladder.pairsOf(leg).forEach((pair, k) => {
      centres[pair] = ofLeg[k]!;
    });
  });
  return centres;
}

function roundMemory(
  problem: ReplicaProblem,
  ladder: Ladder,
  round: {
    readonly copies: number;
    readonly scans: number;
    readonly drawPlan: ReturnType<typeof drawPlanOf>;
    readonly crew: Crew;
  },
): SegmentMemory & { readonly scans: number } {
  const { copies, drawPlan, crew } = round;
  const row = ladder.size * copies * ladder.schedules.length;
  const drawRow = drawPlan ? copies * drawPlan.chains.length * problem.dim : 0;
  const thinning = drawPlan?.thinning ?? 1;
  const byTrace = Math.max(1, Math.floor(TRACE_DOUBLES / row));
  const byDraws = drawRow > 0 ? thinning * Math.max(1, Math.floor(DRAW_DOUBLES / drawRow)) : Infinity;
  const scans = Math.min(round.scans, byTrace, byDraws);
  return {
    scans,
    trace: crew.newArray(scans * row),
    tallies: crew.newArray(copies * ladder.size * (problem.tallies?.length ?? 0)),
    // A segment that does not begin with a multiple of the thinning may hold one kept scan more.
    draws: crew.newArray(drawRow * Math.min(keptScans(scans, thinning) + 1, scans)),
  };
}

function statisticError(round: number, fault: StatisticFault): TemperingError {
  const { chain, beta, replica, scan, statistic, state } = fault;
  const numbers = state.slice(0, 8).join(", ") + (state.length > 8 ? ", …" : "");
  return new TemperingError(
    `Chain ${chain} (β = ${beta}, replica ${replica}) got the statistic ${statistic} in scan ${scan} of round ${round}; ` +
      `it must be finite, or -Infinity where the target is 0. The state: ${numbers}`,
    { reason: "statistic", round, scan, chain, beta, replica, statistic, state },
  );
}
