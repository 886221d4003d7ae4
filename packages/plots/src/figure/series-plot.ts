import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { paddedRange } from "./chain-values.ts";
import { seriesColor, seriesLine, seriesMarkers } from "./series-style.ts";

const [WIDTH, HEIGHT] = [600, 340];
const PLOT = { left: 72, right: 580, top: 50, bottom: 284 };
/** Room between the axes and a legend beside them. */
const LEGEND_GAP = 14;
/** Series named one by one in the legend. */
const NAMED = 6;
/** Beyond so many points, lines are drawn without markers. */
const MOST_MARKERS = 60;

/** One curve of a {@link seriesPlot}. */
export interface PlotSeries {
  /** Named in the legend; undefined: none. */
  readonly label?: string;
  readonly x: ArrayLike<number>;
  /** Same length; NaN leaves a gap. */
  readonly y: ArrayLike<number>;
  /** Standard errors, drawn as bars of ±1. */
  readonly errors?: ArrayLike<number>;
  /** Points joined by lines (default), lines alone, points alone, or steps that hold each value until the next x. */
  readonly style?: "points-line" | "line" | "points" | "steps";
  /** Number of the colour, so that curves that belong together share one. Default: place in the list. */
  readonly color?: number;
}

/** What {@link seriesPlot} draws. */
export interface SeriesPlotInput {
  readonly title: string;
  readonly series: readonly PlotSeries[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** A sentence below the title. */
  readonly note?: string;
  /** Least range of the ordinate, widened where data are beyond. */
  readonly yRange?: readonly [low: number, high: number];
  /** Horizontal lines to compare with. */
  readonly references?: readonly { readonly y: number; readonly label: string }[];
}

/**
 * Curves on common axes as an SVG figure, with error bars and a legend where given.
 *
 * @throws {InvalidArgumentError} for no series, arrays of different lengths, or no finite value.
 */
export function seriesPlot(input: SeriesPlotInput): string {
  const { title, series, xLabel, yLabel, note, yRange = [], references = [] } = input;
  checkSeries(series);
  const ends = series.map(barEnds);
  const marks = references.map((reference) => reference.y);
  const names = legendNames(series);
  const right = names.length === 0 ? PLOT.right : PLOT.right - legendWidth(names) - LEGEND_GAP;
  const x = linearScale(
    paddedRange(
      "series",
      series.map((one) => one.x),
      0.02,
    ),
    [PLOT.left, right],
  );
  const y = linearScale(paddedRange("series", [...ends, yRange, marks]), [PLOT.bottom, PLOT.top]);
  return svgFigure(
    {
      width: WIDTH,
      height: HEIGHT,
      title,
      description: `${yLabel} against ${xLabel}${names.length > 0 ? `: ${names.map(({ label }) => label).join(", ")}` : ""}.`,
    },
    note === undefined
      ? undefined
      : element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, note),
    gridLines(x, y),
    references.map((reference) => referenceLine(reference.label, y.at(reference.y), right)),
    series.map((one, k) => curve(one, one.color ?? k, x, y)),
    bottomAxis(x, PLOT.bottom, xLabel),
    leftAxis(y, PLOT.left, yLabel, 54),
    legend(names, right + LEGEND_GAP),
  );
}

function curve({ x: at, y: values, errors, style = "points-line" }: PlotSeries, k: number, x: Scale, y: Scale): Markup {
  const points = Array.from({ length: at.length }, (_, i): [number, number] | undefined =>
    Number.isFinite(values[i]) && Number.isFinite(at[i]) ? [x.at(at[i]!), y.at(values[i]!)] : undefined,
  );
  const path = style === "steps" ? steps(points) : points;
  const known = points.filter((point) => point !== undefined);
  const hasMarkers = style === "points" || (style === "points-line" && known.length <= MOST_MARKERS);
  const line = {
    d: seriesLine(path),
    fill: "none",
    stroke: seriesColor(k),
    "stroke-width": style === "steps" ? 1 : 1.8,
  };
  return element(
    "g",
    { class: "series" },
    errors === undefined ? undefined : errorBars(points, values, errors, y, k),
    style === "points" ? undefined : element("path", { class: "line", ...line }),
    hasMarkers ? seriesMarkers(k, known) : undefined,
  );
}

/** Every value held until the next abscissa. */
function steps(points: readonly ([number, number] | undefined)[]): ([number, number] | undefined)[] {
  return points.flatMap((point, i) => {
    const next = points[i + 1];
    return point === undefined || next === undefined ? [point] : [point, [next[0], point[1]] as [number, number]];
  });
}

function errorBars(
  points: readonly ([number, number] | undefined)[],
  values: ArrayLike<number>,
  errors: ArrayLike<number>,
  y: Scale,
  k: number,
): Markup {
  const bars = points.flatMap((point, i) => {
    const error = errors[i]!;
    if (point === undefined || !(error > 0 && error < Infinity)) return [];
    const [low, high] = [y.at(values[i]! - error), y.at(values[i]! + error)];
    return [element("line", { x1: point[0], y1: low, x2: point[0], y2: high })];
  });
  return element("g", { class: "errors", stroke: seriesColor(k), "stroke-width": 1.2 }, bars);
}

function referenceLine(label: string, y: number, right: number): Markup {
  return element(
    "g",
    { class: "reference" },
    element("line", { x1: PLOT.left, y1: y, x2: right, y2: y, stroke: FAINT, "stroke-dasharray": "5 4" }),
    element("text", { x: right - 4, y: y - 5, "font-size": "11px", "text-anchor": "end", fill: FAINT }, label),
  );
}

interface LegendName {
  readonly label: string;
  /** Number of the colour. */
  readonly k: number;
}

function legendNames(series: readonly PlotSeries[]): LegendName[] {
  return series.flatMap(({ label, color }, k) => (label === undefined ? [] : [{ label, k: color ?? k }]));
}

function legendWidth(names: readonly LegendName[]): number {
  return Math.max(...names.slice(0, NAMED).map(({ label }) => label.length)) * 6.2 + 26;
}

/** Beside the axes, so that no curve is hidden. */
function legend(names: readonly LegendName[], x: number): Markup | undefined {
  if (names.length === 0) return undefined;
  return element(
    "g",
    { class: "legend", "font-size": "11px" },
    names.slice(0, NAMED).map(({ label, k }, row) => {
      const y = PLOT.top + 18 * (row + 1);
      return [
        element("line", { x1: x, y1: y - 4, x2: x + 18, y2: y - 4, stroke: seriesColor(k), "stroke-width": 2 }),
        element("text", { x: x + 24, y, fill: INK }, label),
      ];
    }),
    names.length > NAMED
      ? element("text", { x, y: PLOT.top + 18 * (NAMED + 1), fill: FAINT }, `and ${names.length - NAMED} more`)
      : undefined,
  );
}

function barEnds({ y, errors }: PlotSeries): number[] {
  return Array.from(y).flatMap((value, i) => {
    const error = errors?.[i] ?? 0;
    return error < Infinity ? [value - error, value + error] : [value];
  });
}

function checkSeries(series: readonly PlotSeries[]): void {
  if (series.length === 0) throw new InvalidArgumentError("series", "hold at least one curve", series);
  series.forEach(({ x, y, errors }, k) => {
    if (x.length === 0 || y.length !== x.length) {
      throw new InvalidArgumentError(`series[${k}].y`, `have as many values as x, ${x.length}, at least one`, y);
    }
    if (errors !== undefined && errors.length !== x.length) {
      throw new InvalidArgumentError(`series[${k}].errors`, `have as many values as x, ${x.length}`, errors);
    }
  });
}
