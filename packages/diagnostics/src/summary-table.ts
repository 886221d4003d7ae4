/** The result of a summary and its renderings. */
import { InvalidArgumentError } from "@siegert/errors";
import { formatCells } from "./summary-format.ts";
import type { DiagnosticWarning } from "./warning.ts";

/** One row of a {@link SummaryTable}. */
export interface SummaryRow {
  /** Name with indices: `theta[3]`. */
  readonly label: string;
  readonly name: string;
  readonly index: readonly number[];
  /** One number per column. */
  readonly values: readonly number[];
}

/** What the numbers of a {@link SummaryTable} were computed from and with. */
export interface SummarySettings {
  readonly chains: number;
  readonly draws: number;
  /** Probability inside the interval. */
  readonly intervalProbability: number;
  /** Probabilities of the two quantiles of `ess_tail`. */
  readonly tailProbabilities: readonly [number, number];
}

/** A {@link SummaryTable} as plain data; what is not finite is null. */
export interface SummaryJson {
  readonly settings: SummarySettings;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly name: string;
    readonly index: readonly number[];
    readonly values: Readonly<Record<string, number | null>>;
  }[];
  readonly warnings: readonly DiagnosticWarning[];
}

/** Rows of numbers with names, full precision; rendered as text, Markdown or JSON. */
export class SummaryTable {
  readonly columns: readonly string[];
  readonly rows: readonly SummaryRow[];
  readonly settings: SummarySettings;
  readonly warnings: readonly DiagnosticWarning[];

  constructor(parts: {
    readonly columns: readonly string[];
    readonly rows: readonly SummaryRow[];
    readonly settings: SummarySettings;
    readonly warnings: readonly DiagnosticWarning[];
  }) {
    this.columns = parts.columns;
    this.rows = parts.rows;
    this.settings = parts.settings;
    this.warnings = parts.warnings;
  }

  /** One number. @throws {InvalidArgumentError} for a label or column that the table does not have. */
  get(label: string, column: string): number {
    const row = this.rows.find((candidate) => candidate.label === label);
    if (row === undefined) throw new InvalidArgumentError("label", `be one of ${this.#labels().join(", ")}`, label);
    return row.values[this.#position(column)]!;
  }

  /** All numbers of a column. @throws {InvalidArgumentError} for a column that the table does not have. */
  column(column: string): Float64Array {
    const position = this.#position(column);
    return Float64Array.from(this.rows, (row) => row.values[position]!);
  }

  /** Aligned text, one line per row, rounded to what the Monte Carlo errors let one know; warnings below. */
  toText(): string {
    const body = this.#cells();
    const head = ["", ...this.columns];
    const widths = head.map((title, k) => Math.max(title.length, ...body.map((row) => row[k]!.length)));
    const line = (row: readonly string[]): string =>
      row
        .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
        .join("  ")
        .trimEnd();
    const notes = this.warnings.map((warning) => `${warning.variable}: ${warning.message}`);
    return [head, ...body].map(line).concat(notes).join("\n");
  }

  /** A table in GitHub's Markdown, rounded as {@link toText}; warnings as a list below. */
  toMarkdown(): string {
    const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
    const escaped = (text: string): string => text.replace(/[\\|[\]*_`<>]/g, "\\$&");
    const head = ["", ...this.columns.map(escaped)];
    const rule = head.map((_, k) => (k === 0 ? ":---" : "---:"));
    const body = this.#cells().map(([label = "", ...cells]) => line([escaped(label), ...cells]));
    const notes = this.warnings.map((warning) => `- ${escaped(warning.variable ?? "")}: ${escaped(warning.message)}`);
    return [line(head), line(rule), ...body, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
  }

  /** Plain data at full precision, as JSON.stringify takes it. */
  toJSON(): SummaryJson {
    const rows = this.rows.map(({ label, name, index, values }) => ({
      label,
      name,
      index,
      values: Object.fromEntries(
        this.columns.map((column, k) => [column, Number.isFinite(values[k]) ? values[k]! : null]),
      ),
    }));
    return { settings: this.settings, columns: this.columns, rows, warnings: this.warnings };
  }

  #cells(): string[][] {
    return this.rows.map((row) => [row.label, ...formatCells(this.columns, row.values)]);
  }

  #labels(): string[] {
    return this.rows.map((row) => row.label);
  }

  #position(column: string): number {
    const position = this.columns.indexOf(column);
    if (position < 0) throw new InvalidArgumentError("column", `be one of ${this.columns.join(", ")}`, column);
    return position;
  }
}
