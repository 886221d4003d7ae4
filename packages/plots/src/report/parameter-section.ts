import { type Child, element } from "../paint/markup.ts";
import { formatNumber, formatWithError } from "../paint/number-format.ts";
import { section } from "./page.ts";
import type { ReportParameter, ReportScaling } from "./report-input.ts";
import { type Column, table } from "./table.ts";

/** The table of parameters; truth and z appear when a truth is known. */
export function parameterSection(parameters: readonly ReportParameter[]): Child {
  if (parameters.length === 0) return undefined;
  const columns: Column<ReportParameter>[] = [
    { header: "Parameter", kind: "head", cell: nameCell },
    { header: "Value ± standard error", kind: "number", cell: valueCell },
    { header: "Unit", cell: ({ unit }) => (unit === "" ? "–" : unit) },
    { header: "Bounds", cell: ({ lower, upper }) => `${formatNumber(lower)} … ${formatNumber(upper)}` },
    { header: "State", cell: stateCell },
  ];
  const hasTruth = parameters.some((parameter) => parameter.truth !== undefined);
  if (hasTruth) {
    columns.push(
      { header: "Truth", kind: "number", cell: ({ truth }) => (truth === undefined ? "–" : formatNumber(truth)) },
      { header: "z", kind: "number", cell: zCell },
    );
  }
  const note = hasTruth
    ? "z = (value − truth) / standard error; |z| < 2 is expected for about 19 of 20 parameters."
    : undefined;
  return section(
    "parameters",
    "Parameters",
    table("Fitted parameters with standard errors (one standard deviation)", columns, parameters),
    note === undefined ? undefined : element("p", { class: "note" }, note),
  );
}

/** Contrast and offset per angle. */
export function scalingSection(scaling: readonly ReportScaling[]): Child {
  if (scaling.length === 0) return undefined;
  const columns: Column<ReportScaling>[] = [
    { header: "φ (°)", kind: "head", cell: ({ phi }) => formatNumber(phi) },
    { header: "Contrast", kind: "number", cell: ({ contrast, contrastError }) => withError(contrast, contrastError) },
    { header: "Offset", kind: "number", cell: ({ offset, offsetError }) => withError(offset, offsetError) },
  ];
  return section("scaling", "Scaling", table("Contrast and offset of each angle", columns, scaling));
}

function nameCell({ name, symbol }: ReportParameter): Child {
  return symbol === undefined || symbol === name ? name : [name, " ", element("span", { class: "symbol" }, symbol)];
}

function valueCell({ value, standardError }: ReportParameter): Child {
  return withError(value, standardError);
}

function withError(value: number, error: number | undefined): string {
  return formatWithError(value, error, "plus-minus");
}

function stateCell({ fixed, atBound }: ReportParameter): Child {
  if (fixed === true) return "fixed";
  return atBound ? element("span", { class: "flag" }, "at bound") : "free";
}

function zCell({ value, truth, standardError }: ReportParameter): Child {
  if (truth === undefined || standardError === undefined || !(standardError > 0)) return "–";
  return formatTwoDecimals((value - truth) / standardError);
}

function formatTwoDecimals(value: number): string {
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "−");
}
