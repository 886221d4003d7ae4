import type { Experiment } from "@siegert/physics-core";
import { type ReportSection, tracePlot } from "@siegert/plots";
import type { FitResult } from "../fit/fit-result.ts";
import {
  comparisonTable,
  pairFigure,
  predictiveFigures,
  standardisedForest,
  summaryTable,
} from "../posterior/draw-report.ts";
import { chainRows, mixingFigures } from "../posterior/mixing-figures.ts";
import type { ConsensusResult } from "./consensus-result.ts";
import { ellipseFigure, shardForests } from "./shard-figures.ts";
import { correctionTable, findingsTable, leftOutTable, shardTable } from "./shard-tables.ts";

/** What the report of a run adds for a posterior that was divided. */
export function consensusSections(fit: FitResult, experiment: Experiment, result: ConsensusResult): ReportSection[] {
  const { posterior, combined, verdict, consensus, shardRun, seconds } = result;
  const { plan } = shardRun;
  const scalars = [...combined.draws.scalars()];
  const used = `${consensus.shards.length} of ${plan.shards} shards of about ${plan.pointsPerShard} points`;
  return [
    {
      id: "posterior",
      heading: "Posterior",
      note: `${verdict} Consensus of ${used}, combined by ${consensus.method} (${consensus.reason}), in ${seconds.toFixed(1)} s.`,
      tables: [
        summaryTable(result),
        comparisonTable(fit, result),
        ...correctionTable(result),
        ...findingsTable(result),
      ],
      figures: [{ svg: standardisedForest(fit, result), width: "own" }, ...pairFigure(result)],
    },
    {
      id: "shards",
      heading: "Shards against their consensus",
      note: "A shard knows less than the whole, so that its interval is wider; intervals of shards that agree lie about that of the consensus.",
      tables: [...leftOutTable(result), shardTable(result)],
      figures: [...ellipseFigure(result), ...shardForests(result)],
    },
    {
      id: "posterior-predictive",
      heading: "Posterior of the correlation",
      figures: predictiveFigures(fit, experiment, posterior),
    },
    {
      id: "posterior-chains",
      heading: "Combined chains",
      figures: scalars.map(({ label, chains }) => ({ svg: tracePlot({ name: label, chains: chainRows(chains) }) })),
    },
    {
      id: "posterior-mixing",
      heading: "Mixing",
      figures: scalars.flatMap(({ label, chains }) => mixingFigures(label, chains)),
    },
  ];
}
