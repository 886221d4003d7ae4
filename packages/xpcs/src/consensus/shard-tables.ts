import { formatWithError, type ReportTable } from "@siegert/plots";
import type { ConsensusResult } from "./consensus-result.ts";

/** Shards in the table at most; those that need attention come first. */
const MOST_ROWS = 100;

/** Every shard with what it was like. */
export function shardTable({ shardRun, consensus }: ConsensusResult): ReportTable {
  const used = new Set(consensus.shards);
  const grave = (shard: number, problems: readonly string[]) => (used.has(shard) ? (problems.length > 0 ? 1 : 2) : 0);
  const ordered = [...shardRun.reports].sort(
    (a, b) => grave(a.shard, a.problems) - grave(b.shard, b.problems) || a.shard - b.shard,
  );
  const shown = ordered.slice(0, MOST_ROWS);
  const rest = ordered.length > shown.length ? `; the first ${shown.length} of ${ordered.length}` : "";
  return {
    caption: `Shards, those that need attention first${rest}`,
    headers: ["Shard", "Points", "State", "R-hat", "ESS", "Divergences", "E-BFMI", "Seconds", "Remark"],
    rows: shown.map(({ shard, points, state, isReused, diagnostics, problems, failure }) => [
      String(shard),
      String(points),
      isReused ? `${state} (earlier)` : state,
      diagnostics ? diagnostics.rhat.toFixed(3) : "",
      diagnostics ? diagnostics.essBulk.toFixed(0) : "",
      diagnostics ? `${diagnostics.divergences} of ${diagnostics.transitions}` : "",
      diagnostics ? diagnostics.bfmi.toFixed(2) : "",
      diagnostics ? diagnostics.seconds.toFixed(1) : "",
      failure ? failure.message : problems.join(" "),
    ]),
  };
}

/** Shards that were left out of the consensus, and why; no table when there is none. */
export function leftOutTable({ shardRun, consensus }: ConsensusResult): ReportTable[] {
  const reasons = new Map(consensus.excluded.map(({ shard, reason }) => [shard, reason]));
  const rows = shardRun.reports.flatMap(({ shard, points, state, failure, diagnostics }) => {
    const rate = diagnostics ? `${(100 * diagnostics.divergenceRate).toFixed(0)} % of its transitions diverged` : "";
    const reason =
      state === "failed" ? (failure?.message ?? "failed") : state === "filtered" ? rate : reasons.get(shard);
    return reason === undefined ? [] : [[String(shard), String(points), reason]];
  });
  if (rows.length === 0) return [];
  return [{ caption: "Shards left out of the consensus", headers: ["Shard", "Points", "Why"], rows }];
}

/** What to know before the draws are used, gravest first; no table when there is nothing. */
export function findingsTable({ cautions, advice }: ConsensusResult): ReportTable[] {
  const rows = [...advice.map((text) => ["grave", text]), ...cautions.map((text) => ["caution", text])];
  return rows.length === 0 ? [] : [{ caption: "What to know", headers: ["", "What was found, and what to do"], rows }];
}

/** The consensus beside the posterior of all pairs; no table when that could not be evaluated. */
export function correctionTable({ correction, isCorrected, combined, table }: ConsensusResult): ReportTable[] {
  if (correction === undefined) return [];
  const { paretoK, threshold, evaluations, effectiveSize } = correction;
  const k = `Pareto k ${Number.isFinite(paretoK) ? paretoK.toFixed(2) : "none"}, at most ${threshold.toFixed(2)}; ${evaluations} evaluations, worth ${effectiveSize.toFixed(0)}`;
  if (!isCorrected) {
    const row = ["importance weights", `not to be relied on (${k})`];
    return [{ caption: "The posterior of all pairs", headers: ["Way from the consensus", "Outcome"], rows: [row] }];
  }
  return [
    {
      caption: `Consensus and posterior of all pairs, by importance weights (${k})`,
      headers: ["Parameter", "Consensus", "All pairs", "Shift in sd"],
      rows: combined.draws.names.map((name) => {
        const values = combined.draws.values(name);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
        const [whole, wholeSd] = [table.get(name, "mean"), table.get(name, "sd")];
        return [
          name,
          formatWithError(mean, sd, "plus-minus"),
          formatWithError(whole, wholeSd, "plus-minus"),
          ((mean - whole) / wholeSd).toFixed(2),
        ];
      }),
    },
  ];
}
