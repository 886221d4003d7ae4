import { autocorrelation, type Chains, rankHistogram, runningEss } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import {
  autocorrelationPlot,
  energyPlot,
  type ReportFigure,
  type ReportSection,
  rankPlot,
  runningEssPlot,
  tracePlot,
} from "@siegert/plots";
import type { FitResult } from "../fit/fit-result.ts";
import { comparisonTable, pairFigure, predictiveFigures, standardisedForest, summaryTable } from "./draw-report.ts";
import type { PosteriorResult } from "./posterior-result.ts";

const LONGEST_LAG = 60;

/** What the report of a run adds for its posterior. */
export function posteriorSections(fit: FitResult, experiment: Experiment, result: PosteriorResult): ReportSection[] {
  const { posterior, diagnosis, run, seconds } = result;
  const scalars = [...posterior.draws.scalars()];
  const gradients = run.chains.reduce((sum, chain) => sum + chain.gradients, 0);
  return [
    {
      id: "posterior",
      heading: "Posterior",
      note: `${diagnosis.verdict} ${posterior.draws.chains} chains of ${posterior.draws.draws} draws, ${gradients.toLocaleString("en")} gradients in ${seconds.toFixed(1)} s.`,
      tables: [summaryTable(result), comparisonTable(fit, result)],
      figures: [
        { svg: standardisedForest(fit, result), width: "own" },
        ...pairFigure(result, run.statistic("isDivergent")),
      ],
    },
    {
      id: "posterior-predictive",
      heading: "Posterior of the correlation",
      figures: predictiveFigures(fit, experiment, posterior),
    },
    {
      id: "posterior-chains",
      heading: "Chains",
      figures: [...scalars.map(({ label, chains }) => traceFigure(label, chains, result)), ...energyFigure(result)],
    },
    {
      id: "posterior-mixing",
      heading: "Mixing",
      figures: scalars.flatMap(({ label, chains }) => mixingFigures(label, chains)),
    },
  ];
}

function rows({ values, chains, draws }: Chains): Float64Array[] {
  return Array.from({ length: chains }, (_, k) => values.subarray(k * draws, (k + 1) * draws));
}

function traceFigure(name: string, chains: Chains, { run }: PosteriorResult): ReportFigure {
  const divergences = rows({ ...chains, values: run.statistic("isDivergent") });
  return { svg: tracePlot({ name, chains: rows(chains), divergences }) };
}

function energyFigure({ run, posterior, diagnosis }: PosteriorResult): ReportFigure[] {
  const { chains, draws } = posterior.draws;
  const energy = rows({ values: run.statistic("energy"), chains, draws });
  if (draws < 3) return [];
  return [{ svg: energyPlot({ energy, ...(diagnosis.bfmi ? { bfmi: diagnosis.bfmi } : {}) }) }];
}

function mixingFigures(name: string, chains: Chains): ReportFigure[] {
  if (chains.draws < 20) return [];
  const { counts, bins } = rankHistogram(chains);
  const essCurve = runningEss(chains);
  const correlations = autocorrelation(chains, { maxLag: Math.min(LONGEST_LAG, chains.draws - 2) });
  return [
    { svg: rankPlot({ name, counts, chains: chains.chains, bins }), width: "third" },
    { svg: autocorrelationPlot({ name, correlations, draws: chains.draws }), width: "third" },
    { svg: runningEssPlot({ name, ...essCurve, wanted: 100 * chains.chains }), width: "third" },
  ];
}

/** Mean and spread of the model's map per angle; maps of many frames are thinned by the figure itself. */
