import { must } from "../must.ts";
import type { RoundSummary } from "./round-summary.ts";
import type { TemperingRun } from "./tempering-run.ts";

/** A line of the table of rounds: numbers, undefined where a round is too short for them. */
export interface RoundRow {
  /** From 1. */
  readonly round: number;
  readonly scans: number;
  /** Chains of the line. */
  readonly chains: number;
  readonly seconds: number;
  readonly restarts: number;
  readonly roundTrips: number;
  /** Round trips per scan over those of ideal exploration. */
  readonly efficiency: number | undefined;
  /** Λ, of both legs together where there are two. */
  readonly barrier: number;
  readonly logZ: number | undefined;
  readonly logZError: number | undefined;
  readonly minAcceptance: number;
  readonly meanAcceptance: number;
  /** Of |correlation| of the energy across an exploration step, over the chains. */
  readonly maxStepCorrelation: number | undefined;
  readonly meanStepCorrelation: number | undefined;
  /** Of the means per scan that exploration adds up, over the chains with β > 0. */
  readonly tallies: readonly { readonly name: string; readonly min: number; readonly mean: number }[];
}

/** How `formatRounds` writes. */
export interface FormatOptions {
  /** Default "text". */
  readonly as?: "text" | "markdown" | "json";
}

/** What is read of a run. */
type Rounds = Pick<TemperingRun, "rounds" | "tallies">;

/** The table of rounds as numbers. */
export function roundRows({ rounds, tallies }: Rounds): RoundRow[] {
  return rounds.map((summary) => rowOf(summary, tallies));
}

/**
 * The table of rounds: a line per round, as text in columns, Markdown, or JSON.
 * @throws {InvalidArgumentError} for another format.
 */
export function formatRounds(run: Rounds, { as = "text" }: FormatOptions = {}): string {
  must(["text", "markdown", "json"].includes(as), "options.as", 'be "text", "markdown" or "json"', as);
  const rows = roundRows(run);
  if (as === "json") return JSON.stringify(rows, null, 2);
  const columns = columnsOf(run.tallies);
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  return as === "markdown" ? markdown(cells) : aligned(cells);
}

function rowOf(summary: RoundSummary, names: readonly string[]): RoundRow {
  const { evidence, pairs, rungs } = summary;
  const correlations = rungs.flatMap(({ stepCorrelation: r }) => (r === undefined ? [] : [Math.abs(r)]));
  const acceptances = pairs.map(({ acceptance }) => acceptance);
  const isMeasured = summary.idealRoundTripRate > 0;
  return {
    round: summary.round + 1,
    scans: summary.scans,
    chains: rungs.length,
    seconds: summary.seconds,
    restarts: summary.restarts,
    roundTrips: summary.roundTrips,
    efficiency: isMeasured ? summary.roundTripRate / summary.idealRoundTripRate : undefined,
    barrier: sum(summary.barriers),
    logZ: evidence.logZ,
    logZError: evidence.logZError,
    minAcceptance: Math.min(...acceptances),
    meanAcceptance: sum(acceptances) / acceptances.length,
    maxStepCorrelation: correlations.length > 0 ? Math.max(...correlations) : undefined,
    meanStepCorrelation: correlations.length > 0 ? sum(correlations) / correlations.length : undefined,
    tallies: names.map((name, k) => {
      // States at β = 0 are drawn anew: they would hide how those that are explored fare.
      const values = rungs.filter(({ beta }) => beta > 0).map(({ tallies }) => tallies[k]!);
      return { name, min: Math.min(...values), mean: sum(values) / values.length };
    }),
  };
}

interface Column {
  readonly title: string;
  readonly text: (row: RoundRow) => string;
}

function columnsOf(tallies: readonly string[]): Column[] {
  return [
    { title: "round", text: ({ round }) => String(round) },
    { title: "scans", text: ({ scans }) => String(scans) },
    { title: "chains", text: ({ chains }) => String(chains) },
    { title: "restarts", text: ({ restarts }) => String(restarts) },
    { title: "trips", text: ({ roundTrips }) => String(roundTrips) },
    { title: "Λ", text: ({ barrier }) => shown(barrier, 2) },
    { title: "time (s)", text: ({ seconds }) => shown(seconds, 3) },
    { title: "log Z", text: ({ logZ }) => shown(logZ, 3) },
    { title: "±", text: ({ logZError }) => shown(logZError, 3) },
    { title: "min α", text: ({ minAcceptance }) => shown(minAcceptance, 2) },
    { title: "mean α", text: ({ meanAcceptance }) => shown(meanAcceptance, 2) },
    { title: "max |ρ|", text: ({ maxStepCorrelation }) => shown(maxStepCorrelation, 2) },
    { title: "mean |ρ|", text: ({ meanStepCorrelation }) => shown(meanStepCorrelation, 2) },
    ...tallies.flatMap((name, k) => [
      { title: `min ${name}`, text: (row: RoundRow) => shown(row.tallies[k]!.min, 3) },
      { title: `mean ${name}`, text: (row: RoundRow) => shown(row.tallies[k]!.mean, 3) },
    ]),
  ];
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? "-" : value.toFixed(digits);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function aligned(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, k) => Math.max(...cells.map((row) => row[k]!.length)));
  return cells.map((row) => row.map((cell, k) => cell.padStart(widths[k]!)).join("  ")).join("\n");
}

function markdown(cells: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(" | ").replaceAll("|ρ|", "\\|ρ\\|")} |`;
  const [head, ...body] = cells;
  return [line(head!), `|${" ---: |".repeat(head!.length)}`, ...body.map(line)].join("\n");
}
