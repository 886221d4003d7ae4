import type { FinishedRound } from "@siegert/log-density";
import type { LadderTuning } from "../ladder/tune-ladder.ts";
import { must } from "../must.ts";
import type { ReplicaStates } from "../round/segment.ts";
import type { Highest } from "./optimum.ts";
import { packBytes, packNumbers, unpackBytes, unpackNumbers } from "./packed-bytes.ts";
import type { RoundSummary } from "./round-summary.ts";

/** What decides the results of a run, beside the problem. */
export interface RunSettings {
  readonly seed: number;
  readonly rounds: number;
  readonly copies: number;
  readonly adapt: boolean;
  readonly draws:
    | {
        /** Undefined: the target's. */
        readonly chains: "target" | "all" | readonly number[];
        readonly isAfterSwap: boolean;
        readonly thinning: number;
        readonly isAllRounds: boolean;
        readonly isKeeping: boolean;
      }
    | undefined;
  readonly isTracing: boolean;
  readonly isOptimising: boolean;
  readonly isFreezing: boolean;
}

/** The state of a run between two rounds, plain JSON data: `resumeTempering` goes on from it to the same bits. */
export interface TemperingState {
  readonly format: 1;
  readonly settings: RunSettings;
  /** Rounds done. */
  readonly round: number;
  /** Ladder of every leg for the next round. */
  readonly schedules: readonly (readonly number[])[];
  /** The best ladder so far of every leg, and how the last one was moved. */
  readonly tuning: readonly Omit<LadderTuning, "next">[];
  readonly chainOf: readonly number[];
  /** Bytes in base64, as all below; empty before the first round. */
  readonly replicas: readonly string[];
  readonly learned: string | undefined;
  readonly finished:
    | {
        readonly round: number;
        readonly scans: number;
        readonly betas: string;
        readonly legs: readonly number[];
        readonly tallies: string;
      }
    | undefined;
  readonly history: readonly RoundSummary[];
  readonly highest: Highest | undefined;
  /** How the number of chains was found, when it was looked for. */
  readonly chainSearch: readonly ChainProbe[] | undefined;
}

/** One step of the search for the number of chains. */
export interface ChainProbe {
  readonly chains: number;
  readonly scans: number;
  /** Λ as it was found; a lower bound where the ladder was too short for it. */
  readonly barrier: number;
  readonly maxRejection: number;
  /** Chains that this asks for. */
  readonly recommended: number;
}

/** Where a run stands between two rounds, as it computes with it. */
export interface RunPosition {
  readonly round: number;
  readonly schedules: readonly Float64Array[];
  readonly tuning: readonly Omit<LadderTuning, "next">[];
  readonly chainOf: Int32Array;
  readonly states: ReplicaStates;
  readonly history: readonly RoundSummary[];
  readonly highest: Highest | undefined;
  readonly chainSearch: readonly ChainProbe[] | undefined;
}

/** The position as plain data. */
export function packState(settings: RunSettings, position: RunPosition): TemperingState {
  const { round, schedules, tuning, chainOf, states, history, highest, chainSearch } = position;
  const { finished } = states;
  return {
    format: 1,
    settings,
    round,
    schedules: schedules.map((betas) => Array.from(betas)),
    tuning: tuning.map(({ best, way, step }) => ({ best, way, step })),
    chainOf: Array.from(chainOf),
    replicas: (states.replicas ?? []).map(packBytes),
    learned: states.tuning && packBytes(states.tuning),
    finished: finished && {
      round: finished.round,
      scans: finished.scans,
      betas: packNumbers(finished.betas),
      legs: Array.from(finished.legs),
      tallies: packNumbers(finished.tallies),
    },
    history,
    highest,
    chainSearch,
  };
}

/** The position of a state. @throws {InvalidArgumentError} for a state that is none. */
export function unpackState(state: TemperingState): { readonly settings: RunSettings; readonly position: RunPosition } {
  const isState = state?.format === 1 && Array.isArray(state.schedules) && Array.isArray(state.replicas);
  must(isState, "state", "be what state() of a run or a checkpoint gave", state);
  const { settings, round, tuning, history, highest, chainSearch } = state;
  const replicas = state.replicas.map((text, k) => unpackBytes(`state.replicas[${k}]`, text));
  const chains = state.schedules.reduce((sum, betas) => sum + betas.length, 0);
  const count = chains * settings.copies;
  must(state.chainOf.length === count, "state.chainOf", `have ${count} entries`, state.chainOf);
  must(replicas.length === 0 || replicas.length === count, "state.replicas", `have ${count} entries`, state.replicas);
  const finished: FinishedRound | undefined = state.finished && {
    round: state.finished.round,
    scans: state.finished.scans,
    betas: unpackNumbers("state.finished.betas", state.finished.betas),
    legs: Int32Array.from(state.finished.legs),
    tallies: unpackNumbers("state.finished.tallies", state.finished.tallies),
  };
  return {
    settings,
    position: {
      round,
      schedules: state.schedules.map((betas) => Float64Array.from(betas)),
      tuning,
      chainOf: Int32Array.from(state.chainOf),
      states: {
        replicas: replicas.length > 0 ? replicas : undefined,
        tuning: state.learned === undefined ? undefined : unpackBytes("state.learned", state.learned),
        finished,
      },
      history,
      highest,
      chainSearch,
    },
  };
}
