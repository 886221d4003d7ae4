import {
  formatNumber,
  formatWithError,
  type ReportAngle,
  type ReportEntry,
  type ReportInput,
  type ReportMessage,
  type ReportSection,
  renderReport,
} from "@siegert/plots";
import type { FitResult } from "./fit-result.ts";

/** What a report says beyond the result itself. */
export interface ReportContext {
  readonly title: string;
  readonly provenance: readonly ReportEntry[];
  /** What reading the data and the configuration had to say. */
  readonly warnings: readonly string[];
  /** Values that the data were simulated with, by name. */
  readonly truth?: ReadonlyMap<string, number> | undefined;
  /** Parts that follow those of the fit: a posterior. */
  readonly sections?: readonly ReportSection[] | undefined;
}

/**
 * `report.html`: the result for people.
 *
 * @param block the maps of `angles` are means over block × block frames, whose noise is 1/block of the pairs'.
 */
export function fitReport(
  result: FitResult,
  angles: readonly ReportAngle[],
  context: ReportContext,
  block: number,
): string {
  const input: ReportInput = {
    title: context.title,
    subtitle: subtitleOf(result),
    mode: result.model.mode,
    summary: summaryOf(result),
    messages: messagesOf(result, context.warnings, block),
    parameters: result.parameters.map((p, k) => {
      const truth = context.truth?.get(p.name);
      return {
        name: p.name,
        symbol: result.model.parameters[k]!.symbol,
        value: p.value,
        standardError: p.standardError,
        unit: p.unit,
        lower: p.lower,
        upper: p.upper,
        atBound: p.atBound,
        fixed: !p.isFree,
        ...(truth === undefined ? {} : { truth }),
      };
    }),
    scaling: result.scaling.map(({ phi, contrast, contrastError, offset, offsetError }) => ({
      phi,
      contrast,
      offset,
      ...(contrastError === undefined ? {} : { contrastError }),
      ...(offsetError === undefined ? {} : { offsetError }),
    })),
    angles,
    sigma: result.sigma / block,
    ...correlationOf(result),
    sections: [...derivedSection(result), ...(context.sections ?? [])],
    provenance: context.provenance,
  };
  return renderReport(input);
}

function subtitleOf(result: FitResult): string {
  const angles = result.scaling.length;
  return `Least squares over ${result.pairs.toLocaleString("en")} pairs of frames at ${angles} angle${angles === 1 ? "" : "s"}`;
}

function summaryOf(result: FitResult): ReportEntry[] {
  return [
    { label: "Quality", value: result.quality },
    { label: "Reduced χ²", value: formatNumber(result.reducedChi2) },
    { label: `Noise σ, ${result.sigmaSource}`, value: formatNumber(result.sigma) },
    { label: "Pairs", value: result.pairs.toLocaleString("en") },
    { label: "Iterations", value: String(result.iterations) },
    { label: "Time", value: `${result.wallSeconds.toFixed(2)} s` },
  ];
}

function messagesOf(result: FitResult, others: readonly string[], block: number): ReportMessage[] {
  const scaling = result.scaling.some((s) => s.atBound) ? ["contrast or offset"] : [];
  const atBounds = [...result.parameters.filter((p) => p.atBound).map((p) => p.name), ...scaling];
  const messages: ReportMessage[] = [];
  if (result.isAborted)
    messages.push({ level: "error", text: "The fit was stopped early; this is the best point so far." });
  if (result.quality === "poor") {
    const bounds = atBounds.length > 0 ? ` and ${atBounds.join(", ")} at a bound` : "";
    const text = `Poor fit: reduced χ² is ${formatNumber(result.reducedChi2)}${bounds}. The model may not describe these data.`;
    messages.push({ level: "warning", text });
  }
  for (const text of [...others, ...result.warnings]) messages.push({ level: "warning", text });
  if (block > 1) messages.push({ level: "info", text: `Maps are shown as means over ${block} × ${block} frames.` });
  messages.push({ level: "info", text: `Stopped because ${result.message}.` });
  return messages;
}

/** Correlations of the free quantities; left out when some are undetermined. */
function correlationOf({ covariance: { names, matrix } }: FitResult): Pick<ReportInput, "correlation"> {
  const size = names.length;
  const deviations = names.map((_, k) => Math.sqrt(matrix[k * size + k]!));
  if (size === 0 || deviations.some((d) => !(d > 0 && d < Infinity))) return {};
  const correlation = matrix.map((value, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return row === column ? 1 : Math.min(1, Math.max(-1, value / (deviations[row]! * deviations[column]!)));
  });
  return correlation.every(Number.isFinite) ? { correlation: { names: [...names], matrix: correlation } } : {};
}

/** Quantities that follow from the parameters. */
function derivedSection({ derived }: FitResult): ReportSection[] {
  if (derived.length === 0) return [];
  const rows = derived.map(({ name, value, standardError, unit, description }) => [
    name,
    formatWithError(value, standardError, "plus-minus"),
    unit || "–",
    description,
  ]);
  const table = {
    caption: "What follows from the parameters",
    headers: ["Quantity", "Value ± standard error", "Unit", "Meaning"],
    rows,
  };
  return [{ id: "derived", heading: "Derived quantities", tables: [table] }];
}
