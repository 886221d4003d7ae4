import type { Chains } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import { energyPlot, type ReportFigure, type ReportSection, tracePlot } from "@siegert/plots";
import type { FitResult } from "../fit/fit-result.ts";
import { comparisonTable, pairFigure, predictiveFigures, standardisedForest, summaryTable } from "./draw-report.ts";
import { chainRows, mixingFigures } from "./mixing-figures.ts";
import type { PosteriorResult } from "./posterior-result.ts";

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

function traceFigure(name: string, chains: Chains, { run }: PosteriorResult): ReportFigure {
  const divergences = chainRows({ ...chains, values: run.statistic("isDivergent") });
  return { svg: tracePlot({ name, chains: chainRows(chains), divergences }) };
}

function energyFigure({ run, posterior, diagnosis }: PosteriorResult): ReportFigure[] {
  const { chains, draws } = posterior.draws;
  const energy = chainRows({ values: run.statistic("energy"), chains, draws });
  if (draws < 3) return [];
  return [{ svg: energyPlot({ energy, ...(diagnosis.bfmi ? { bfmi: diagnosis.bfmi } : {}) }) }];
}
