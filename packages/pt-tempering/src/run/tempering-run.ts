import type { ReplicaProblem } from "@siegert/log-density";
import { type CommunicationBarrier, communicationBarrier } from "../ladder/barrier.ts";
import { Ladder } from "../ladder/ladder.ts";
import { must, mustCount } from "../must.ts";
import type { ThreadChoice } from "./crews.ts";
import type { Highest } from "./optimum.ts";
import type { TemperingRuntime } from "./options.ts";
import { reportedTallies } from "./reported-tallies.ts";
import { type RoundSummary, rejectionsOf } from "./round-summary.ts";
import type { RoundRecord } from "./run-round.ts";
import {
  type ChainProbe,
  packState,
  type RunPosition,
  type RunSettings,
  type TemperingState,
} from "./tempering-state.ts";
import { type Verdict, verdictsOf } from "./verdicts.ts";

/** Draws of one or several chains of the last round. */
export interface TemperedDraws {
  /** Row-major (sequence, draw, number of the state). A sequence is a copy, or one target of a copy with two legs. */
  readonly values: Float64Array;
  /** Row-major (sequence, draw): the statistic of each draw. */
  readonly statistics: Float64Array;
  readonly chains: number;
  readonly draws: number;
  /** Names of the numbers of a state. */
  readonly names: readonly string[];
}

/** Where every replica stood after every scan of the last round. */
export interface IndexTrace {
  /** Row-major (scan, replica). */
  readonly chains: Uint16Array;
  readonly scans: number;
  readonly replicas: number;
}

/** A finished or stopped run: what its last complete round found, and the way to go on. */
export interface TemperingRun {
  /** "aborted" when the signal stopped it; the rounds before are valid. */
  readonly status: "complete" | "aborted";
  /** Chains of the line, and their β and leg. As many as the last round had. */
  readonly chains: number;
  readonly betas: Float64Array;
  readonly legs: Int32Array;
  readonly copies: number;
  /** Every round; the last one is the result. */
  readonly rounds: readonly RoundSummary[];
  /** The last one; undefined when not one was completed. */
  readonly last: RoundSummary | undefined;
  /** log Z of the target relative to the reference, and its standard error; see `last.evidence` for more. */
  readonly logZ: number | undefined;
  readonly logZError: number | undefined;
  /** Names of the tallies of the exploration, without its bookkeeping. */
  readonly tallies: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** What `optimise` found. */
  readonly optimum: Highest | undefined;
  /** How the number of chains was found. */
  readonly chainSearch: readonly ChainProbe[] | undefined;
  readonly threadChoice: ThreadChoice;
  /** Kept when `trace` was asked for. */
  readonly indexTrace: IndexTrace | undefined;
  /** Λ(β) and λ(β) of a leg, from the last round. @throws {InvalidArgumentError} for a leg that is none. */
  barrier(leg?: number): CommunicationBarrier;
  /**
   * Draws of a chain, default the target.
   * @throws {InvalidArgumentError} for a chain of which none were kept.
   */
  draws(chain?: number): TemperedDraws;
  /**
   * Energies on a chain in the last round, row-major (copy, scan): all, or 4096 equally spaced ones of a longer round.
   * +∞ for states of which the target is 0. Empty without a round of this run.
   */
  energies(chain: number): Float64Array;
  /** The complete state, plain JSON data, for `resumeTempering`. It holds no draws. */
  state(): TemperingState;
  /**
   * Goes on for more rounds and gives the longer run: the same bits as in one go. This one stays as it is. Runtime
   * options are those of this run, without its signal, where no others are given.
   */
  extend(rounds: number, runtime?: TemperingRuntime): Promise<TemperingRun>;
}

/** What a run is made of. */
export interface RunParts {
  readonly problem: ReplicaProblem;
  readonly settings: RunSettings;
  readonly position: RunPosition;
  /** The last round, when it was run by this call. */
  readonly record: RoundRecord | undefined;
  readonly threadChoice: ThreadChoice;
  readonly extend: TemperingRun["extend"];
}

/** Makes the run of where it stopped. */
export function temperingRun(parts: RunParts): TemperingRun {
  const { problem, settings, position, record, threadChoice, extend } = parts;
  const { history, highest, chainSearch, round } = position;
  const last = history.at(-1);
  const schedules = last ? last.schedules.map((betas) => Float64Array.from(betas)) : position.schedules;
  const ladder = new Ladder(schedules);
  const indexTrace = record?.ledger.indexTrace;
  return {
    status: round === settings.rounds ? "complete" : "aborted",
    chains: ladder.size,
    betas: ladder.betas,
    legs: ladder.legs,
    copies: settings.copies,
    rounds: history,
    last,
    logZ: last?.evidence.logZ,
    logZError: last?.evidence.logZError,
    tallies: reportedTallies(problem),
    verdicts: last ? verdictsOf(last, settings.copies, record?.ledger) : [],
    optimum: highest,
    chainSearch,
    threadChoice,
    indexTrace: indexTrace && {
      chains: indexTrace,
      scans: record.ledger.scans,
      replicas: ladder.size * settings.copies,
    },
    barrier(leg = 0) {
      mustCount("leg", leg, 0, schedules.length - 1);
      must(last, "leg", "be of a run with a complete round", leg);
      return communicationBarrier(schedules[leg]!, rejectionsOf(ladder, last.pairs)[leg]!);
    },
    draws: (chain) => drawsOf(parts, ladder, chain),
    energies(chain) {
      mustCount("chain", chain, 0, ladder.size - 1);
      if (!record) return new Float64Array(0);
      return record.ledger.sampleOf(chain).map((value) => 0 - value);
    },
    state: () => packState(settings, position),
    extend,
  };
}

function drawsOf({ problem, settings, record }: RunParts, ladder: Ladder, chain: number | undefined): TemperedDraws {
  const kept = record?.draws;
  const wanted = chain === undefined ? ladder.targets : [mustCount("chain", chain, 0, ladder.size - 1)];
  const columns = wanted.map((one) => kept?.chains.indexOf(one) ?? -1);
  must(kept && columns.every((k) => k >= 0), "chain", "be one whose draws the last round kept", wanted.join(", "));
  const { dim } = problem;
  const { draws } = kept;
  const sequences = settings.copies * wanted.length;
  const values = new Float64Array(sequences * draws * dim);
  const statistics = new Float64Array(sequences * draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let copy = 0; copy < settings.copies; copy++) {
      columns.forEach((column, k) => {
        const from = (draw * settings.copies + copy) * kept.chains.length + column;
        const to = (copy * wanted.length + k) * draws + draw;
        statistics[to] = kept.statistics[from]!;
        values.set(kept.values.subarray(from * dim, (from + 1) * dim), to * dim);
      });
    }
  }
  const names = problem.names ?? Array.from({ length: dim }, (_, i) => `x[${i}]`);
  return { values, statistics, chains: sequences, draws, names };
}
