import { join } from "node:path";
import { DEFAULT_GAP, type Experiment } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import type { ReportAngle } from "@siegert/plots";
import { writeNpz } from "../output/npz-writer.ts";
import { writeJson, writeText } from "../output/write-text.ts";
import { firstFrame } from "./first-frame.ts";
import { diagnosticsJson, parametersJson } from "./fit-json.ts";
import { fitReport, type ReportContext } from "./fit-report.ts";
import type { FitResult } from "./fit-result.ts";

/** What was fitted. */
export interface FittedData {
  readonly experiment: Experiment;
  /** Map of one angle, row-major (frames, frames). */
  readonly c2: (angle: number) => Float64Array;
}

/** Larger maps are thinned for the report's figures, which show fewer pixels than this anyway. */
const REPORT_FRAMES = 1000;

/** What is written beside the parameters. */
export interface WriteFitContext extends ReportContext {
  /** Default: everything. */
  readonly formats?: { readonly npz: boolean; readonly html: boolean } | undefined;
}

/**
 * Writes a fit below a folder: nlsq/parameters.json, nlsq/fitted_data.npz, nlsq/diagnostics.json, nlsq/report.html and the
 * report of the whole run, report.html. Files are replaced whole or not at all; maps pass through one at a time.
 *
 * @returns path of the run's report, or of parameters.json when no report was wanted.
 * @throws {OutputError} when a file cannot be written.
 */
export async function writeFit(
  folder: string,
  result: FitResult,
  data: FittedData,
  context: WriteFitContext,
): Promise<string> {
  const nlsq = join(folder, "nlsq");
  const { npz, html } = context.formats ?? { npz: true, html: true };
  const parametersPath = join(nlsq, "parameters.json");
  await writeJson(parametersPath, parametersJson(result));
  await writeJson(join(nlsq, "diagnostics.json"), {
    ...diagnosticsJson(result),
    dataWarnings: context.warnings,
    title: context.title,
    gap: data.experiment.gap ?? DEFAULT_GAP,
    provenance: Object.fromEntries(context.provenance.map(({ label, value }) => [label, value])),
    truth: context.truth ? Object.fromEntries(context.truth) : null,
  });
  if (npz) await writeFittedData(join(nlsq, "fitted_data.npz"), result, data);
  return html ? writeReport(folder, result, data, context) : parametersPath;
}

/**
 * Writes the report of a run and of its least-squares part.
 *
 * @returns path of the run's report.
 * @throws {OutputError} when a file cannot be written.
 */
export async function writeReport(
  folder: string,
  result: FitResult,
  data: FittedData,
  context: ReportContext,
): Promise<string> {
  const block = blockOf(data.experiment);
  const angles = Array.from(data.experiment.phi, (_, angle) => reportAngle(result, data, angle, block));
  const ownPath = join(folder, "nlsq", "report.html");
  if (context.sections === undefined) await writeText(ownPath, fitReport(result, angles, context, block));
  const reportPath = join(folder, "report.html");
  await writeText(reportPath, fitReport(result, angles, context, block));
  return reportPath;
}

/** Frames per block of the report's maps. */
function blockOf({ times }: Experiment): number {
  return Math.ceil(times.length / REPORT_FRAMES);
}

/** The model's map of one angle at the fitted parameters. */
export function fittedMap(result: FitResult, experiment: Experiment, angle: number, out?: Float64Array): Float64Array {
  const { model, vector } = result;
  const count = model.parameters.length;
  const scaling = { contrast: vector[count + 2 * angle]!, offset: vector[count + 2 * angle + 1]! };
  return correlationMap(model, experiment, vector.subarray(0, count), angle, scaling, out);
}

async function writeFittedData(path: string, result: FitResult, { experiment, c2 }: FittedData): Promise<void> {
  const { times, phi, q } = experiment;
  const frames = times.length;
  const shape = [phi.length, frames, frames];
  const fitted = new Float64Array(frames * frames);
  const each = function* (map: (angle: number) => Float64Array): Iterable<Float64Array> {
    for (let angle = 0; angle < phi.length; angle++) yield map(angle);
  };
  const residual = (angle: number): Float64Array => {
    const data = c2(angle);
    fittedMap(result, experiment, angle, fitted);
    for (let k = 0; k < fitted.length; k++) fitted[k] = data[k]! - fitted[k]!;
    return fitted;
  };
  const scaling = Float64Array.from(result.scaling.flatMap(({ contrast, offset }) => [contrast, offset]));
  await writeNpz(path, {
    phi_angles: { data: Float64Array.from(phi) },
    c2_exp: { shape, chunks: () => each(c2) },
    c2_fit: { shape, chunks: () => each((angle) => fittedMap(result, experiment, angle, fitted)) },
    residuals: { shape, chunks: () => each(residual) },
    t1: { data: times },
    t2: { data: times },
    q: { data: [q], shape: [] },
    scaling: { data: scaling, shape: [phi.length, 2] },
  });
}

/** Data, fit and residuals of one angle as the report shows them; masked pairs are NaN in the residuals. */
function reportAngle(result: FitResult, { experiment, c2 }: FittedData, angle: number, block: number): ReportAngle {
  const data = c2(angle);
  const fit = fittedMap(result, experiment, angle);
  return thinned(result, experiment, experiment.phi[angle]!, data, fit, block);
}

/** Block means over whole blocks of frames, so that figures of large maps need little memory. */
function thinned(
  result: FitResult,
  { times }: Experiment,
  phi: number,
  data: Float64Array,
  fit: Float64Array,
  block: number,
): ReportAngle {
  const frames = times.length;
  const n = Math.floor(frames / block);
  const dt = times[1]! - times[0]!;
  const first = firstFrame(result.model, times);
  const [dataMeans, fitMeans] = [blockMeans(data, frames, block, n), blockMeans(fit, frames, block, n)];
  const residuals = dataMeans.map((value, k) => value - fitMeans[k]!);
  for (let i = 0; i < n; i++) {
    residuals[i * n + i] = Number.NaN;
    for (let j = 0; j < n && i * block < first; j++) residuals[i * n + j] = residuals[j * n + i] = Number.NaN;
  }
  return {
    phi,
    n,
    dt: dt * block,
    startTime: times[0]! + ((block - 1) * dt) / 2,
    data: dataMeans,
    fit: fitMeans,
    residuals,
  };
}

function blockMeans(map: Float64Array, frames: number, block: number, n: number): Float64Array {
  if (block === 1) return map.slice();
  const means = new Float64Array(n * n);
  for (let i = 0; i < n * block; i++) {
    const row = Math.floor(i / block) * n;
    for (let j = 0; j < n * block; j++) means[row + Math.floor(j / block)]! += map[i * frames + j]!;
  }
  return means.map((sum) => sum / (block * block));
}
