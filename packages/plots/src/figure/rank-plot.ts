import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, INK } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { seriesColor } from "./series-style.ts";

const WIDTH = 600;
const ROW = 62;
const PLOT = { left: 84, right: 580, top: 50 };

/** What {@link rankPlot} draws: the counts of a rank histogram. */
export interface RankPlotInput {
  readonly name: string;
  /** How many ranks of a chain fall into a bin: row-major (chain, bin). */
  readonly counts: ArrayLike<number>;
  readonly chains: number;
  readonly bins: number;
  /** Default: the name. */
  readonly title?: string;
}

/**
 * Histogram of each chain's ranks among the draws of all chains, one below the other, as an SVG figure. Chains that agree are
 * flat: the line is the expected count, the band ±2 standard deviations of a count of independent draws
 * (correlated draws scatter more).
 *
 * Source: Vehtari et al. (2021), 10.1214/20-BA1221, section 4.2.
 *
 * @throws {InvalidArgumentError} for counts that are no table of chains and bins, or negative.
 */
export function rankPlot({ name, counts, chains, bins, title = name }: RankPlotInput): string {
  for (const [argument, count] of [["chains", chains] as const, ["bins", bins] as const]) {
    if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError(argument, "be a positive integer", count);
  }
  if (counts.length !== chains * bins) {
    throw new InvalidArgumentError("counts", `have length chains · bins = ${chains * bins}`, counts);
  }
  const list = Array.from(counts);
  const bad = list.findIndex((count) => !(count >= 0 && count < Infinity));
  if (bad >= 0) throw new InvalidArgumentError(`counts[${bad}]`, "be a count", list[bad]);
  const total = list.reduce((a, b) => a + b, 0);
  if (total === 0) throw new InvalidArgumentError("counts", "count at least one draw", counts);
  const draws = total / chains;
  const expected = draws / bins;
  const deviation = Math.sqrt(expected * (1 - 1 / bins));
  const x = linearScale([0, total], [PLOT.left, PLOT.right]);
  const highest = Math.max(...list, expected + 2 * deviation);
  const bottom = PLOT.top + ROW * chains;
  const note = `line: expected ${Number(expected.toPrecision(4))} per bin; band: ±2 standard deviations of independent draws`;
  return svgFigure(
    {
      width: WIDTH,
      height: bottom + 48,
      title,
      description: `Ranks of ${name} in ${bins} bins, one histogram for each of ${chains} chains; ${note}.`,
    },
    element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, note),
    Array.from({ length: chains }, (_, k) =>
      chainRow(list.slice(k * bins, (k + 1) * bins), k, x, { expected, deviation, highest }),
    ),
    bottomAxis(x, bottom, `rank among all ${total} draws`),
  );
}

function chainRow(
  counts: readonly number[],
  k: number,
  x: Scale,
  { expected, deviation, highest }: { expected: number; deviation: number; highest: number },
): Markup {
  const base = PLOT.top + ROW * (k + 1);
  const unit = (ROW - 10) / highest;
  const width = (PLOT.right - PLOT.left) / counts.length;
  const [low, high] = [Math.max(0, expected - 2 * deviation), expected + 2 * deviation];
  const span = { x: PLOT.left, width: PLOT.right - PLOT.left };
  return element(
    "g",
    { class: "chain" },
    element("rect", { class: "band", ...span, y: base - unit * high, height: unit * (high - low), fill: "#eceef1" }),
    element(
      "g",
      { class: "bars", fill: seriesColor(k), "fill-opacity": 0.55 },
      counts.map((count, bin) =>
        element("rect", {
          x: PLOT.left + bin * width + 0.5,
          y: base - unit * count,
          width: width - 1,
          height: unit * count,
        }),
      ),
    ),
    line(x, base - unit * expected, INK),
    line(x, base, "#c4c9d0"),
    element(
      "text",
      { x: PLOT.left - 10, y: base - 18, "font-size": "11px", "text-anchor": "end", fill: INK },
      `chain ${k}`,
    ),
  );
}

function line(x: Scale, y: number, stroke: string): Markup {
  return element("line", { x1: x.at(x.domain[0]), y1: y, x2: x.at(x.domain[1]), y2: y, stroke, "stroke-width": 1 });
}
