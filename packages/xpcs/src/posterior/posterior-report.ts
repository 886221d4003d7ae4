import { autocorrelation, type Chains, rankHistogram, runningEss } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import {
  autocorrelationPlot,
  correlationHeatmap,
  energyPlot,
  forestPlot,
  formatWithError,
  pairPlot,
  type ReportFigure,
  type ReportSection,
  type ReportTable,
  rankPlot,
  runningEssPlot,
  tracePlot,
} from "@siegert/plots";
import type { FitResult } from "../fit/fit-result.ts";
import { predictiveMap } from "./posterior-predictive.ts";
import type { PosteriorResult } from "./posterior-result.ts";

/** Parameters in a pair plot at most. */
const MOST_PAIRS = 12;
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
      figures: [{ svg: standardisedForest(fit, result), width: "own" }, ...pairFigure(result)],
    },
    {
      id: "posterior-predictive",
      heading: "Posterior of the correlation",
      figures: predictiveFigures(fit, experiment, result),
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

function summaryTable({ table, posterior }: PosteriorResult): ReportTable {
  const shown = (label: string, column: string) => Number(table.get(label, column).toPrecision(3)).toString();
  return {
    caption: "Summary of the draws; the interval holds 89 % of them",
    headers: ["Parameter", "Mean ± sd", "Interval", "Unit", "ESS bulk", "ESS tail", "R-hat"],
    rows: [...posterior.draws.scalars()].map(({ label }) => {
      const [mean, sd] = [table.get(label, "mean"), table.get(label, "sd")];
      const [low, high] = [table.get(label, "eti89_lb"), table.get(label, "eti89_ub")];
      const interval = `${Number(low.toPrecision(5))} … ${Number(high.toPrecision(5))}`;
      const counts = ["ess_bulk", "ess_tail"].map((column) => table.get(label, column).toFixed(0));
      return [
        label,
        formatWithError(mean, sd, "plus-minus"),
        interval,
        posterior.units.get(label) ?? "",
        ...counts,
        shown(label, "r_hat"),
      ];
    }),
  };
}

/** Least squares beside the posterior: they differ where the posterior is skewed, or the prior speaks. */
function comparisonTable(fit: FitResult, { table, posterior }: PosteriorResult): ReportTable {
  const known = new Set(posterior.draws.names);
  return {
    caption: "Least squares and posterior",
    headers: ["Parameter", "Least squares", "Posterior", "Shift in sd"],
    rows: fit.parameters
      .filter(({ name }) => known.has(name))
      .map(({ name, value, standardError }) => {
        const [mean, sd] = [table.get(name, "mean"), table.get(name, "sd")];
        return [
          name,
          formatWithError(value, standardError, "plus-minus"),
          formatWithError(mean, sd, "plus-minus"),
          ((mean - value) / sd).toFixed(2),
        ];
      }),
  };
}

/** All parameters on one axis: distance from the least-squares value in posterior standard deviations. */
function standardisedForest(fit: FitResult, { table, posterior }: PosteriorResult): string {
  const fitted = new Map(fit.parameters.map(({ name, value }) => [name, value]));
  return forestPlot({
    title: "Posterior about least squares",
    axisLabel: "(value − least squares) / posterior sd",
    intervalLabel: "89 % interval",
    reference: 0,
    rows: [...posterior.draws.scalars()].map(({ label }) => {
      const [mean, sd] = [table.get(label, "mean"), table.get(label, "sd")];
      const centre = fitted.get(label) ?? mean;
      const at = (value: number) => (sd > 0 ? (value - centre) / sd : 0);
      return {
        label,
        estimate: at(mean),
        interval: [at(table.get(label, "eti89_lb")), at(table.get(label, "eti89_ub"))] as const,
        rhat: table.get(label, "r_hat"),
        ess: table.get(label, "ess_bulk"),
      };
    }),
  });
}

function pairFigure({ posterior, run }: PosteriorResult): ReportFigure[] {
  const scalars = [...posterior.draws.scalars()].slice(0, MOST_PAIRS);
  if (scalars.length < 2) return [];
  const draws = scalars.map(({ chains }) => chains.values);
  return [
    {
      svg: pairPlot({ names: scalars.map((s) => s.label), draws, divergences: run.statistic("isDivergent") }),
      width: "own",
    },
  ];
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
function predictiveFigures(
  { model }: FitResult,
  experiment: Experiment,
  { posterior }: PosteriorResult,
): ReportFigure[] {
  const { times, phi } = experiment;
  const common = { n: times.length, dt: times[1]! - times[0]!, startTime: times[0]! };
  return Array.from(phi).flatMap((angle, k): ReportFigure[] => {
    const { mean, sd } = predictiveMap(model, experiment, posterior, k);
    return [
      { svg: correlationHeatmap({ ...common, values: mean, title: `Mean, φ = ${angle}°`, label: "c₂" }) },
      {
        svg: correlationHeatmap({
          ...common,
          values: sd,
          title: `Standard deviation, φ = ${angle}°`,
          label: "sd of c₂",
        }),
      },
    ];
  });
}
