import { InvalidArgumentError } from "@siegert/errors";
import { FAINT } from "../paint/axis.ts";
import { coordinate, element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { paddedRange } from "./chain-values.ts";
import { BOTTOM, bottomLabels, frame, GAP, LEFT, leftLabels, panelSide, TOP } from "./panel-grid.ts";
import { seriesColor } from "./series-style.ts";
import { DIVERGENCE_COLOR } from "./trace-plot.ts";

const HISTOGRAM_BINS = 30;
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
  const side = panelSide(n);
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
