import { ess, eti } from "@siegert/diagnostics";
import { ellipsePlot, forestPlot, type ReportFigure } from "@siegert/plots";
import type { ConsensusResult } from "./consensus-result.ts";
import type { ShardSummary } from "./shard-summaries.ts";

/** Parameters in the figure of ellipses at most. */
const MOST_PARAMETERS = 10;
/** Shards in a forest at most, those left out aside. */
const MOST_ROWS = 30;
/** Half of the 89 % interval of a normal distribution, in standard deviations. */
const HALF_WIDTH = 1.5982;

/** Ellipses of the shards and of their consensus, two parameters at a time. */
export function ellipseFigure({ shards, consensus, combined, coordinates }: ConsensusResult): ReportFigure[] {
  const names = coordinates.parameters.map(({ name }) => name);
  const chosen = names.slice(0, MOST_PARAMETERS);
  if (chosen.length < 2) return [];
  const used = new Set(consensus.shards);
  const columns = chosen.map((name) => combined.draws.values(name));
  const whole = momentsOf(columns);
  return [
    {
      svg: ellipsePlot({
        names: chosen,
        parts: shards.map((summary) => ({
          ...chosenMoments(summary, chosen.length),
          isDropped: !used.has(summary.shard),
        })),
        whole,
        labels: { part: "shard", whole: "consensus" },
        title: "Shards and their consensus, 89 % ellipses",
      }),
      width: "own",
    },
  ];
}

/** A forest per parameter: the consensus (and the posterior of all pairs where it is known), then the shards; those left out are named. */
export function shardForests(result: ConsensusResult): ReportFigure[] {
  const { table, combined, isCorrected, coordinates, shards, consensus, shardRun } = result;
  const used = new Set(consensus.shards);
  const dim = coordinates.dim;
  return coordinates.parameters.flatMap(({ name }, k): ReportFigure[] => {
    const having = shards.filter(({ mean }) => Number.isFinite(mean[k]));
    if (having.length === 0) return [];
    const own = combined.draws.scalar(name);
    const mean = own.values.reduce((sum, value) => sum + value, 0) / own.values.length;
    const rows = evenly(having, (summary) => !used.has(summary.shard)).map((summary) => {
      const centre = summary.mean[k]!;
      const half = HALF_WIDTH * Math.sqrt(summary.covariance[k * dim + k]!);
      const diagnostics = shardRun.reports[summary.shard]?.diagnostics;
      return {
        label: `shard ${summary.shard}${used.has(summary.shard) ? "" : ", left out"}`,
        estimate: centre,
        interval: [centre - half, centre + half] as const,
        ...(diagnostics && Number.isFinite(diagnostics.rhat) ? { rhat: diagnostics.rhat } : {}),
        ...(diagnostics ? { ess: diagnostics.essBulk } : {}),
      };
    });
    const wholes = [
      { label: "consensus", estimate: mean, interval: eti(own), ess: ess(own) },
      ...(isCorrected
        ? [
            {
              label: "all pairs",
              estimate: table.get(name, "mean"),
              interval: [table.get(name, "eti89_lb"), table.get(name, "eti89_ub")] as const,
              ess: table.get(name, "ess_bulk"),
            },
          ]
        : []),
    ];
    const unit = result.posterior.units.get(name) ?? "";
    return [
      {
        svg: forestPlot({
          title: name,
          rows: [...wholes, ...rows],
          intervalLabel: `89 % intervals${having.length > rows.length ? `; ${rows.length} of ${having.length} shards` : ""}`,
          axisLabel: unit === "" ? name : `${name} (${unit})`,
          reference: mean,
        }),
      },
    ];
  });
}

/** At most so many shards, evenly chosen, with all that must be shown. */
function evenly(shards: readonly ShardSummary[], isNeeded: (shard: ShardSummary) => boolean): ShardSummary[] {
  const step = Math.max(1, shards.length / MOST_ROWS);
  return shards.filter((shard, k) => isNeeded(shard) || Math.floor(k / step) > Math.floor((k - 1) / step));
}

function chosenMoments({ mean, covariance }: ShardSummary, count: number) {
  const dim = mean.length;
  return {
    mean: mean.subarray(0, count),
    covariance: Float64Array.from(
      { length: count * count },
      (_, at) => covariance[Math.floor(at / count) * dim + (at % count)]!,
    ),
  };
}

function momentsOf(columns: readonly Float64Array[]) {
  const count = columns.length;
  const mean = Float64Array.from(columns, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const covariance = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      const [x, y] = [columns[a]!, columns[b]!];
      let sum = 0;
      for (let s = 0; s < x.length; s++) sum += (x[s]! - mean[a]!) * (y[s]! - mean[b]!);
      covariance[a * count + b] = covariance[b * count + a] = sum / (x.length - 1);
    }
  }
  return { mean, covariance };
}
