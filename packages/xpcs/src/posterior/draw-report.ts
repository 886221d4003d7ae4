/** Tables and figures of draws, whatever drew them. */
import type { SummaryTable } from "@siegert/diagnostics";
import type { Experiment } from "@siegert/physics-core";
import {
  correlationHeatmap,
  forestPlot,
  formatWithError,
  pairPlot,
  type ReportFigure,
  type ReportTable,
} from "@siegert/plots";
import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorDraws } from "./posterior-draws.ts";
import { predictiveMap } from "./predictive-map.ts";

/** Draws with their summary. */
export interface JudgedDraws {
  readonly posterior: PosteriorDraws;
  readonly table: SummaryTable;
}

/** Parameters in a pair plot at most. */
const MOST_PAIRS = 12;

/** Mean, interval and effective sizes of every quantity. */
export function summaryTable({ table, posterior }: JudgedDraws): ReportTable {
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
export function comparisonTable(fit: FitResult, { table, posterior }: JudgedDraws): ReportTable {
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
export function standardisedForest(fit: FitResult, { table, posterior }: JudgedDraws): string {
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

/** Pairs of parameters; with more than fit, the first ones. */
export function pairFigure({ posterior }: Pick<JudgedDraws, "posterior">, divergences?: Float64Array): ReportFigure[] {
  const scalars = [...posterior.draws.scalars()].slice(0, MOST_PAIRS);
  if (scalars.length < 2) return [];
  const draws = scalars.map(({ chains }) => chains.values);
  const names = scalars.map(({ label }) => label);
  return [{ svg: pairPlot({ names, draws, ...(divergences ? { divergences } : {}) }), width: "own" }];
}

/** Mean and spread of the correlation that the posterior says, a map each per angle. */
export function predictiveFigures(
  { model }: FitResult,
  experiment: Experiment,
  posterior: PosteriorDraws,
): ReportFigure[] {
  return Array.from(experiment.phi).flatMap((angle, k): ReportFigure[] => {
    const { mean, sd, n, dt, startTime } = predictiveMap(model, experiment, posterior, k);
    const common = { n, dt, startTime };
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
