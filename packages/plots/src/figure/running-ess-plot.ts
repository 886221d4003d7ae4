import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { seriesColor, seriesLine, seriesMarkers } from "./series-style.ts";

const [WIDTH, HEIGHT] = [600, 320];
const PLOT = { left: 66, right: 462, top: 34, bottom: 268 };

/** What {@link runningEssPlot} draws: arrays of the same length. */
export interface RunningEssPlotInput {
  readonly name: string;
  /** Draws of each chain that were used, ascending. */
  readonly draws: ArrayLike<number>;
  /** Effective sample size of the bulk with that many draws; NaN leaves a gap. */
  readonly bulk: ArrayLike<number>;
  /** That of the tails. */
  readonly tail: ArrayLike<number>;
  /** Effective draws that are wanted, drawn as a line, for instance 100 per chain. */
  readonly wanted?: number;
  /** Default: the name. */
  readonly title?: string;
}

/**
 * Effective sample size of bulk and tails against the number of draws, as an SVG figure. Both grow in proportion when the
 * chains mix; a curve that levels off says that they do not.
 *
 * @throws {InvalidArgumentError} for arrays of different lengths, draws that do not ascend, or no finite size.
 */
export function runningEssPlot({ name, draws, bulk, tail, wanted, title = name }: RunningEssPlotInput): string {
  checkCurves(draws, bulk, tail, wanted);
  const sizes = [...Array.from(bulk), ...Array.from(tail), wanted ?? 0].filter(Number.isFinite);
  const x = linearScale([0, 1.02 * draws[draws.length - 1]!], [PLOT.left, PLOT.right]);
  const y = linearScale([0, 1.08 * Math.max(...sizes)], [PLOT.bottom, PLOT.top]);
  const line = wanted === undefined ? "" : `; the line is at ${wanted}`;
  return svgFigure(
    {
      width: WIDTH,
      height: HEIGHT,
      title,
      description: `Effective sample size of ${name}, bulk and tails, against draws per chain${line}.`,
    },
    gridLines(x, y),
    wanted === undefined ? undefined : wantedLine(y.at(wanted)),
    curve("bulk", 0, draws, bulk, x, y),
    curve("tail", 1, draws, tail, x, y),
    bottomAxis(x, PLOT.bottom, "draws per chain"),
    leftAxis(y, PLOT.left, "effective sample size", 52),
    legend(wanted),
  );
}

function curve(
  name: string,
  k: number,
  draws: ArrayLike<number>,
  sizes: ArrayLike<number>,
  x: Scale,
  y: Scale,
): Markup {
  const points = Array.from({ length: draws.length }, (_, i): [number, number] | undefined =>
    Number.isFinite(sizes[i]) ? [x.at(draws[i]!), y.at(sizes[i]!)] : undefined,
  );
  const line = { d: seriesLine(points), fill: "none", stroke: seriesColor(k), "stroke-width": 1.8 };
  return element(
    "g",
    { class: name },
    element("path", { class: "line", ...line }),
    seriesMarkers(
      k,
      points.filter((point) => point !== undefined),
    ),
  );
}

function wantedLine(y: number): Markup {
  const ends = { x1: PLOT.left, y1: y, x2: PLOT.right, y2: y };
  return element("line", { class: "wanted", ...ends, stroke: FAINT, "stroke-dasharray": "5 4" });
}

function legend(wanted: number | undefined): Markup {
  const x = PLOT.right + 16;
  const entry = (k: number, text: string): Markup[] => {
    const y = PLOT.top + 14 + 20 * k;
    const ends = { x1: x, y1: y - 4, x2: x + 20, y2: y - 4 };
    return [
      k < 2
        ? element("line", { ...ends, stroke: seriesColor(k), "stroke-width": 1.8 })
        : element("line", { ...ends, stroke: FAINT, "stroke-dasharray": "5 4" }),
      ...(k < 2 ? [seriesMarkers(k, [[x + 10, y - 4]])] : []),
      element("text", { x: x + 27, y, fill: INK }, text),
    ];
  };
  return element(
    "g",
    { class: "legend", "font-size": "11px" },
    entry(0, "bulk"),
    entry(1, "tail"),
    wanted === undefined ? undefined : entry(2, `wanted: ${wanted}`),
  );
}

function checkCurves(
  draws: ArrayLike<number>,
  bulk: ArrayLike<number>,
  tail: ArrayLike<number>,
  wanted: number | undefined,
): void {
  if (draws.length === 0) throw new InvalidArgumentError("draws", "hold at least one number of draws", draws);
  for (const [name, sizes] of [["bulk", bulk] as const, ["tail", tail] as const]) {
    if (sizes.length !== draws.length) {
      throw new InvalidArgumentError(name, `have length ${draws.length}, as draws has`, sizes);
    }
    if (!Array.from(sizes).some(Number.isFinite)) throw new InvalidArgumentError(name, "hold a finite size", sizes);
  }
  for (let i = 0; i < draws.length; i++) {
    if (!(draws[i]! > (i === 0 ? 0 : draws[i - 1]!))) {
      throw new InvalidArgumentError(`draws[${i}]`, "be positive and larger than the one before", draws[i]);
    }
  }
  if (wanted !== undefined && !(wanted > 0 && wanted < Infinity)) {
    throw new InvalidArgumentError("wanted", "be positive and finite", wanted);
  }
}
