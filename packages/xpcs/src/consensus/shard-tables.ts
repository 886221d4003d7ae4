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

/** What speaks against the consensus, with what to do; no table when nothing does. */
export function findingsTable({ assessment, checks, cautions, advice }: ConsensusResult): ReportTable[] {
  const { findings } = assessment.verdict;
  const failed = checks.filter(({ isPassed }) => !isPassed);
  const named = new Set([...findings.map(({ problem }) => problem), ...failed.map(({ message }) => message)]);
  const others = [...advice, ...cautions].filter(
    (text) => ![...named].some((one) => text.toLowerCase().includes(one.toLowerCase())),
  );
  const rows = [
    ...findings.map(({ level, problem, remedy }) => [level, problem, remedy]),
    ...failed.map(({ isStrict, message }) => [isStrict ? "failed" : "caution", message, ""]),
    ...others.map((text) => ["caution", text, ""]),
  ];
  return rows.length === 0 ? [] : [{ caption: "What to know", headers: ["", "What was found", "What to do"], rows }];
}

/** The consensus beside the posterior of all pairs, as far as that is known. */
export function correctionTable({ correction, corrected, table }: ConsensusResult): ReportTable | undefined {
  if (correction === undefined) return undefined;
  const { paretoK, threshold, evaluations, effectiveSize, isReliable } = correction;
  const k = `Pareto k ${Number.isFinite(paretoK) ? paretoK.toFixed(2) : "none"}, at most ${threshold.toFixed(2)}; ${evaluations} evaluations, worth ${effectiveSize.toFixed(0)}`;
  if (!corrected) {
    return {
      caption: `The posterior of all pairs could not be reached from the consensus (${k})`,
      headers: ["Parameter", "Consensus"],
      rows: [],
    };
  }
  return {
    caption: `Consensus and posterior of all pairs, by importance weights (${k}${isReliable ? "" : ", not reliable"})`,
    headers: ["Parameter", "Consensus", "All pairs", "Shift in sd"],
    rows: corrected.draws.names.map((name) => {
      const values = corrected.draws.values(name);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
      const [own, ownSd] = [table.get(name, "mean"), table.get(name, "sd")];
      return [
        name,
        formatWithError(own, ownSd, "plus-minus"),
        formatWithError(mean, sd, "plus-minus"),
        ((own - mean) / sd).toFixed(2),
      ];
    }),
  };
}
