import { type Child, element, type Markup, trusted } from "../paint/markup.ts";
import { section } from "./page.ts";
import type { ReportFigure, ReportSection, ReportTable } from "./report-input.ts";
import { table } from "./table.ts";

/** Sections that a caller adds, in its order: a note, tables, figures. */
export function extraSections(sections: readonly ReportSection[]): Child {
  return sections.map(({ id, heading, note, tables = [], figures = [] }) =>
    section(
      id,
      heading,
      note === undefined ? undefined : element("p", { class: "note" }, note),
      tables.map(extraTable),
      figureRows(figures),
    ),
  );
}

function extraTable({ caption, headers, rows }: ReportTable): Markup {
  return table(
    caption,
    headers.map((header, k) => ({
      header,
      kind: k === 0 ? "head" : "number",
      cell: (row: readonly string[]) => row[k] ?? "",
    })),
    rows,
  );
}

/** Consecutive figures of one width share a grid. */
function figureRows(figures: readonly ReportFigure[]): Child {
  const rows: { kind: string; figures: Markup[] }[] = [];
  for (const { svg, width = "half" } of figures) {
    const kind = { third: "maps", half: "cuts", own: "matrix" }[width];
    const figure = element("figure", { class: kind === "matrix" && "matrix" }, trusted(svg));
    if (rows.at(-1)?.kind === kind) rows.at(-1)!.figures.push(figure);
    else rows.push({ kind, figures: [figure] });
  }
  return rows.map(({ kind, figures: inRow }) => (kind === "matrix" ? inRow : element("div", { class: kind }, inRow)));
}
