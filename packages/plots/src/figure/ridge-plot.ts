import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, INK } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { paddedRange } from "./chain-values.ts";
import { seriesColor } from "./series-style.ts";

const WIDTH = 600;
const PLOT = { left: 96, right: 580, top: 48 };
const [LEAST_ROW, MOST_ROW] = [18, 46];
const PREFERRED_HEIGHT = 460;
/** How far a histogram may reach into the rows above it. */
const OVERLAP = 1.7;

/** One histogram of a {@link ridgePlot}. */
export interface RidgeRow {
  readonly label: string;
  /** Draws; what is not finite is left out. */
  readonly values: ArrayLike<number>;
}

/** What {@link ridgePlot} draws. */
export interface RidgePlotInput {
  readonly title: string;
  /** From top to bottom. */
  readonly rows: readonly RidgeRow[];
  readonly xLabel: string;
  readonly note?: string;
  /** Default 60. */
  readonly bins?: number;
}

/**
 * Histograms of several samples on one axis, one above the other and each to its own height, as an SVG figure: how a
 * distribution changes along a ladder.
 *
 * @throws {InvalidArgumentError} for no rows, a row without a finite value, or bins that are no positive integer.
 */
export function ridgePlot({ title, rows, xLabel, note, bins = 60 }: RidgePlotInput): string {
  if (rows.length === 0) throw new InvalidArgumentError("rows", "hold at least one histogram", rows);
  if (!Number.isSafeInteger(bins) || bins < 1) throw new InvalidArgumentError("bins", "be a positive integer", bins);
  const domain = paddedRange(
    "rows",
    rows.map(({ values }) => values),
    0.02,
  );
  const x = linearScale(domain, [PLOT.left, PLOT.right]);
  const row = Math.min(MOST_ROW, Math.max(LEAST_ROW, PREFERRED_HEIGHT / rows.length));
  const top = PLOT.top + row * (OVERLAP - 1);
  const bottom = top + row * rows.length;
  return svgFigure(
    {
      width: WIDTH,
      height: Math.ceil(bottom + 48),
      title,
      description: `Histograms of ${xLabel} for ${rows.map(({ label }) => label).join(", ")}, one above the other.`,
    },
    note === undefined
      ? undefined
      : element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, note),
    rows.map(({ label, values }, k) =>
      ridge({ label, shares: histogram(values, domain, bins, k), base: top + row * (k + 1), row }, x, domain),
    ),
    bottomAxis(x, bottom, xLabel),
  );
}

interface Ridge {
  readonly label: string;
  /** Counts relative to the highest bin. */
  readonly shares: Float64Array;
  readonly base: number;
  readonly row: number;
}

function ridge({ label, shares, base, row }: Ridge, x: Scale, [low, high]: readonly [number, number]): Markup {
  const width = (high - low) / shares.length;
  let path = `M${PLOT.left} ${base}`;
  shares.forEach((share, bin) => {
    const y = (base - share * row * OVERLAP * 0.95).toFixed(1);
    path += `L${x.at(low + bin * width).toFixed(1)} ${y}L${x.at(low + (bin + 1) * width).toFixed(1)} ${y}`;
  });
  return element(
    "g",
    { class: "ridge" },
    element("path", {
      class: "histogram",
      d: `${path}L${PLOT.right} ${base}Z`,
      fill: seriesColor(0),
      "fill-opacity": 0.35,
      stroke: seriesColor(0),
      "stroke-width": 1,
    }),
    element("text", { x: PLOT.left - 8, y: base - 3, "font-size": "11px", "text-anchor": "end", fill: INK }, label),
  );
}

function histogram(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  bins: number,
  k: number,
): Float64Array {
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++;
  }
  const highest = Math.max(...counts);
  if (highest === 0) throw new InvalidArgumentError(`rows[${k}].values`, "hold at least one finite number", values);
  return counts.map((count) => count / highest);
}
