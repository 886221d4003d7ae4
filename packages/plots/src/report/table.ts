import { type Child, element, type Markup } from "../paint/markup.ts";

/** A column of a table: its header and how a row fills it. */
export interface Column<Row> {
  readonly header: string;
  /** `head` makes the cells row headers; numbers are set flush right. Default `text`. */
  readonly kind?: "head" | "number" | "text";
  cell(row: Row): Child;
}

/** A table with a caption and header cells for columns and rows; on narrow screens it scrolls by itself. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const head = element(
    "tr",
    {},
    columns.map(({ header, kind }) => element("th", { scope: "col", class: kind === "number" && "number" }, header)),
  );
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      columns.map(({ kind, cell }) =>
        kind === "head"
          ? element("th", { scope: "row" }, cell(row))
          : element("td", { class: kind === "number" && "number" }, cell(row)),
      ),
    ),
  );
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    element("table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, body)),
  );
}
