import { rhat } from "@siegert/diagnostics";
import { Ladder } from "../ladder/ladder.ts";
import { SATURATED } from "../ladder/tune-ladder.ts";
import type { RoundLedger } from "../ledger/round-ledger.ts";
import { type RoundSummary, rejectionsOf } from "./round-summary.ts";

/** What the numbers of a round allow to be said, in words. */
export interface Verdict {
  readonly about: "barrier" | "round trips" | "exploration" | "evidence" | "legs" | "copies";
  /** "unknown": there is too little to tell. */
  readonly level: "good" | "warning" | "unknown";
  readonly message: string;
}

/** Λ is known to about 10 % when no pair is rejected more often than this. */
const IDENTIFIED = 0.75;
const LEAST_EFFICIENCY = 0.15;
const LEAST_TRIPS = 40;
const STICKY = 0.95;
const WIDE_GAP = 1;
const Z_LIMIT = 4;
const LARGEST_RHAT = 1.05;

/** The verdicts on a finished round. @param ledger its books, where there are any: for the agreement of copies. */
export function verdictsOf(summary: RoundSummary, copies: number, ledger: RoundLedger | undefined): Verdict[] {
  return [
    barrierVerdict(summary),
    tripVerdict(summary, copies),
    explorationVerdict(summary),
    evidenceVerdict(summary),
    ...legVerdict(summary),
    ...copyVerdict(ledger),
  ];
}

function barrierVerdict({ schedules, pairs, barriers }: RoundSummary): Verdict {
  const ladder = new Ladder(schedules.map((betas) => Float64Array.from(betas)));
  const worst = Math.max(...rejectionsOf(ladder, pairs).flat());
  const barrier = barriers.map((one) => one.toFixed(2)).join(" and ");
  const found = `Λ = ${barrier}; the most rejected pair is rejected ${percent(worst)}`;
  if (worst < IDENTIFIED) {
    return { about: "barrier", level: "good", message: `The barrier is identified: ${found}.` };
  }
  const message =
    worst >= SATURATED
      ? `The ladder is saturated: ${found}, so Λ is a lower bound only. Take more chains.`
      : `The barrier is uncertain: ${found}, above ${percent(IDENTIFIED)}. Take more chains or more rounds.`;
  return { about: "barrier", level: "warning", message };
}

function tripVerdict({ scans, roundTrips, roundTripRate, idealRoundTripRate }: RoundSummary, copies: number): Verdict {
  const expected = idealRoundTripRate * scans * copies;
  const efficiency = idealRoundTripRate > 0 ? roundTripRate / idealRoundTripRate : 0;
  const found = `${roundTrips} round trips where ideal exploration makes ${expected.toFixed(0)}`;
  if (expected < LEAST_TRIPS) {
    const message = `Round trips are not measured: ${found}, and ${LEAST_TRIPS} are needed to tell. Run more rounds.`;
    return { about: "round trips", level: "unknown", message };
  }
  if (efficiency >= LEAST_EFFICIENCY) {
    return { about: "round trips", level: "good", message: `Replicas travel: ${found} (${percent(efficiency)}).` };
  }
  const message =
    `Replicas do not travel: ${found} (${percent(efficiency)}, below ${percent(LEAST_EFFICIENCY)}). Exploration does ` +
    "not forget where a state came from: explore more per scan.";
  return { about: "round trips", level: "warning", message };
}

function explorationVerdict({ rungs }: RoundSummary): Verdict {
  const known = rungs.filter(({ stepCorrelation }) => stepCorrelation !== undefined);
  if (known.length === 0) {
    return { about: "exploration", level: "unknown", message: "Too few scans to correlate energies across a step." };
  }
  const worst = known.reduce((a, b) => (b.stepCorrelation! > a.stepCorrelation! ? b : a));
  const where = `at most ${worst.stepCorrelation!.toFixed(3)}, on chain ${worst.chain} (β = ${worst.beta.toPrecision(4)})`;
  if (worst.stepCorrelation! <= STICKY) {
    return {
      about: "exploration",
      level: "good",
      message: `Exploration moves the energy: its correlation across a step is ${where}.`,
    };
  }
  const message = `Exploration is slow: the correlation of the energy across a step is ${where}. Explore more per scan.`;
  return { about: "exploration", level: "warning", message };
}

function evidenceVerdict({ evidence }: RoundSummary): Verdict {
  const notes = evidence.legs.flatMap((leg) => leg.notes);
  if (evidence.logZ === undefined || evidence.logZError === undefined) {
    const message = `log Z has no error bar yet. ${notes.join(" ")}`.trim();
    return { about: "evidence", level: "unknown", message };
  }
  const found = `log Z = ${evidence.logZ.toFixed(4)} ± ${evidence.logZError.toFixed(4)}`;
  if (notes.length > 0) return { about: "evidence", level: "warning", message: `${found}. ${notes.join(" ")}` };
  const gaps = evidence.legs.map(({ gap }) => gap);
  const isWide = gaps.some(({ value = 0, error = 0 }) => Math.abs(value) > Math.max(WIDE_GAP, Z_LIMIT * error));
  const isShifted = gaps.some(({ value = 0, error = 0 }) => Math.abs(value) > Math.max(0.01, 2 * Z_LIMIT * error));
  const between = `between the stepping stone upward and downward lies ${gaps.map(({ value = 0 }) => value.toFixed(4)).join(" and ")}`;
  if (isWide || isShifted) {
    const message = `The two directions of log Z disagree: ${found}, ${between}. The rungs have not settled.`;
    return { about: "evidence", level: "warning", message };
  }
  return { about: "evidence", level: "good", message: `${found}; ${between}.` };
}

function legVerdict({ evidence }: RoundSummary): Verdict[] {
  const { value, error } = evidence.legDifference ?? {};
  if (value === undefined || error === undefined) return [];
  const isApart = Math.abs(value) > Z_LIMIT * error;
  const found = `the log Z of the second leg minus that of the first is ${value.toFixed(4)} ± ${error.toFixed(4)}`;
  const message = isApart
    ? `The legs disagree: ${found}. A leg has not settled, or the references are not normalised alike.`
    : `The legs agree: ${found}.`;
  return [{ about: "legs", level: isApart ? "warning" : "good", message }];
}

function copyVerdict(ledger: RoundLedger | undefined): Verdict[] {
  if (!ledger || ledger.copies < 2) return [];
  const { copies, ladder } = ledger;
  const values = ledger.statistic.rows(ladder.targets[0]! * copies, copies);
  const between = rhat({ values, chains: copies, draws: ledger.statistic.blocks });
  if (!Number.isFinite(between)) return [];
  const isApart = between > LARGEST_RHAT;
  const message = `${isApart ? "The copies disagree" : "The copies agree"}: R-hat of the target's energy is ${between.toFixed(3)}.`;
  return [{ about: "copies", level: isApart ? "warning" : "good", message }];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
