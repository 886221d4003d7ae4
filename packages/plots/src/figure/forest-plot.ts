import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, INK } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { paddedRange } from "./chain-values.ts";
import { seriesColor } from "./series-style.ts";

const ROW = 26;
const TOP = 48;
const AXIS_WIDTH = 380;
const COLUMN = 64;
const CHARACTER = 6.8;
const LONGEST_LABEL = 32;

/** One line of a {@link forestPlot}. */
export interface ForestRow {
  readonly label: string;
  /** Mean or median. */
  readonly estimate: number;
  /** Credible interval, thin line. */
  readonly interval: readonly [low: number, high: number];
  /** A narrower one, thick line. */
  readonly inner?: readonly [low: number, high: number];
  /** Stated in a column of its own; above 1.01 in red. */
  readonly rhat?: number;
  /** Effective sample size, stated in a column of its own. */
  readonly ess?: number;
}

/** What {@link forestPlot} draws. */
export interface ForestPlotInput {
  readonly rows: readonly ForestRow[];
  /** What the intervals are, for instance `89 % interval`. */
  readonly intervalLabel?: string;
  /** Label of the axis, with the unit that all rows share. */
  readonly axisLabel?: string;
  /** A value to compare with, drawn as a vertical line. */
  readonly reference?: number;
  /** Default `Estimates`. */
  readonly title?: string;
}

/**
 * Estimates with their intervals, one row each, on a common axis, as an SVG figure; R-hat and effective sample size
 * beside them where given.
 *
 * @throws {InvalidArgumentError} for no row, values that are not finite, or intervals whose ends are exchanged.
 */
export function forestPlot(input: ForestPlotInput): string {
  const { rows, intervalLabel, axisLabel = "", reference, title = "Estimates" } = input;
  checkRows(rows, reference);
  const shown = rows.map(({ label }) =>
    label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label,
  );
  const left = 24 + CHARACTER * Math.max(6, ...shown.map((label) => label.length));
  const right = left + AXIS_WIDTH;
  const ends = rows.flatMap(({ estimate, interval, inner = [] }) => [estimate, ...interval, ...inner]);
  const x = linearScale(paddedRange("rows", [reference === undefined ? ends : [...ends, reference]]), [left, right]);
  const bottom = TOP + ROW * rows.length + 4;
  const columns = numberColumns(rows);
  return svgFigure(
    {
      width: Math.ceil(right + COLUMN * columns.length + 24),
      height: bottom + 48,
      title,
      description: `Estimates of ${rows.map(({ label }) => label).join(", ")} with their ${intervalLabel ?? "intervals"}.`,
    },
    intervalLabel === undefined
      ? undefined
      : element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, intervalLabel),
    grid(x, bottom),
    reference === undefined ? undefined : vertical("reference", x.at(reference), bottom, FAINT, "5 4"),
    rows.map((row, k) => drawnRow(row, shown[k]!, x, TOP + ROW * (k + 0.5), left)),
    columns.map((column, k) => numbers(column, rows, right + COLUMN * (k + 1))),
    bottomAxis(x, bottom, axisLabel),
  );
}

function drawnRow(row: ForestRow, label: string, x: Scale, y: number, left: number): Markup {
  const bar = (name: string, [low, high]: readonly [number, number], width: number): Markup =>
    element("line", {
      class: name,
      x1: x.at(low),
      y1: y,
      x2: x.at(high),
      y2: y,
      stroke: seriesColor(0),
      "stroke-width": width,
    });
  return element(
    "g",
    { class: "row" },
    element("text", { x: left - 12, y: y + 4, "font-size": "12px", "text-anchor": "end", fill: INK }, label),
    bar("interval", row.interval, 1.6),
    row.inner === undefined ? undefined : bar("inner", row.inner, 5),
    element("circle", {
      class: "estimate",
      cx: x.at(row.estimate),
      cy: y,
      r: 4,
      fill: "#ffffff",
      stroke: seriesColor(0),
      "stroke-width": 2,
    }),
  );
}

interface NumberColumn {
  readonly title: string;
  text(row: ForestRow): string | undefined;
  isBad(row: ForestRow): boolean;
}

function numberColumns(rows: readonly ForestRow[]): NumberColumn[] {
  const rhat: NumberColumn = {
    title: "R-hat",
    text: (row) => row.rhat?.toFixed(3),
    isBad: (row) => (row.rhat ?? 0) > 1.01,
  };
  const ess: NumberColumn = {
    title: "ESS",
    text: (row) => (row.ess === undefined ? undefined : String(Math.floor(row.ess))),
    isBad: () => false,
  };
  return [rhat, ess].filter((column) => rows.some((row) => column.text(row) !== undefined));
}

function numbers(column: NumberColumn, rows: readonly ForestRow[], x: number): Markup {
  return element(
    "g",
    { class: "numbers", "font-size": "11.5px", "text-anchor": "end" },
    element("text", { x, y: TOP - 8, fill: FAINT }, column.title),
    rows.map((row, k) => {
      const text = column.text(row);
      if (text === undefined) return undefined;
      return element("text", { x, y: TOP + ROW * (k + 0.5) + 4, fill: column.isBad(row) ? "#c00000" : INK }, text);
    }),
  );
}

function grid(x: Scale, bottom: number): Markup {
  return element(
    "g",
    { class: "grid" },
    x.ticks.map(({ value }) => vertical(undefined, x.at(value), bottom, "#e3e6ea")),
  );
}

function vertical(name: string | undefined, x: number, bottom: number, stroke: string, dashes?: string): Markup {
  return element("line", { class: name, x1: x, y1: TOP - 4, x2: x, y2: bottom, stroke, "stroke-dasharray": dashes });
}

function checkRows(rows: readonly ForestRow[], reference: number | undefined): void {
  if (rows.length === 0) throw new InvalidArgumentError("rows", "hold at least one row", rows);
  if (reference !== undefined && !Number.isFinite(reference)) {
    throw new InvalidArgumentError("reference", "be finite", reference);
  }
  rows.forEach(({ estimate, interval, inner }, k) => {
    if (!Number.isFinite(estimate)) throw new InvalidArgumentError(`rows[${k}].estimate`, "be finite", estimate);
    for (const [name, ends] of [["interval", interval] as const, ["inner", inner ?? interval] as const]) {
      if (!(Number.isFinite(ends[0]) && Number.isFinite(ends[1]) && ends[0] <= ends[1])) {
        throw new InvalidArgumentError(`rows[${k}].${name}`, "be two finite numbers, the lower first", ends);
      }
    }
  });
}
