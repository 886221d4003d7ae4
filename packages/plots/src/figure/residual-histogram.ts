import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { quantile, sortedSample, sortedSizes } from "./color-range.ts";
import { residualScale } from "./residual-scale.ts";
import { seriesLine } from "./series-style.ts";

const WIDTH = 600;
const HEIGHT = 340;
const PLOT = { left: 62, right: 580, top: 48, bottom: 290 };
const [LEAST_REACH, LARGEST_REACH] = [4, 8];
const [FEWEST_BINS, MOST_BINS] = [10, 80];

/** What {@link residualHistogram} draws. */
export interface ResidualHistogramInput {
  /** Any number of residuals, data − fit; entries that are not finite (masked) are left out. */
  readonly residuals: Float64Array;
  /** Noise standard deviation. Default: 1.4826 × the median absolute residual. */
  readonly sigma?: number;
  /** Default `Residuals`. */
  readonly title?: string;
}

/**
 * Histogram of the residuals in units of σ as an SVG figure, with the standard normal density drawn over it, and
 * the mean, the standard deviation and the share beyond ±3 in words (a normal distribution has 0.27 % there).
 *
 * @throws {InvalidArgumentError} when no residual is finite or sigma is not positive.
 */
export function residualHistogram({ residuals, sigma, title = "Residuals" }: ResidualHistogramInput): string {
  if (sigma !== undefined && !(sigma > 0 && sigma < Infinity)) {
    throw new InvalidArgumentError("sigma", "be positive and finite", sigma);
  }
  if (!residuals.some(Number.isFinite)) {
    throw new InvalidArgumentError("residuals", "hold at least one finite number", residuals);
  }
  const scale = residualScale([residuals], sigma);
  const histogram = binned(residuals, scale.sigma);
  const summary = summarised(residuals, scale.sigma, histogram);
  const x = linearScale([-histogram.reach, histogram.reach], [PLOT.left, PLOT.right], 8);
  const highest = Math.max(scale.source === "none" ? 0 : normalDensity(0), ...histogram.densities);
  const y = linearScale([0, 1.08 * highest], [PLOT.bottom, PLOT.top]);
  const normal = scale.source === "none" ? undefined : normalCurve(x, y);
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: `Histogram of ${scale.label}: ${summary}` },
    gridLines(x, y),
    bars(histogram, x, y),
    normal,
    bottomAxis(x, PLOT.bottom, scale.label),
    leftAxis(y, PLOT.left, "density"),
    element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, summary),
    normal === undefined ? undefined : legend(),
  );
}

interface Histogram {
  /** The bins cover −reach … reach. */
  readonly reach: number;
  readonly width: number;
  readonly densities: readonly number[];
  /** Finite residuals, and how many of them lie outside the bins and beyond ±3. */
  readonly count: number;
  readonly outside: number;
  readonly far: number;
}

/** Bins of the Freedman–Diaconis width, between 10 and 80 of them; an odd count puts one astride 0. */
function binned(residuals: Float64Array, sigma: number): Histogram {
  const sizes = sortedSizes(residuals);
  const reach = Math.min(LARGEST_REACH, Math.max(LEAST_REACH, Math.ceil(quantile(sizes, 0.999) / sigma)));
  const sorted = sortedSample(residuals);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / sigma;
  const wanted = Math.round((2 * reach) / ((2 * spread) / Math.cbrt(residuals.length)));
  const bins = Math.min(MOST_BINS, Math.max(FEWEST_BINS, Number.isFinite(wanted) ? wanted : MOST_BINS)) | 1;
  const width = (2 * reach) / bins;
  const counts = new Float64Array(bins);
  let [count, outside, far] = [0, 0, 0];
  for (let k = 0; k < residuals.length; k++) {
    const value = residuals[k]! / sigma;
    if (!Number.isFinite(value)) continue;
    const size = Math.abs(value);
    count++;
    if (size > 3) far++;
    if (size > reach) outside++;
    else counts[Math.min(bins - 1, Math.floor((value + reach) / width))]!++;
  }
  return { reach, width, densities: Array.from(counts, (n) => n / (count * width)), count, outside, far };
}

function summarised(residuals: Float64Array, sigma: number, { count, outside, far, reach }: Histogram): string {
  const [mean, deviation] = moments(residuals, count);
  const rest = outside > 0 ? `; ${outside} beyond the axis (±${reach})` : "";
  return (
    `${count} values, mean ${formatNumber(mean / sigma, 2)}, standard deviation ${threeDigits(deviation / sigma)}, ` +
    `${formatNumber((100 * far) / count, 2)} % beyond ±3${rest}`
  );
}

/** Mean and standard deviation of the finite values, of which there are `count`. */
function moments(values: Float64Array, count: number): [mean: number, deviation: number] {
  let sum = 0;
  for (let k = 0; k < values.length; k++) if (Number.isFinite(values[k])) sum += values[k]!;
  const mean = sum / count;
  let squares = 0;
  for (let k = 0; k < values.length; k++) if (Number.isFinite(values[k])) squares += (values[k]! - mean) ** 2;
  return [mean, Math.sqrt(squares / count)];
}

/** Trailing zeros are kept: a standard deviation of 1.00 says more than 1. */
function threeDigits(value: number): string {
  return value >= 0.01 && value < 100 ? value.toPrecision(3) : formatNumber(value, 3);
}

function bars({ reach, width, densities }: Histogram, x: Scale, y: Scale): Markup {
  const rects = densities.map((density, k) => {
    const left = x.at(-reach + k * width);
    return element("rect", {
      x: left,
      y: y.at(density),
      width: x.at(-reach + (k + 1) * width) - left,
      height: PLOT.bottom - y.at(density),
    });
  });
  return element("g", { class: "bars", fill: "#9ecae1", stroke: "#ffffff", "stroke-width": 0.5 }, rects);
}

function normalCurve(x: Scale, y: Scale): Markup {
  const [low, high] = x.domain;
  const points = Array.from({ length: 161 }, (_, k): [number, number] => {
    const value = low + ((high - low) * k) / 160;
    return [x.at(value), y.at(normalDensity(value))];
  });
  return element("path", {
    class: "normal",
    d: seriesLine(points),
    fill: "none",
    stroke: "#b04a00",
    "stroke-width": 1.8,
  });
}

function legend(): Markup {
  const [x, y] = [PLOT.right - 150, PLOT.top + 16];
  return element(
    "g",
    { class: "legend", "font-size": "11px" },
    element("rect", { x, y: y - 9, width: 18, height: 10, fill: "#9ecae1" }),
    element("text", { x: x + 25, y, fill: INK }, "residuals"),
    element("line", { x1: x, y1: y + 14, x2: x + 18, y2: y + 14, stroke: "#b04a00", "stroke-width": 1.8 }),
    element("text", { x: x + 25, y: y + 18, fill: INK }, "normal density N(0, 1)"),
  );
}

function normalDensity(value: number): number {
  return Math.exp(-0.5 * value * value) / Math.sqrt(2 * Math.PI);
}
