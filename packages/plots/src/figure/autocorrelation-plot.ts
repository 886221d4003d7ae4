import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { chainLegend, checkChains } from "./chain-values.ts";
import { seriesColor, seriesLine } from "./series-style.ts";

const [WIDTH, HEIGHT] = [600, 320];
const PLOT = { left: 62, right: 490, top: 48, bottom: 270 };

/** What {@link autocorrelationPlot} draws. */
export interface AutocorrelationPlotInput {
  readonly name: string;
  /** Autocorrelation of every chain from lag 0 on, all of the same length of at least 2. */
  readonly correlations: readonly ArrayLike<number>[];
  /** Draws of each chain: draws the band ±1.96/√draws, inside of which independent draws scatter. */
  readonly draws?: number;
  /** Integrated autocorrelation time, stated in the figure. */
  readonly integratedTime?: number;
  /** Default: the name. */
  readonly title?: string;
}

/**
 * Autocorrelation against lag, a line per chain, as an SVG figure.
 *
 * @throws {InvalidArgumentError} for chains of different lengths, fewer than 2 lags, or draws ≤ 0.
 */
export function autocorrelationPlot(input: AutocorrelationPlotInput): string {
  const { name, correlations, draws, integratedTime, title = name } = input;
  checkChains("correlations", correlations);
  const lags = correlations[0]!.length;
  if (lags < 2) throw new InvalidArgumentError("correlations", "hold at least lags 0 and 1", correlations[0]);
  if (draws !== undefined && !(draws > 0)) throw new InvalidArgumentError("draws", "be positive", draws);
  const band = draws === undefined ? 0 : 1.96 / Math.sqrt(draws);
  const x = linearScale([0, lags - 1], [PLOT.left, PLOT.right]);
  const y = linearScale([lowest(correlations, band), 1.04], [PLOT.bottom, PLOT.top]);
  const parts = [
    integratedTime === undefined ? "" : `integrated time ${formatNumber(integratedTime, 3)} draws`,
    draws === undefined ? "" : `band: ±${formatNumber(band, 2)}, 95 % of independent draws`,
  ].filter((part) => part !== "");
  const note = parts.join("; ");
  const shown = `Autocorrelation of ${name} up to lag ${lags - 1}, ${correlations.length} chains`;
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: `${shown}${note === "" ? "" : `; ${note}`}.` },
    gridLines(x, y),
    draws === undefined ? undefined : bandAround(band, x, y),
    element("line", { x1: PLOT.left, y1: y.at(0), x2: PLOT.right, y2: y.at(0), stroke: INK, "stroke-width": 0.8 }),
    correlations.map((chain, k) =>
      element("path", {
        class: "correlation",
        d: line(chain, x, y),
        fill: "none",
        stroke: seriesColor(k),
        "stroke-width": 1.5,
      }),
    ),
    bottomAxis(x, PLOT.bottom, "lag (draws)"),
    leftAxis(y, PLOT.left, "autocorrelation"),
    chainLegend(correlations.length, PLOT.right + 16, PLOT.top + 12),
    note === ""
      ? undefined
      : element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, note),
  );
}

function line(chain: ArrayLike<number>, x: Scale, y: Scale): string {
  return seriesLine(
    Array.from({ length: chain.length }, (_, lag): [number, number] | undefined =>
      Number.isFinite(chain[lag]) ? [x.at(lag), y.at(chain[lag]!)] : undefined,
    ),
  );
}

function bandAround(band: number, x: Scale, y: Scale): Markup {
  const height = y.at(-band) - y.at(band);
  const width = x.at(x.domain[1]) - x.at(0);
  return element("rect", { class: "band", x: x.at(0), y: y.at(band), width, height, fill: "#eceef1" });
}

function lowest(correlations: readonly ArrayLike<number>[], band: number): number {
  let low = -band;
  for (const chain of correlations) {
    for (let lag = 0; lag < chain.length; lag++) if (chain[lag]! < low) low = chain[lag]!;
  }
  return Math.min(-0.1, 1.08 * low);
}
