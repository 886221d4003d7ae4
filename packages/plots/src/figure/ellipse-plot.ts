import { InvalidArgumentError } from "@siegert/errors";
import { FAINT, INK } from "../paint/axis.ts";
import { coordinate, element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { clipped, svgFigure } from "../paint/svg-figure.ts";
import { BOTTOM, bottomLabels, frame, GAP, LEFT, leftLabels, panelSide, TOP } from "./panel-grid.ts";
import { seriesColor } from "./series-style.ts";
import { DIVERGENCE_COLOR } from "./trace-plot.ts";

const MOST_VARIABLES = 12;
/** Points of an ellipse's outline. */
const OUTLINE = 48;

/** A posterior by its first two moments. */
export interface EllipseMoments {
  /** One per parameter; NaN for one that it says nothing of. */
  readonly mean: ArrayLike<number>;
  /** Row-major (parameters, parameters). */
  readonly covariance: ArrayLike<number>;
  /** Drawn in red, dashed: left out of the whole. Default false. */
  readonly isDropped?: boolean;
}

/** What {@link ellipsePlot} draws. */
export interface EllipsePlotInput {
  /** Names of the parameters, 2 … 12. */
  readonly names: readonly string[];
  /** The parts, drawn thin. */
  readonly parts: readonly EllipseMoments[];
  /** What they make together, drawn thick on top. */
  readonly whole: EllipseMoments;
  /** Names of the two kinds for the legend. Default `part` and `whole`. */
  readonly labels?: { readonly part: string; readonly whole: string };
  /** Probability that an ellipse holds of the normal distribution with these moments. Default 0.89. */
  readonly probability?: number;
  /** Parts to draw at most, taken evenly; dropped ones are drawn all the same. Default 60. */
  readonly maxParts?: number;
  /** Default `Pairs of parameters`. */
  readonly title?: string;
}

/**
 * Ellipses of parameters against each other, two by two, as an SVG figure: parts of the data thin, what they make together
 * thick. Parts that agree overlap one another and hold the whole between them.
 *
 * @throws {InvalidArgumentError} for fewer than 2 or more than 12 parameters, moments of another size, a whole that is not
 *   finite or has no spread, or a probability outside (0, 1).
 */
export function ellipsePlot(input: EllipsePlotInput): string {
  const { names, parts, whole, probability = 0.89, maxParts = 60, title = "Pairs of parameters" } = input;
  checkEllipses(input, probability, maxParts);
  const { part, whole: wholeLabel } = input.labels ?? { part: "part", whole: "whole" };
  const n = names.length;
  const side = panelSide(n - 1);
  const radius = Math.sqrt(-2 * Math.log1p(-probability));
  const step = Math.max(1, parts.length / maxParts);
  const kept = parts.filter(
    ({ isDropped }, k) => isDropped === true || Math.floor(k / step) > Math.floor((k - 1) / step),
  );
  const ranges = names.map((_, k) => rangeOf(k, n, radius, [...kept, whole]));
  const extent = (n - 1) * (side + GAP);
  const across = ranges.map((range, k) =>
    linearScale(range, [LEFT + k * (side + GAP), LEFT + k * (side + GAP) + side], 3),
  );
  const up = ranges.map((range, k) =>
    linearScale(range, [TOP + (k - 1) * (side + GAP) + side, TOP + (k - 1) * (side + GAP)], 3),
  );
  const panels = names.flatMap((_, row) =>
    names
      .slice(0, row)
      .map((__, column) => panel([column, row], [across[column]!, up[row]!], side, radius, kept, whole)),
  );
  const share = Number((100 * probability).toPrecision(3));
  return svgFigure(
    {
      width: LEFT + extent + 12,
      height: TOP + extent + BOTTOM,
      title,
      description: `Ellipses that hold ${share} % of ${names.join(", ")}, two by two: ${kept.length} of ${parts.length} parts thin, the whole thick.`,
    },
    panels,
    names.slice(0, -1).map((name, k) => bottomLabels(across[k]!, TOP + extent - GAP, name)),
    names.slice(1).map((name, k) => leftLabels(up[k + 1]!, name)),
    legend(
      [part, wholeLabel],
      kept.some(({ isDropped }) => isDropped === true),
      LEFT + extent - GAP,
    ),
  );
}

function panel(
  pair: readonly [number, number],
  [x, y]: readonly [Scale, Scale],
  side: number,
  radius: number,
  parts: readonly EllipseMoments[],
  whole: EllipseMoments,
): Markup {
  const [left, top] = [x.at(x.domain[0]), y.at(y.domain[1])];
  const place = (moments: EllipseMoments) => outline(moments, pair, radius, (a, b) => [x.at(a) - left, y.at(b) - top]);
  const path = (moments: readonly EllipseMoments[]) => moments.map(place).join("");
  const dropped = parts.filter(({ isDropped }) => isDropped === true);
  const used = parts.filter(({ isDropped }) => isDropped !== true);
  return element(
    "g",
    { class: "panel" },
    frame(left, top, side),
    clipped(
      left,
      top,
      side,
      side,
      element("path", { class: "parts", d: path(used), fill: "none", stroke: seriesColor(0), "stroke-opacity": 0.45 }),
      dropped.length === 0
        ? undefined
        : element("path", {
            class: "dropped",
            d: path(dropped),
            fill: "none",
            stroke: DIVERGENCE_COLOR,
            "stroke-dasharray": "4 3",
          }),
      element("path", { class: "whole", d: place(whole), fill: "none", stroke: INK, "stroke-width": 2.2 }),
    ),
  );
}

/** The outline by the Cholesky factor of the pair's covariance; nothing where the part says nothing of a parameter. */
function outline(
  { mean, covariance }: EllipseMoments,
  [a, b]: readonly [number, number],
  radius: number,
  place: (a: number, b: number) => readonly [number, number],
): string {
  const n = mean.length;
  const first = Math.sqrt(covariance[a * n + a]!);
  const mixed = covariance[b * n + a]! / first;
  const second = Math.sqrt(Math.max(0, covariance[b * n + b]! - mixed * mixed));
  if (![mean[a], mean[b], first, mixed, second].every(Number.isFinite)) return "";
  let d = "";
  for (let k = 0; k < OUTLINE; k++) {
    const [cos, sin] = [Math.cos((2 * Math.PI * k) / OUTLINE), Math.sin((2 * Math.PI * k) / OUTLINE)];
    const [px, py] = place(mean[a]! + radius * first * cos, mean[b]! + radius * (mixed * cos + second * sin));
    d += `${k === 0 ? "M" : "L"}${coordinate(px)} ${coordinate(py)}`;
  }
  return `${d}Z`;
}

/** What the whole and most of the parts need: a few parts far off do not squeeze all others. */
function rangeOf(k: number, n: number, radius: number, all: readonly EllipseMoments[]): [number, number] {
  const ends = all.flatMap(({ mean, covariance }): [number, number][] => {
    const reach = radius * Math.sqrt(covariance[k * n + k]!);
    return Number.isFinite(mean[k]! + reach) ? [[mean[k]! - reach, mean[k]! + reach]] : [];
  });
  const [wholeLow, wholeHigh] = ends.at(-1)!;
  const lows = ends.map(([low]) => low).sort((a, b) => a - b);
  const highs = ends.map(([, high]) => high).sort((a, b) => a - b);
  const trim = Math.floor(ends.length * 0.05);
  const low = Math.min(wholeLow, lows[trim]!);
  const high = Math.max(wholeHigh, highs[highs.length - 1 - trim]!);
  const margin = 0.06 * (high - low);
  return [low - margin, high + margin];
}

function legend([part, whole]: readonly [string, string], hasDropped: boolean, right: number): Markup {
  const rows: [string, Record<string, string | number>][] = [
    [whole, { stroke: INK, "stroke-width": 2.2 }],
    [part, { stroke: seriesColor(0), "stroke-opacity": 0.6 }],
    ...(hasDropped
      ? [
          [`${part}, left out`, { stroke: DIVERGENCE_COLOR, "stroke-dasharray": "4 3" }] as [
            string,
            Record<string, string>,
          ],
        ]
      : []),
  ];
  return element(
    "g",
    { class: "legend", "font-size": "11px", fill: FAINT, "text-anchor": "end" },
    rows.map(([text, line], k) => [
      element("line", { x1: right - 24, y1: 30 + 15 * k, x2: right, y2: 30 + 15 * k, ...line }),
      element("text", { x: right - 30, y: 34 + 15 * k }, text),
    ]),
  );
}

function checkEllipses({ names, parts, whole }: EllipsePlotInput, probability: number, maxParts: number): void {
  const n = names.length;
  if (n < 2 || n > MOST_VARIABLES) {
    throw new InvalidArgumentError("names", `hold 2 to ${MOST_VARIABLES} parameters`, names);
  }
  for (const [path, { mean, covariance }] of [
    ...parts.map((part, k) => [`parts[${k}]`, part] as const),
    ["whole", whole] as const,
  ]) {
    if (mean.length !== n) throw new InvalidArgumentError(`${path}.mean`, `hold ${n} numbers, one per name`, mean);
    if (covariance.length !== n * n)
      throw new InvalidArgumentError(`${path}.covariance`, `hold ${n} × ${n} numbers`, covariance);
  }
  for (let k = 0; k < n; k++) {
    if (!Number.isFinite(whole.mean[k])) throw new InvalidArgumentError(`whole.mean[${k}]`, "be finite", whole.mean[k]);
    const variance = whole.covariance[k * n + k]!;
    if (!(variance > 0 && variance < Infinity))
      throw new InvalidArgumentError(`whole.covariance[${k * n + k}]`, "be positive and finite, a variance", variance);
  }
  if (!(probability > 0 && probability < 1))
    throw new InvalidArgumentError("probability", "lie between 0 and 1", probability);
  if (!Number.isInteger(maxParts) || maxParts < 1)
    throw new InvalidArgumentError("maxParts", "be a positive integer", maxParts);
}
