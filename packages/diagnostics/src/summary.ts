/** A table of estimates and diagnostics of every number of every variable. */
import { InvalidArgumentError } from "@siegert/errors";
import { type Chains, checkProbability, hasNaN } from "./chains.ts";
import type { Draws } from "./draws.ts";
import { ess, TAIL_PROBABILITIES } from "./ess.ts";
import { eti, hdi, INTERVAL_PROBABILITY, quantiles } from "./intervals.ts";
import { mcse } from "./mcse.ts";
import { mean, variance } from "./moments.ts";
import { absoluteDeviations, medianOfSorted, sorted } from "./order-statistics.ts";
import { paretoK, paretoMinimumSize } from "./psis.ts";
import { rhat } from "./rhat.ts";
import { SummaryTable } from "./summary-table.ts";
import { checkChains } from "./warning.ts";

const KINDS = [
  "all",
  "stats",
  "diagnostics",
  "all_median",
  "stats_median",
  "diagnostics_median",
  "mc_diagnostics",
] as const;

/**
 * Columns of a {@link summary}:
 * - `stats`: mean, sd, interval; `diagnostics`: ess_bulk, ess_tail, r_hat, mcse_mean, mcse_sd; `all`: both;
 * - `stats_median`: median, mad, equal-tailed interval; `diagnostics_median`: ess_median, ess_tail, r_hat, mcse_median;
 *   `all_median`: both;
 * - `mc_diagnostics`: mcse_mean, ess_mean and min_ss, the sample size that the tails ask for (Pareto k).
 */
export type SummaryKind = (typeof KINDS)[number];

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** Default `all`. */
  readonly kind?: SummaryKind;
  /** Variables to list, in this order. Default: all. */
  readonly names?: readonly string[];
  /** Probability inside the credible interval. Default 0.89. */
  readonly intervalProbability?: number;
  /** Equal-tailed (default) or highest-density interval. */
  readonly intervalKind?: "eti" | "hdi";
  /** Probabilities of the two quantiles of the tail ESS. Default 0.05 and 0.95. */
  readonly tailProbabilities?: readonly [number, number];
}

type Column = [name: string, value: (chains: Chains) => number];

/**
 * Estimates and diagnostics of every number of every variable, with the columns of ArviZ's table of the same name. The
 * tail ESS is that of the 5 % and 95 % quantiles (Vehtari et al. 2021) whatever the interval; ArviZ 1.x takes those of 11 %
 * and 89 %, which `tailProbabilities: [0.11, 0.89]` gives.
 *
 * `mcse_sd` takes the ESS of squared deviations, as ArviZ 1.3 does (see {@link mcse}).
 *
 * What keeps a row from meaning what it usually means (constant or infinite draws, one chain …) is in the table's
 * `warnings`.
 *
 * @throws {InvalidArgumentError} for an unknown kind or name, or a probability outside (0, 1).
 */
export function summary(draws: Draws, options: SummaryOptions = {}): SummaryTable {
  const {
    kind = "all",
    names = draws.names,
    intervalProbability = INTERVAL_PROBABILITY,
    intervalKind = "eti",
    tailProbabilities = TAIL_PROBABILITIES,
  } = options;
  if (!KINDS.includes(kind)) throw new InvalidArgumentError("kind", `be one of ${KINDS.join(", ")}`, kind);
  if (intervalKind !== "eti" && intervalKind !== "hdi") {
    throw new InvalidArgumentError("intervalKind", "be eti or hdi", intervalKind);
  }
  checkProbability("intervalProbability", intervalProbability);
  const columns = columnsOf(kind, { intervalProbability, intervalKind, tailProbabilities });
  const rows = [];
  const warnings = [];
  for (const { label, name, index, chains } of draws.scalars(names)) {
    warnings.push(...checkChains(chains, label));
    rows.push({ label, name, index, values: columns.flatMap((column) => column.values(chains)) });
  }
  return new SummaryTable({
    columns: columns.flatMap((column) => column.names),
    rows,
    warnings,
    settings: { chains: draws.chains, draws: draws.draws, intervalProbability, tailProbabilities },
  });
}

interface ColumnGroup {
  readonly names: readonly string[];
  readonly values: (chains: Chains) => readonly number[];
}

function columnsOf(
  kind: SummaryKind,
  options: Required<Pick<SummaryOptions, "intervalProbability" | "intervalKind" | "tailProbabilities">>,
): ColumnGroup[] {
  const single = (...columns: readonly Column[]): ColumnGroup[] =>
    columns.map(([name, value]) => ({ names: [name], values: (chains) => [value(chains)] }));
  const tail: Column = ["ess_tail", (chains) => ess(chains, { method: "tail", prob: options.tailProbabilities })];
  const diagnostics = single(
    ["ess_bulk", ess],
    tail,
    ["r_hat", rhat],
    ["mcse_mean", mcse],
    ["mcse_sd", (chains) => mcse(chains, { method: "sd", sizeOf: "squares" })],
  );
  const medianDiagnostics = single(
    ["ess_median", (chains) => ess(chains, { method: "median" })],
    tail,
    ["r_hat", rhat],
    ["mcse_median", (chains) => mcse(chains, { method: "median" })],
  );
  const stats = [...single(["mean", meanOf], ["sd", deviationOf]), interval(options.intervalKind, options)];
  const medianStats = [...single(["median", medianOf], ["mad", madOf]), interval("eti", options)];
  switch (kind) {
    case "all":
      return [...stats, ...diagnostics];
    case "stats":
      return stats;
    case "diagnostics":
      return diagnostics;
    case "all_median":
      return [...medianStats, ...medianDiagnostics];
    case "stats_median":
      return medianStats;
    case "diagnostics_median":
      return medianDiagnostics;
    case "mc_diagnostics":
      return single(
        ["mcse_mean", mcse],
        ["ess_mean", (chains) => ess(chains, { method: "mean" })],
        ["min_ss", minimumSize],
      );
  }
}

function interval(kind: "eti" | "hdi", { intervalProbability: prob }: { intervalProbability: number }): ColumnGroup {
  // As ArviZ names them: 0.89 gives eti89_lb.
  const stem = `${kind}${Math.trunc(prob * 100)}`;
  return { names: [`${stem}_lb`, `${stem}_ub`], values: (chains) => (kind === "eti" ? eti : hdi)(chains, prob) };
}

function meanOf(chains: Chains): number {
  return mean(chains.values);
}

function deviationOf(chains: Chains): number {
  return Math.sqrt(variance(chains.values, 1));
}

function medianOf(chains: Chains): number {
  return quantiles(chains, [0.5])[0]!;
}

/** Median of |x − median|. */
function madOf(chains: Chains): number {
  return hasNaN(chains.values) ? Number.NaN : medianOfSorted(sorted(absoluteDeviations(chains.values)));
}

function minimumSize(chains: Chains): number {
  return chains.values.every(Number.isFinite) ? paretoMinimumSize(paretoK(chains)) : Number.NaN;
}
