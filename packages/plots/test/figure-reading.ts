import { convertIndexedToRgb, decode } from "fast-png";
import { DOMParser, parseHTML } from "linkedom";
import type { Rgb } from "../src/paint/oklab.ts";

/** The root element of an SVG string, after a check that it is well-formed XML. */
export function readSvg(svg: string): SVGElement {
  checkWellFormed(svg);
  return new DOMParser().parseFromString(svg, "image/svg+xml").documentElement as unknown as SVGElement;
}

/** The document of an HTML string. */
export function readHtml(html: string): Document {
  return parseHTML(html).document as unknown as Document;
}

/** Fails on what an XML parser would refuse: unbalanced tags, stray < or &, unquoted or repeated attributes. */
export function checkWellFormed(xml: string): void {
  const open: string[] = [];
  let at = 0;
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*>/g;
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    checkText(xml.slice(at, match.index));
    at = token.lastIndex;
    const [, slash, name = "", attributes = ""] = match;
    checkText(attributes);
    const keys = Array.from(attributes.matchAll(/\s([\w:-]+)="/g), ([, key]) => key);
    if (new Set(keys).size !== keys.length) throw new Error(`attribute twice in <${name}${attributes}>`);
    if (slash === "") open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
  }
  checkText(xml.slice(at));
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
}

function checkText(text: string): void {
  if (text.includes("<") || /&(?!(amp|lt|gt|quot|#39);)/.test(text))
    throw new Error(`not escaped: ${text.slice(0, 80)}`);
}

/** The markup without its pictures, whose base64 may spell anything. */
export function withoutPictures(markup: string): string {
  return markup.replace(/"data:image\/png;base64,[^"]*"/g, '"picture"');
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Colour of column x (from the left), row y (from the top). */
  at(x: number, y: number): Rgb;
}

/** The pixels of the PNG that an <image> element embeds. */
export function readPicture(image: Element): Picture {
  const uri = image.getAttribute("href") ?? "";
  const [head, body = ""] = uri.split(",");
  if (head !== "data:image/png;base64") throw new Error(`not a PNG data URI: ${head}`);
  const png = decode(Buffer.from(body, "base64"));
  const rgb = convertIndexedToRgb({ ...png, palette: png.palette! });
  const at = (x: number, y: number): Rgb => {
    const k = 3 * (y * png.width + x);
    return [rgb[k]!, rgb[k + 1]!, rgb[k + 2]!];
  };
  return { width: png.width, height: png.height, at };
}

/** The texts of the ticks of an axis, read as numbers. */
export function tickValues(root: Element, axis: string): number[] {
  return Array.from(root.querySelectorAll(`.axis-${axis} text.tick`), (tick) => number(tick.textContent));
}

/** From figure coordinate to value, from the labelled ticks of an axis. */
export function readAxis(root: Element, axis: "x" | "y", isLog = false): (coordinate: number) => number {
  const ticks = Array.from(root.querySelectorAll(`.axis-${axis} text.tick`), (tick) => ({
    value: number(tick.textContent),
    at: axis === "x" ? Number(tick.getAttribute("x")) : Number(tick.getAttribute("y")) - 4,
  }));
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  const share = (coordinate: number): number => (coordinate - first.at) / (last.at - first.at);
  return isLog
    ? (coordinate) => first.value * (last.value / first.value) ** share(coordinate)
    : (coordinate) => first.value + (last.value - first.value) * share(coordinate);
}

/** A number as the figures write it. */
export function number(text: string | null): number {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const plain = (text ?? "")
    .replaceAll("−", "-")
    .replace("×10", "e")
    .replace("⁻", "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(digits.indexOf(digit)));
  return plain === "" ? Number.NaN : Number(plain);
}
