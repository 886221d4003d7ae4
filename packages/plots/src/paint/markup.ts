/**
 * Elements of SVG and HTML as strings. Text and attribute values are escaped here and nowhere else: a plain
 * string is always text, and only what `element` or `trusted` made is inserted as markup.
 */

/** A piece of finished markup. */
export interface Markup {
  readonly markup: string;
}

/** What an element may contain; `undefined` is left out, strings and numbers are text. */
export type Child = Markup | string | number | undefined | readonly Child[];

/** Attribute values; numbers are rounded to 1/100, `undefined` and `false` leave the attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML elements that must not be closed. */
const VOID_ELEMENTS: ReadonlySet<string> = new Set(["br", "col", "hr", "meta"]);

/** Characters that XML 1.0 forbids even as entities (section 2.2), lone surrogates included. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that is safe inside an element and inside a quoted attribute, in HTML and in XML. */
export function escapeText(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Marks a string as finished markup: for constants of this package and figures that it made. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** One element with its attributes and children. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  let opening = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    opening += value === true ? ` ${key}=""` : ` ${key}="${escapeText(attributeText(value))}"`;
  }
  if (VOID_ELEMENTS.has(name)) return { markup: `${opening}>` };
  return { markup: `${opening}>${inner(children)}</${name}>` };
}

/** The children one after the other, without an element around them. */
export function inner(children: readonly Child[]): string {
  let text = "";
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === "string") text += escapeText(child);
    else if (typeof child === "number") text += String(child);
    else if ("markup" in child) text += child.markup;
    else text += inner(child);
  }
  return text;
}

/** A coordinate with at most two decimals, as paths and attributes need it. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

function attributeText(value: string | number): string {
  return typeof value === "number" ? coordinate(value) : value;
}
