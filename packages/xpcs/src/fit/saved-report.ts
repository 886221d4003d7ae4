import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnalysisMode, createModel, type FractionLimit, type ShearConvention } from "@siegert/physics-core";
import { DataError } from "../data/data-error.ts";
import { openDataSource } from "../data/open-data-source.ts";
import type { FitResult } from "./fit-result.ts";
import { writeReport } from "./write-fit.ts";

/** The parts of parameters.json that a report shows. */
interface SavedParameters {
  readonly mode: AnalysisMode;
  readonly parameters: Record<
    string,
    {
      value: number;
      standardError: number | null;
      robustStandardError: number | null;
      interval: [number, number] | null;
      unit: string;
      lower: number | null;
      upper: number | null;
      atBound: boolean;
      free: boolean;
    }
  >;
  readonly derived: Record<string, { value: number; standardError: number | null; unit: string; description: string }>;
  readonly scaling: {
    phi: number;
    contrast: number;
    contrastError: number | null;
    offset: number;
    offsetError: number | null;
    atBound: boolean;
  }[];
  readonly covariance: { names: string[]; matrix: (number | null)[][] };
  readonly sigma: number;
  readonly chi2: number;
  readonly reducedChi2: number;
  readonly degreesOfFreedom: number;
  readonly quality: FitResult["quality"];
  readonly iterations: number;
  readonly evaluations: number;
  readonly wallSeconds: number;
  readonly route: string;
  readonly message: string;
}

/** The parts of diagnostics.json that a report shows. */
interface SavedDiagnostics {
  readonly conventions: { shear: ShearConvention; fractionLimit: FractionLimit };
  readonly noise: { source: FitResult["sigmaSource"]; residualStandardDeviation: number };
  readonly pairs: number;
  readonly aborted: boolean;
  readonly converged: boolean;
  readonly warnings: string[];
  readonly attempts: FitResult["attempts"];
  readonly dataWarnings: string[];
  readonly title: string;
  readonly gap: number;
  readonly provenance: Record<string, string>;
  readonly truth: Record<string, number> | null;
}

/**
 * Writes the reports of a fit anew from its saved results.
 *
 * @param folder the folder that a fit was written to.
 * @returns path of the run's report.
 * @throws {DataError} when the folder does not hold the results of a fit.
 * @throws {OutputError} when the report cannot be written.
 */
export async function writeSavedReport(folder: string): Promise<string> {
  const nlsq = join(folder, "nlsq");
  const { result, diagnostics } = await readResult(nlsq);
  const source = await openDataSource(join(nlsq, "fitted_data.npz"));
  try {
    const maps: Float64Array[] = [];
    for (const entry of source.entries) maps.push(await source.loadMap(entry));
    const { q } = source.entries[0]!;
    if (q === undefined || source.times === undefined || maps.length !== result.scaling.length) {
      throw new DataError(source.path, "does not fit parameters.json; run the fit again");
    }
    const phi = result.scaling.map((s) => s.phi);
    const data = {
      experiment: { q, gap: diagnostics.gap, phi, times: source.times },
      c2: (angle: number) => maps[angle]!,
    };
    return await writeReport(folder, result, data, {
      title: diagnostics.title,
      provenance: Object.entries(diagnostics.provenance).map(([label, value]) => ({ label, value })),
      warnings: diagnostics.dataWarnings,
      truth: diagnostics.truth ? new Map(Object.entries(diagnostics.truth)) : undefined,
    });
  } finally {
    await source.close();
  }
}

/**
 * The least-squares result of an earlier run.
 *
 * @param folder the folder that a fit was written to.
 * @param mode analysis mode that it must be of.
 * @throws {DataError} when the folder does not hold such a result.
 */
export async function readSavedFit(folder: string, mode: AnalysisMode): Promise<FitResult> {
  const nlsq = join(folder, "nlsq");
  const { result } = await readResult(nlsq);
  if (result.model.mode === mode) return result;
  throw new DataError(join(nlsq, "parameters.json"), `is a fit of ${result.model.mode}; ${mode} is wanted`);
}

async function readResult(nlsq: string): Promise<{ result: FitResult; diagnostics: SavedDiagnostics }> {
  const saved = await readSaved<SavedParameters>(join(nlsq, "parameters.json"), [
    "mode",
    "parameters",
    "scaling",
    "covariance",
  ]);
  const diagnostics = await readSaved<SavedDiagnostics>(join(nlsq, "diagnostics.json"), [
    "conventions",
    "noise",
    "title",
    "provenance",
  ]);
  return { result: resultFrom(saved, diagnostics), diagnostics };
}

async function readSaved<T extends object>(path: string, keys: readonly (keyof T & string)[]): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new DataError(path, `${reason}; give the folder that \`siegert fit --output\` wrote`);
  }
  const missing = keys.find((key) => typeof value !== "object" || value === null || !(key in value));
  if (missing !== undefined) throw new DataError(path, `has no ${missing}; it is not the result of a fit`);
  return value as T;
}

function resultFrom(saved: SavedParameters, diagnostics: SavedDiagnostics): FitResult {
  const model = createModel({ mode: saved.mode, ...diagnostics.conventions });
  const parameters = model.parameters.map(({ name }) => {
    const { value, standardError, robustStandardError, interval, unit, lower, upper, atBound, free } =
      saved.parameters[name]!;
    return {
      name,
      value,
      standardError: standardError ?? undefined,
      robustStandardError: robustStandardError ?? undefined,
      interval: interval ?? undefined,
      unit,
      lower: lower ?? -Infinity,
      upper: upper ?? Infinity,
      atBound,
      isFree: free,
    };
  });
  const scaling = saved.scaling.map((s) => ({
    ...s,
    contrastError: s.contrastError ?? undefined,
    offsetError: s.offsetError ?? undefined,
  }));
  const vector = [...parameters.map((p) => p.value), ...scaling.flatMap((s) => [s.contrast, s.offset])];
  return {
    ...saved,
    model,
    parameters,
    scaling,
    derived: Object.entries(saved.derived).map(([name, d]) => ({
      ...d,
      name,
      standardError: d.standardError ?? undefined,
    })),
    covariance: {
      names: saved.covariance.names,
      matrix: Float64Array.from(saved.covariance.matrix.flat(), (v) => v ?? Number.NaN),
    },
    vector: Float64Array.from(vector),
    sigmaSource: diagnostics.noise.source,
    residualSd: diagnostics.noise.residualStandardDeviation,
    pairs: diagnostics.pairs,
    isAborted: diagnostics.aborted,
    isConverged: diagnostics.converged,
    warnings: diagnostics.warnings,
    attempts: diagnostics.attempts,
  };
}
