import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, INK, leftAxis, rightTicks } from "../paint/axis.ts";
import { COLORS, type ColormapName, colorIndex, colormap, cssColor } from "../paint/colormap.ts";
import { element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { MISSING_PIXEL, paletteImage } from "../paint/palette-image.ts";
import { linearScale } from "../paint/scale.ts";
import { clipped, svgFigure } from "../paint/svg-figure.ts";
import { robustRange, symmetricRange } from "./color-range.ts";
import { type BlockMeans, blockMeans, checkSquare, checkTimes } from "./square-map.ts";

/** Largest number of picture elements along a side unless told otherwise. */
export const MAX_PIXELS = 600;

const WIDTH = 400;
const HEIGHT = 344;
const SIDE = 262;
const LEFT = 58;
const TOP = 34;
const BAR = { x: LEFT + SIDE + 14, width: 12 };

/** What {@link correlationHeatmap} draws. */
export interface CorrelationHeatmapInput {
  /** n × n, row-major: `values[i * n + j]` belongs to t₁ of frame i and t₂ of frame j. Not finite = missing, grey. */
  readonly values: Float64Array;
  readonly n: number;
  /** Time between frames, s. */
  readonly dt: number;
  /** Time of frame 0, s. Default 0. */
  readonly startTime?: number;
  readonly title: string;
  /** Values of the two ends of the colour scale; beyond them the end colours hold. Default: robust quantiles. */
  readonly range?: readonly [number, number];
  /** `diverging` for values with a sign, then the default range is symmetric. Default `sequential`. */
  readonly colors?: ColormapName;
  /** What the colours mean, with unit. */
  readonly label: string;
  /** Larger maps are reduced to block means of at most this many rows. Default 600. */
  readonly maxPixels?: number;
}

/**
 * A two-time map as an SVG figure: t₁ to the right, t₂ upwards, both in seconds, with a colour bar. The map itself
 * is a PNG inside the SVG, so that a map of 4000 × 4000 makes a file below 1 MB.
 *
 * The default range runs between the 2 % and 98 % quantiles without the diagonal, for diverging colours from −q to q
 * with q the 99 % quantile of the absolute values; missing values are grey.
 *
 * @throws {InvalidArgumentError} for values that are not n * n, dt ≤ 0, a range that is not low < high and finite.
 */
export function correlationHeatmap(input: CorrelationHeatmapInput): string {
  const { values, n, dt, startTime = 0, maxPixels = MAX_PIXELS } = input;
  checkSquare("values", values, n);
  checkTimes(dt, startTime);
  if (!Number.isInteger(maxPixels) || maxPixels < 1) {
    throw new InvalidArgumentError("maxPixels", "be a positive integer", maxPixels);
  }
  return drawHeatmap(blockMeans(values, n, maxPixels), input);
}

/** The figure of a map that was reduced already. */
export function drawHeatmap(means: BlockMeans, input: Omit<CorrelationHeatmapInput, "values">): string {
  const { n, dt, startTime = 0, title, label, colors = "sequential" } = input;
  const range = input.range ?? (colors === "diverging" ? symmetricRange([means], 0) : robustRange([means]));
  checkRange(range, colors);
  const times: [number, number] = [startTime - dt / 2, startTime + (n - 0.5) * dt];
  const x = linearScale(times, [LEFT, LEFT + SIDE]);
  const y = linearScale(times, [TOP + SIDE, TOP]);
  const raster = rasterised(means, range, colors);
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: described(means, input, range) },
    picture(means, n, raster.uri),
    element("rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, fill: "none", stroke: INK }),
    bottomAxis(x, TOP + SIDE, "t₁ (s)"),
    leftAxis(y, LEFT, "t₂ (s)"),
    colorBar(range, colors, label, raster),
  );
}

interface Raster {
  readonly uri: string;
  readonly hasBelow: boolean;
  readonly hasAbove: boolean;
}

/** Column = t₁ = first index, row from the bottom = t₂ = second index. */
function rasterised(
  { values, size }: BlockMeans,
  [low, high]: readonly [number, number],
  colors: ColormapName,
): Raster {
  const pixels = new Uint8Array(size * size);
  let hasBelow = false;
  let hasAbove = false;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const value = values[i * size + j]!;
      const at = (size - 1 - j) * size + i;
      pixels[at] = Number.isFinite(value) ? 1 + colorIndex(value, low, high) : MISSING_PIXEL;
      hasBelow ||= value < low;
      hasAbove ||= value > high;
    }
  }
  return { uri: paletteImage(pixels, size, size, colors), hasBelow, hasAbove };
}

/** The last blocks may reach beyond the map, so the picture is placed by its first corner and cut off at the frame. */
function picture({ size, block }: BlockMeans, n: number, uri: string): Markup {
  const side = (SIDE * size * block) / n;
  return clipped(
    LEFT,
    TOP,
    SIDE,
    SIDE,
    element("image", {
      class: "map",
      x: 0,
      y: SIDE - side,
      width: side,
      height: side,
      preserveAspectRatio: "none",
      style: "image-rendering:pixelated",
      href: uri,
    }),
  );
}

/** The scale of colours; a pointed end says that some values lie beyond it. */
function colorBar(range: readonly [number, number], colors: ColormapName, label: string, raster: Raster): Markup {
  const table = colormap(colors);
  const column = Uint8Array.from(table, (_, row) => COLORS - row);
  const scale = linearScale(range, [TOP + SIDE - 8, TOP + 8]);
  const { x, width } = BAR;
  const [top, bottom] = [TOP + 8, TOP + SIDE - 8];
  const end = (isAbove: boolean): Markup => {
    const [edge, tip] = isAbove ? [top, top - 8] : [bottom, bottom + 8];
    return element("path", {
      d: `M${x} ${edge}L${x + width / 2} ${tip}L${x + width} ${edge}Z`,
      fill: cssColor(table[isAbove ? COLORS - 1 : 0]!),
      stroke: INK,
      "stroke-width": 0.5,
    });
  };
  return element(
    "g",
    { class: "color-bar" },
    element("image", {
      x,
      y: top,
      width,
      height: bottom - top,
      preserveAspectRatio: "none",
      href: paletteImage(column, 1, COLORS, colors),
    }),
    element("rect", { x, y: top, width, height: bottom - top, fill: "none", stroke: INK, "stroke-width": 0.5 }),
    raster.hasAbove ? end(true) : undefined,
    raster.hasBelow ? end(false) : undefined,
    rightTicks(scale, x + width, label, 46),
  );
}

function described(
  { block }: BlockMeans,
  { n, label }: { n: number; label: string },
  range: readonly [number, number],
): string {
  const reduced =
    block > 1 ? ` Each picture element is the mean of ${block} × ${block} pairs without the diagonal.` : "";
  return (
    `Map of ${n} × ${n} pairs of times, t₁ to the right and t₂ upwards. Colours: ${label}, from ` +
    `${formatNumber(range[0])} to ${formatNumber(range[1])}; missing values are grey.${reduced}`
  );
}

function checkRange(range: readonly [number, number], colors: ColormapName): void {
  if (colors !== "sequential" && colors !== "diverging") {
    throw new InvalidArgumentError("colors", 'be "sequential" or "diverging"', colors);
  }
  if (!(range.length === 2 && range[0] < range[1] && Number.isFinite(range[1] - range[0]))) {
    throw new InvalidArgumentError("range", "be two finite numbers, the lower first", range);
  }
}
