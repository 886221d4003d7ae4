import { coordinate, element, type Markup } from "../paint/markup.ts";

/**
 * Colours that stay apart for every common kind of colour blindness: Okabe & Ito (2008), Color universal design,
 * the ones dark enough on white. Each series also has its own marker, so colour never stands alone.
 */
const SERIES_COLORS = ["#0072b2", "#d55e00", "#009e73", "#b3588f", "#8a6d00", "#3f3f3f"] as const;

type Shape = (x: number, y: number) => string;

const r = 3;
const SHAPES: readonly Shape[] = [
  (x, y) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  (x, y) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  (x, y) => `M${x} ${coordinate(y - r - 1)}l${r + 0.5} ${2 * r}h${-2 * r - 1}Z`,
  (x, y) => `M${x} ${coordinate(y - r - 1)}l${r + 1} ${r + 1}l${-r - 1} ${r + 1}l${-r - 1} ${-r - 1}Z`,
  (x, y) => `M${x} ${coordinate(y + r + 1)}l${r + 0.5} ${-2 * r}h${-2 * r - 1}Z`,
];

/** Colour of series k; they repeat after six. */
export function seriesColor(k: number): string {
  return SERIES_COLORS[k % SERIES_COLORS.length]!;
}

/** The markers of series k at the given figure coordinates, as one path. */
export function seriesMarkers(k: number, points: readonly (readonly [number, number])[]): Markup {
  const shape = SHAPES[k % SHAPES.length]!;
  const path = points.map(([x, y]) => shape(Math.round(x * 100) / 100, Math.round(y * 100) / 100)).join("");
  return element("path", { class: "points", d: path, fill: "#ffffff", stroke: seriesColor(k), "stroke-width": 1.3 });
}

/** A line through the points, broken where `undefined` stands. */
export function seriesLine(points: readonly (readonly [number, number] | undefined)[]): string {
  let path = "";
  let isDrawing = false;
  for (const point of points) {
    if (point !== undefined) path += `${isDrawing ? "L" : "M"}${coordinate(point[0])} ${coordinate(point[1])}`;
    isDrawing = point !== undefined;
  }
  return path;
}
