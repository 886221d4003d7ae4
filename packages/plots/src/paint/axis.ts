import { element, type Markup } from "./markup.ts";
import type { Scale } from "./scale.ts";

/** Ink of axes and text, dark enough for 7:1 contrast on white. */
export const INK = "#24292f";
/** Ink of what stands back: grids, notes. */
export const FAINT = "#5b636d";

const TICK = 5;
const MINOR_TICK = 3;

/** The axis along the bottom at height `y`, labelled below. */
export function bottomAxis(scale: Scale, y: number, label: string): Markup {
  const [from, to] = [scale.at(scale.domain[0]), scale.at(scale.domain[1])];
  const ticks = scale.ticks.map(({ value, label: text }) => {
    const x = scale.at(value);
    const length = text === "" ? MINOR_TICK : TICK;
    return [
      element("line", { x1: x, y1: y, x2: x, y2: y + length }),
      text === "" ? undefined : tickLabel(text, { x, y: y + 18, "text-anchor": "middle" }),
    ];
  });
  return element(
    "g",
    { class: "axis axis-x", stroke: INK },
    element("line", { x1: from, y1: y, x2: to, y2: y }),
    ticks,
    axisLabel(label, { x: (from + to) / 2, y: y + 36, "text-anchor": "middle" }),
  );
}

/** The axis along the left at `x`, its label turned and `room` to the left of it. */
export function leftAxis(scale: Scale, x: number, label: string, room = 44): Markup {
  const [from, to] = [scale.at(scale.domain[0]), scale.at(scale.domain[1])];
  const middle = (from + to) / 2;
  const ticks = scale.ticks.map(({ value, label: text }) => {
    const y = scale.at(value);
    return [
      element("line", { x1: x - TICK, y1: y, x2: x, y2: y }),
      tickLabel(text, { x: x - 8, y: y + 4, "text-anchor": "end" }),
    ];
  });
  return element(
    "g",
    { class: "axis axis-y", stroke: INK },
    element("line", { x1: x, y1: from, x2: x, y2: to }),
    ticks,
    axisLabel(label, {
      x: x - room,
      y: middle,
      "text-anchor": "middle",
      transform: `rotate(-90 ${x - room} ${middle})`,
    }),
  );
}

/** Faint lines across the plot at the labelled ticks. */
export function gridLines(x: Scale, y: Scale): Markup {
  const [left, right] = [x.at(x.domain[0]), x.at(x.domain[1])];
  const [bottom, top] = [y.at(y.domain[0]), y.at(y.domain[1])];
  return element(
    "g",
    { class: "grid", stroke: "#e3e6ea" },
    x.ticks
      .filter((tick) => tick.label !== "")
      .map(({ value }) => element("line", { x1: x.at(value), y1: bottom, x2: x.at(value), y2: top })),
    y.ticks.map(({ value }) => element("line", { x1: left, y1: y.at(value), x2: right, y2: y.at(value) })),
  );
}

/** Ticks and label to the right of a colour bar at `x`. */
export function rightTicks(scale: Scale, x: number, label: string, room = 58): Markup {
  const middle = (scale.at(scale.domain[0]) + scale.at(scale.domain[1])) / 2;
  return element(
    "g",
    { class: "axis axis-color", stroke: INK },
    scale.ticks.map(({ value, label: text }) => {
      const y = scale.at(value);
      return [
        element("line", { x1: x, y1: y, x2: x + 4, y2: y }),
        tickLabel(text, { x: x + 7, y: y + 4, "text-anchor": "start" }),
      ];
    }),
    axisLabel(label, {
      x: x + room,
      y: middle,
      "text-anchor": "middle",
      transform: `rotate(-90 ${x + room} ${middle})`,
    }),
  );
}

function tickLabel(text: string, place: Record<string, string | number>): Markup {
  return element("text", { class: "tick", "font-size": "11px", fill: INK, stroke: "none", ...place }, text);
}

function axisLabel(text: string, place: Record<string, string | number>): Markup {
  return element("text", { class: "axis-label", "font-size": "12px", fill: INK, stroke: "none", ...place }, text);
}
