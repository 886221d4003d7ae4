import { InvalidArgumentError } from "@siegert/errors";
import { FAINT, INK } from "../paint/axis.ts";
import { coordinate, element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { paddedRange } from "./chain-values.ts";
import { seriesColor } from "./series-style.ts";
import { DIVERGENCE_COLOR } from "./trace-plot.ts";

const [LEFT, TOP, BOTTOM, GAP] = [74, 44, 56, 8];
const HISTOGRAM_BINS = 30;
/** Width of a character of a tick's label. */
const CHARACTER = 5.6;
const MOST_VARIABLES = 12;

/** What {@link pairPlot} draws. */
export interface PairPlotInput {
  /** Names of the parameters, 2 … 12. */
  readonly names: readonly string[];
  /** Draws of every parameter, all chains one after the other, in the same order for all. */
  readonly draws: readonly ArrayLike<number>[];
  /** Flag (not 0) of every divergent draw. */
  readonly divergences?: ArrayLike<number>;
  /** Points to draw at most in a panel, taken evenly; divergent ones come on top. Default 2000. */
  readonly maxPoints?: number;
  /** Default `Pairs of parameters`. */
  readonly title?: string;
}

/**
 * Draws of parameters against each other, two by two, with a histogram of each on the diagonal, as an SVG figure. Divergent
 * draws are red crosses on top of the others: where they gather, the sampler cannot follow the posterior.
 *
 * @throws {InvalidArgumentError} for fewer than 2 or more than 12 parameters, draws of different lengths, or a parameter
 *   without a finite draw.
 */
export function pairPlot(input: PairPlotInput): string {
  const { names, draws, divergences, maxPoints = 2000, title = "Pairs of parameters" } = input;
  checkPairs(input, maxPoints);
  const n = names.length;
  const side = n <= 4 ? 150 : n <= 7 ? 110 : 84;
  const shown = evenly(draws[0]!.length, maxPoints, divergences);
  const bad = indices(draws[0]!.length, (s) => Boolean(divergences?.[s]));
  const ranges = draws.map((values, k) => paddedRange(`draws[${k}]`, [values], 0.05));
  const across = ranges.map((range, k) =>
    linearScale(range, [LEFT + k * (side + GAP), LEFT + k * (side + GAP) + side], 3),
  );
  const up = ranges.map((range, k) => linearScale(range, [TOP + k * (side + GAP) + side, TOP + k * (side + GAP)], 3));
  const noted = divergences === undefined ? "" : ` ${bad.length} divergent draws are red crosses.`;
  const extent = n * (side + GAP);
  const panels = names.flatMap((_, row) =>
    names
      .slice(0, row)
      .map((__, column) => scatter([draws[column]!, draws[row]!], [across[column]!, up[row]!], side, shown, bad)),
  );
  return svgFigure(
    {
      width: LEFT + extent + 12,
      height: TOP + extent + BOTTOM,
      title,
      description: `Scatter of ${names.join(", ")} against each other, histograms on the diagonal.${noted}`,
    },
    panels,
    names.map((_, k) => histogram(draws[k]!, across[k]!, TOP + k * (side + GAP), side)),
    names.map((name, k) => [
      bottomLabels(across[k]!, TOP + extent - GAP, name),
      k === 0 ? undefined : leftLabels(up[k]!, name),
    ]),
    bad.length === 0 ? undefined : divergenceKey(bad.length, LEFT + extent),
  );
}

function scatter(
  [xs, ys]: readonly [ArrayLike<number>, ArrayLike<number>],
  [x, y]: readonly [Scale, Scale],
  side: number,
  shown: readonly number[],
  bad: readonly number[],
): Markup {
  const path = (positions: readonly number[], mark: string, [dx, dy]: [number, number]): string => {
    let d = "";
    for (const s of positions) {
      if (!Number.isFinite(xs[s]) || !Number.isFinite(ys[s])) continue;
      d += `M${coordinate(x.at(xs[s]!) + dx)} ${coordinate(y.at(ys[s]!) + dy)}${mark}`;
    }
    return d;
  };
  const dots = { class: "points", stroke: seriesColor(0), "stroke-width": 2.2, "stroke-linecap": "round" };
  return element(
    "g",
    { class: "panel", fill: "none" },
    frame(x.at(x.domain[0]), y.at(y.domain[1]), side),
    element("path", { ...dots, "stroke-opacity": 0.35, d: path(shown, "h0", [0, 0]) }),
    bad.length === 0
      ? undefined
      : element("path", {
          class: "divergences",
          stroke: DIVERGENCE_COLOR,
          "stroke-width": 1.2,
          d: path(bad, "l5 5m-5 0l5 -5", [-2.5, -2.5]),
        }),
  );
}

function histogram(values: ArrayLike<number>, x: Scale, top: number, side: number): Markup {
  const counts = new Float64Array(HISTOGRAM_BINS);
  const [low, high] = x.domain;
  for (let s = 0; s < values.length; s++) {
    if (!Number.isFinite(values[s])) continue;
    counts[Math.min(HISTOGRAM_BINS - 1, Math.floor(((values[s]! - low) / (high - low)) * HISTOGRAM_BINS))]!++;
  }
  const unit = (0.92 * side) / Math.max(...counts);
  const [left, width] = [x.at(low), side / HISTOGRAM_BINS];
  return element(
    "g",
    { class: "histogram" },
    element(
      "g",
      { class: "bars", fill: "#9ecae1" },
      Array.from(counts, (count, k) =>
        element("rect", { x: left + k * width, y: top + side - unit * count, width, height: unit * count }),
      ),
    ),
    frame(left, top, side),
  );
}

function frame(x: number, y: number, side: number): Markup {
  return element("rect", { class: "frame", x, y, width: side, height: side, fill: "none", stroke: "#c4c9d0" });
}

function bottomLabels(x: Scale, y: number, name: string): Markup {
  const middle = (x.at(x.domain[0]) + x.at(x.domain[1])) / 2;
  return element(
    "g",
    { class: "axis", "text-anchor": "middle", fill: INK },
    apart(x).map((value) => [
      element("line", { x1: x.at(value), y1: y, x2: x.at(value), y2: y + 4, stroke: INK }),
      element("text", { class: "tick", x: x.at(value), y: y + 16, "font-size": "10px" }, formatNumber(value, 3)),
    ]),
    element("text", { class: "axis-label", x: middle, y: y + 33, "font-size": "12px" }, name),
  );
}

/** Ticks whose labels, centred below them, stay clear of each other and of the next panel's. */
function apart(x: Scale): number[] {
  const kept: number[] = [];
  let free = x.at(x.domain[0]) - GAP;
  for (const { value } of x.ticks) {
    const half = (CHARACTER * formatNumber(value, 3).length) / 2;
    if (x.at(value) - half < free || x.at(value) + half > x.at(x.domain[1]) + GAP) continue;
    kept.push(value);
    free = x.at(value) + half + CHARACTER;
  }
  return kept;
}

function leftLabels(y: Scale, name: string): Markup {
  const middle = (y.at(y.domain[0]) + y.at(y.domain[1])) / 2;
  return element(
    "g",
    { class: "axis", fill: INK },
    y.ticks.map(({ value }) => [
      element("line", { x1: LEFT - 4, y1: y.at(value), x2: LEFT, y2: y.at(value), stroke: INK }),
      element(
        "text",
        { class: "tick", x: LEFT - 7, y: y.at(value) + 4, "font-size": "10px", "text-anchor": "end" },
        formatNumber(value, 3),
      ),
    ]),
    element(
      "text",
      {
        class: "axis-label",
        x: 18,
        y: middle,
        "font-size": "12px",
        "text-anchor": "middle",
        transform: `rotate(-90 18 ${middle})`,
      },
      name,
    ),
  );
}

function divergenceKey(count: number, right: number): Markup {
  const text = `${count} divergent draw${count === 1 ? "" : "s"}`;
  return element(
    "text",
    { class: "note", x: right - 4, y: 36, "font-size": "11px", "text-anchor": "end", fill: FAINT },
    element("tspan", { fill: DIVERGENCE_COLOR, "font-weight": 700 }, "× "),
    text,
  );
}

/** Positions of at most `most` draws, evenly spread, without the divergent ones. */
function evenly(count: number, most: number, divergences: ArrayLike<number> | undefined): number[] {
  const step = Math.max(1, count / most);
  const chosen = Array.from({ length: Math.min(count, most) }, (_, k) => Math.floor(k * step));
  return chosen.filter((s) => !divergences?.[s]);
}

function indices(count: number, isWanted: (index: number) => boolean): number[] {
  return Array.from({ length: count }, (_, s) => s).filter(isWanted);
}

function checkPairs({ names, draws, divergences }: PairPlotInput, maxPoints: number): void {
  if (names.length < 2 || names.length > MOST_VARIABLES) {
    throw new InvalidArgumentError("names", `hold 2 to ${MOST_VARIABLES} parameters`, names);
  }
  if (draws.length !== names.length) {
    throw new InvalidArgumentError("draws", `hold one array for each of ${names.length} names`, draws);
  }
  const count = draws[0]!.length;
  draws.forEach((values, k) => {
    if (values.length !== count || count === 0) {
      throw new InvalidArgumentError(`draws[${k}]`, `hold ${Math.max(1, count)} draws, as the first does`, values);
    }
  });
  if (divergences !== undefined && divergences.length !== count) {
    throw new InvalidArgumentError("divergences", `hold one flag for each of ${count} draws`, divergences);
  }
  if (!Number.isInteger(maxPoints) || maxPoints < 1) {
    throw new InvalidArgumentError("maxPoints", "be a positive integer", maxPoints);
  }
}
