import { formatWithError } from "@siegert/plots";
import type { FitResult } from "@siegert/xpcs";
import { type Column, table } from "./table.ts";

/** A parameter's value in the simulation that made the data, by name. */
export type Truth = ReadonlyMap<string, number>;

/** What a person wants to read after a fit: verdict, parameters, scaling, warnings. */
export function fitSummary(result: FitResult, truth?: Truth): string {
  const parts = [verdict(result), parameterTable(result, truth), scalingTable(result, truth)];
  const warnings = result.warnings.map((warning) => `! ${warning}`);
  return [...parts, ...(warnings.length > 0 ? [warnings.join("\n")] : [])].join("\n\n");
}

function verdict(result: FitResult): string {
  const { quality, reducedChi2, sigma, sigmaSource, pairs, wallSeconds, iterations, model } = result;
  return [
    `${model.mode}: ${quality} fit, reduced χ² ${reducedChi2.toPrecision(4)} (noise ${sigma.toPrecision(3)}, ${sigmaSource})`,
    `${pairs} pairs, ${iterations} iterations in ${wallSeconds.toFixed(2)} s; ${result.message}`,
  ].join("\n");
}

function parameterTable(result: FitResult, truth: Truth | undefined): string {
  const columns: Column[] = [
    { heading: "parameter" },
    { heading: "value", isNumber: true },
    { heading: "unit" },
    ...(truth
      ? [
          { heading: "truth", isNumber: true },
          { heading: "off by (s.e.)", isNumber: true },
        ]
      : []),
    { heading: "" },
  ];
  const physical = result.parameters.map((p) => {
    const remark = p.isFree ? (p.atBound ? "at bound" : "") : "fixed";
    return row(p.name, p.value, p.standardError, p.unit, remark, truth);
  });
  const derived = result.derived.map((d) => row(d.name, d.value, d.standardError, d.unit, "derived", truth));
  return table(columns, [...physical, ...derived]);
}

function row(
  name: string,
  value: number,
  error: number | undefined,
  unit: string,
  remark: string,
  truth: Truth | undefined,
): string[] {
  const shown = error === undefined ? String(Number(value.toPrecision(6))) : formatWithError(value, error);
  if (truth === undefined) return [name, shown, unit, remark];
  const expected = truth.get(name);
  const distance = expected === undefined || error === undefined ? "" : ((value - expected) / error).toFixed(1);
  return [name, shown, unit, expected === undefined ? "" : String(expected), distance, remark];
}

function scalingTable(result: FitResult, truth: Truth | undefined): string {
  const columns: Column[] = [
    { heading: "angle (deg)", isNumber: true },
    { heading: "contrast", isNumber: true },
    { heading: "offset", isNumber: true },
  ];
  const shown = (value: number, error: number | undefined) =>
    error === undefined ? value.toPrecision(6) : formatWithError(value, error);
  const rows = result.scaling.map((s) => [
    String(Number(s.phi.toFixed(3))),
    shown(s.contrast, s.contrastError),
    shown(s.offset, s.offsetError),
  ]);
  const known = truth?.has("contrast")
    ? `\ntruth: contrast ${truth.get("contrast")}, offset ${truth.get("offset")}`
    : "";
  return table(columns, rows) + known;
}
