/** A column: its heading, and whether its cells are numbers, which are aligned right. */
export interface Column {
  readonly heading: string;
  readonly isNumber?: boolean;
}

/** Rows as aligned text, with a rule below the headings. Widths count characters, so that ², α and Å take one place. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, c) => Math.max(...[heading, ...rows.map((row) => row[c] ?? "")].map(width)));
  const cell = (text: string, c: number) => {
    const space = " ".repeat(widths[c]! - width(text));
    return columns[c]!.isNumber === true ? space + text : text + space;
  };
  const render = (row: readonly string[]) =>
    columns
      .map((_, c) => cell(row[c] ?? "", c))
      .join("  ")
      .trimEnd();
  const rule = widths.map((w) => "─".repeat(w)).join("  ");
  return [render(columns.map((column) => column.heading)), rule, ...rows.map(render)].join("\n");
}

/** Characters on screen: combining marks, as in γ̇, take no place of their own. */
function width(text: string): number {
  return [...text.replace(/\p{Mark}/gu, "")].length;
}
