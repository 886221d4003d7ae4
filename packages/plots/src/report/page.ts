import { type Child, element, trusted } from "../paint/markup.ts";
import { STYLE } from "./style.ts";

/** Forbids every request: styles are inline, pictures are data URIs, scripts there are none. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A complete HTML document around its content: the frame of every report. */
export function page(title: string, ...content: readonly Child[]): string {
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light" }),
    element("title", {}, title),
    element("style", {}, trusted(STYLE)),
  );
  return `<!DOCTYPE html>\n${element("html", { lang: "en" }, head, "\n", element("body", {}, content)).markup}\n`;
}

/** A part of a page under a heading, reachable by its id. */
export function section(id: string, heading: string, ...content: readonly Child[]): Child {
  const headingId = `${id}-heading`;
  return [
    "\n",
    element("section", { id, "aria-labelledby": headingId }, element("h2", { id: headingId }, heading), content),
  ];
}
