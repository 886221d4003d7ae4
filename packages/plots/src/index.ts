export { type CorrelationHeatmapInput, correlationHeatmap } from "./figure/correlation-heatmap.ts";
export { type CorrelationMatrixInput, correlationMatrix } from "./figure/correlation-matrix.ts";
export { type LagCutsInput, lagCuts } from "./figure/lag-cuts.ts";
export { type ResidualHistogramInput, residualHistogram } from "./figure/residual-histogram.ts";
export type { ColormapName } from "./paint/colormap.ts";
export { type ErrorStyle, formatNumber, formatWithError } from "./paint/number-format.ts";
export { renderReport } from "./report/render-report.ts";
export type {
  ReportAngle,
  ReportEntry,
  ReportInput,
  ReportMessage,
  ReportParameter,
  ReportScaling,
} from "./report/report-input.ts";
