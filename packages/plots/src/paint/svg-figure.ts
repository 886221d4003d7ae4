import { INK } from "./axis.ts";
import { type Child, element, type Markup } from "./markup.ts";

/** Families that every system has one of; nothing is loaded. */
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

export interface SvgFigure {
  readonly width: number;
  readonly height: number;
  /** The visible heading, also the accessible name. */
  readonly title: string;
  /** What the figure shows, in a sentence or two, for those who cannot see it. */
  readonly description: string;
}

/**
 * A complete SVG document: white ground, heading, accessible name and description. Figures carry no ids and no
 * style sheets, so any number of them can share a page.
 */
export function svgFigure({ width, height, title, description }: SvgFigure, ...children: readonly Child[]): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      "font-family": FONT,
    },
    element("title", {}, title),
    element("desc", {}, description),
    element("rect", { class: "ground", x: 0, y: 0, width, height, fill: "#ffffff" }),
    element("text", { class: "heading", x: 12, y: 20, "font-size": "13px", "font-weight": 600, fill: INK }, title),
    children,
  ).markup;
}

/** A window that cuts off what is drawn outside it; children use coordinates relative to its corner. */
export function clipped(x: number, y: number, width: number, height: number, ...children: readonly Child[]): Markup {
  return element("svg", { x, y, width, height, overflow: "hidden" }, children);
}
