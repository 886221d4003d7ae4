/** Panels of parameters two by two: places, borders and labels, which several figures share. */
import { INK } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import type { Scale } from "../paint/scale.ts";

/** Room around the panels, and between them. */
export const LEFT = 74;
export const TOP = 44;
export const BOTTOM = 56;
export const GAP = 8;
/** Width of a character of a tick's label. */
const CHARACTER = 5.6;

/** Side of a panel when there are so many parameters. */
export function panelSide(parameters: number): number {
  return parameters <= 4 ? 150 : parameters <= 7 ? 110 : 84;
}

/** The border of a panel with its upper left corner at (x, y). */
export function frame(x: number, y: number, side: number): Markup {
  return element("rect", { class: "frame", x, y, width: side, height: side, fill: "none", stroke: "#c4c9d0" });
}

/** Ticks and name below a column of panels whose lower edge is at y. */
export function bottomLabels(x: Scale, y: number, name: string): Markup {
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

/** Ticks and name to the left of a row of panels. */
export function leftLabels(y: Scale, name: string): Markup {
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
