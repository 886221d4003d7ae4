import { type Child, element } from "../paint/markup.ts";
import { section } from "./page.ts";
import type { ReportEntry } from "./report-input.ts";

/** Where the numbers come from: file, q, frames, version, configuration. */
export function provenanceSection(provenance: readonly ReportEntry[]): Child {
  if (provenance.length === 0) return undefined;
  const rows = provenance.map(({ label, value }) =>
    element("tr", {}, element("th", { scope: "row" }, label), element("td", { class: "text" }, value)),
  );
  return section(
    "provenance",
    "Provenance",
    element("table", {}, element("caption", {}, "Input and software of this analysis"), element("tbody", {}, rows)),
  );
}
