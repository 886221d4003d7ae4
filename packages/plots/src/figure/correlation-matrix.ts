import { InvalidArgumentError } from "@siegert/errors";
import { INK, rightTicks } from "../paint/axis.ts";
import { COLORS, colorIndex, colormap, cssColor, MISSING } from "../paint/colormap.ts";
import { element, type Markup } from "../paint/markup.ts";
import { oklabFromRgb, type Rgb } from "../paint/oklab.ts";
import { paletteImage } from "../paint/palette-image.ts";
import { linearScale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";

const CELL = 38;
const TOP = 34;
/** Width of a character of the 11 px labels, on the safe side. */
const CHARACTER = 6.6;
const LONGEST_NAME = 28;
/** Rounding that a coefficient computed from a covariance may carry beyond ±1. */
const SLACK = 1e-6;

/** What {@link correlationMatrix} draws. */
export interface CorrelationMatrixInput {
  readonly names: readonly string[];
  /** names × names, row-major, each in −1 … 1; NaN where a correlation is not defined. */
  readonly matrix: Float64Array;
}

/**
 * A matrix of correlation coefficients as an SVG figure: every cell coloured (blue negative, red positive) and with
 * its number, names along both sides.
 *
 * @throws {InvalidArgumentError} without names, for a matrix of another size or with entries beyond ±1.
 */
export function correlationMatrix({ names, matrix }: CorrelationMatrixInput): string {
  checkCorrelations(names, matrix);
  const shown = names.map((name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name));
  const room = Math.max(40, CHARACTER * Math.max(...shown.map((name) => name.length)) + 12);
  const side = CELL * names.length;
  const left = room + 6;
  // The turned labels of the last columns lean out to the right of their cells, never beyond the colour bar's labels.
  const width = Math.max(320, left + side + 82);
  const height = TOP + side + 0.72 * room + 18;
  return svgFigure(
    {
      width: Math.ceil(width),
      height: Math.ceil(height),
      title: "Correlation matrix",
      description: described(names, matrix),
    },
    element("g", { class: "cells", "font-size": "10.5px", "text-anchor": "middle" }, cells(names, matrix, left)),
    element("g", { class: "rows", "font-size": "11px", fill: INK, "text-anchor": "end" }, rowNames(shown, left)),
    element(
      "g",
      { class: "columns", "font-size": "11px", fill: INK, "text-anchor": "end" },
      columnNames(shown, left, side),
    ),
    colorBar(left + side + 16, side),
  );
}

function cells(names: readonly string[], matrix: Float64Array, left: number): Markup[] {
  const n = names.length;
  return Array.from(matrix, (value, k) => {
    const [row, column] = [Math.floor(k / n), k % n];
    const color: Rgb = Number.isNaN(value) ? MISSING : colormap("diverging")[colorIndex(value, -1, 1)]!;
    const [x, y] = [left + CELL * column, TOP + CELL * row];
    return element(
      "g",
      { class: "cell" },
      element("title", {}, `${names[row]} and ${names[column]}: ${coefficient(value)}`),
      element("rect", { x, y, width: CELL, height: CELL, fill: cssColor(color), stroke: "#ffffff" }),
      element(
        "text",
        { x: x + CELL / 2, y: y + CELL / 2 + 4, fill: oklabFromRgb(color)[0] < 0.62 ? "#ffffff" : INK },
        coefficient(value),
      ),
    );
  });
}

function rowNames(shown: readonly string[], left: number): Markup[] {
  return shown.map((name, k) => element("text", { x: left - 6, y: TOP + CELL * (k + 0.5) + 4 }, name));
}

function columnNames(shown: readonly string[], left: number, side: number): Markup[] {
  return shown.map((name, k) => {
    const [x, y] = [left + CELL * (k + 0.5) + 4, TOP + side + 14];
    return element("text", { x, y, transform: `rotate(-45 ${x} ${y})` }, name);
  });
}

function colorBar(x: number, side: number): Markup {
  const height = Math.min(side, 260);
  const column = Uint8Array.from({ length: COLORS }, (_, row) => COLORS - row);
  const scale = linearScale([-1, 1], [TOP + height, TOP], 4);
  return element(
    "g",
    { class: "color-bar" },
    element("image", {
      x,
      y: TOP,
      width: 12,
      height,
      preserveAspectRatio: "none",
      href: paletteImage(column, 1, COLORS, "diverging"),
    }),
    element("rect", { x, y: TOP, width: 12, height, fill: "none", stroke: INK, "stroke-width": 0.5 }),
    rightTicks(scale, x + 12, "correlation", 46),
  );
}

function coefficient(value: number): string {
  if (Number.isNaN(value)) return "–";
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "−");
}

function described(names: readonly string[], matrix: Float64Array): string {
  const n = names.length;
  let strongest: [number, number, number] | undefined;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const value = matrix[i * n + j]!;
      if (!Number.isNaN(value) && (strongest === undefined || Math.abs(value) > Math.abs(strongest[2])))
        strongest = [i, j, value];
    }
  }
  const list = `Correlation coefficients of ${names.join(", ")}`;
  if (strongest === undefined) return `${list}.`;
  return `${list}; the strongest is ${coefficient(strongest[2])}, between ${names[strongest[0]]} and ${names[strongest[1]]}.`;
}

/** @throws {InvalidArgumentError} unless the matrix is names × names of coefficients. */
export function checkCorrelations(names: readonly string[], matrix: Float64Array): void {
  const n = names.length;
  if (n === 0) throw new InvalidArgumentError("names", "hold at least one name", names);
  if (!(matrix instanceof Float64Array) || matrix.length !== n * n) {
    throw new InvalidArgumentError("matrix", `be a Float64Array of ${n} × ${n} = ${n * n} numbers`, matrix);
  }
  const outside = matrix.findIndex((value) => Math.abs(value) > 1 + SLACK);
  if (outside >= 0) throw new InvalidArgumentError(`matrix[${outside}]`, "lie between -1 and 1", matrix[outside]);
}
