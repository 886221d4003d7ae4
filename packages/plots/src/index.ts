export { type AutocorrelationPlotInput, autocorrelationPlot } from "./figure/autocorrelation-plot.ts";
export { type CorrelationHeatmapInput, correlationHeatmap } from "./figure/correlation-heatmap.ts";
export { type CorrelationMatrixInput, correlationMatrix } from "./figure/correlation-matrix.ts";
export { type EllipseMoments, type EllipsePlotInput, ellipsePlot } from "./figure/ellipse-plot.ts";
export { type EnergyPlotInput, energyPlot } from "./figure/energy-plot.ts";
export { type ForestPlotInput, type ForestRow, forestPlot } from "./figure/forest-plot.ts";
export { type LagCutsInput, lagCuts } from "./figure/lag-cuts.ts";
export { type PairPlotInput, pairPlot } from "./figure/pair-plot.ts";
export { type RankPlotInput, rankPlot } from "./figure/rank-plot.ts";
export { type ResidualHistogramInput, residualHistogram } from "./figure/residual-histogram.ts";
export { type RidgePlotInput, type RidgeRow, ridgePlot } from "./figure/ridge-plot.ts";
export { type RunningEssPlotInput, runningEssPlot } from "./figure/running-ess-plot.ts";
export { type PlotSeries, type SeriesPlotInput, seriesPlot } from "./figure/series-plot.ts";
export { type TracePlotInput, tracePlot } from "./figure/trace-plot.ts";
export type { ColormapName } from "./paint/colormap.ts";
export { type ErrorStyle, formatNumber, formatWithError } from "./paint/number-format.ts";
export { renderReport } from "./report/render-report.ts";
export type {
  ReportAngle,
  ReportEntry,
  ReportFigure,
  ReportInput,
  ReportMessage,
  ReportParameter,
  ReportScaling,
  ReportSection,
  ReportTable,
} from "./report/report-input.ts";
