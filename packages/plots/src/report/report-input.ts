import { InvalidArgumentError } from "@siegert/errors";
import { checkCorrelations } from "../figure/correlation-matrix.ts";
import { checkSquare, checkTimes } from "../figure/square-map.ts";

/** A line of text with its name: a card of the summary or a row of the provenance. */
export interface ReportEntry {
  readonly label: string;
  readonly value: string;
}

/** Something the reader should know, in a sentence. */
export interface ReportMessage {
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** One parameter of the physics. */
export interface ReportParameter {
  readonly name: string;
  readonly symbol?: string;
  readonly value: number;
  /** Undefined (or NaN) where none is known, as for a fixed parameter. */
  readonly standardError: number | undefined;
  /** Empty for a pure number. */
  readonly unit: string;
  /** Bounds; infinite where there is none. */
  readonly lower: number;
  readonly upper: number;
  readonly atBound: boolean;
  /** The value the data were simulated with. */
  readonly truth?: number;
  readonly fixed?: boolean;
}

/** Contrast and offset of one angle. */
export interface ReportScaling {
  /** Angle, degrees. */
  readonly phi: number;
  readonly contrast: number;
  readonly contrastError?: number;
  readonly offset: number;
  readonly offsetError?: number;
}

/** The maps of one angle, each n × n row-major. */
export interface ReportAngle {
  /** Angle, degrees. */
  readonly phi: number;
  readonly n: number;
  /** Time between frames, s. */
  readonly dt: number;
  /** Time of frame 0, s. */
  readonly startTime: number;
  readonly data: Float64Array;
  readonly fit: Float64Array;
  /** Data − fit, not divided by σ; NaN where masked. */
  readonly residuals: Float64Array;
}

/** A table of text that a caller adds; the first column names the rows. */
export interface ReportTable {
  readonly caption: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure of this package, and how many share a row: three, two, or none but in its own size. */
export interface ReportFigure {
  readonly svg: string;
  /** Default `half`. */
  readonly width?: "third" | "half" | "own";
}

/** A part of the report that a caller adds after the angles: a posterior, a comparison. */
export interface ReportSection {
  /** Anchor of the section: letters, digits and dashes, unlike any other's. */
  readonly id: string;
  readonly heading: string;
  readonly note?: string;
  readonly tables?: readonly ReportTable[];
  readonly figures?: readonly ReportFigure[];
}

/** Everything that a report shows. */
export interface ReportInput {
  readonly title: string;
  readonly subtitle?: string;
  /** Name of the model. */
  readonly mode: string;
  /** Cards at the top. The entry labelled `quality` (in any case) is also the verdict beside the title. */
  readonly summary: readonly ReportEntry[];
  readonly messages: readonly ReportMessage[];
  readonly parameters: readonly ReportParameter[];
  readonly scaling: readonly ReportScaling[];
  readonly angles: readonly ReportAngle[];
  /** Noise standard deviation; residuals are shown in units of it. Default: estimated from the residuals. */
  readonly sigma?: number;
  /** Left out, or without names, when no parameter was free. */
  readonly correlation?: { readonly names: readonly string[]; readonly matrix: Float64Array };
  /** Shown between the correlations and the provenance, in this order. */
  readonly sections?: readonly ReportSection[];
  readonly provenance: readonly ReportEntry[];
}

/** @throws {InvalidArgumentError} naming the first entry that a report cannot show. */
export function checkReport(input: ReportInput): void {
  if (input.sigma !== undefined && !(input.sigma > 0 && input.sigma < Infinity)) {
    throw new InvalidArgumentError("sigma", "be positive and finite", input.sigma);
  }
  input.parameters.forEach(checkParameter);
  input.scaling.forEach(checkScaling);
  input.angles.forEach((angle, k) => {
    const { data, fit, residuals, n } = angle;
    checkFinite(`angles[${k}].phi`, angle.phi);
    checkTimes(angle.dt, angle.startTime);
    if (n < 2) throw new InvalidArgumentError(`angles[${k}].n`, "be at least 2", n);
    for (const [name, values] of Object.entries({ data, fit, residuals }))
      checkSquare(`angles[${k}].${name}`, values, n);
  });
  input.sections?.forEach(({ id }, k) => {
    if (!/^[a-z][a-z0-9-]*$/i.test(id) || input.sections!.findIndex((other) => other.id === id) !== k) {
      throw new InvalidArgumentError(`sections[${k}].id`, "be letters, digits and dashes, unlike the others", id);
    }
  });
  if (hasCorrelation(input)) checkCorrelations(input.correlation.names, input.correlation.matrix);
}

/** Whether there is a correlation matrix to show: a fit without free parameters has none. */
export function hasCorrelation(input: ReportInput): input is ReportInput & Required<Pick<ReportInput, "correlation">> {
  return input.correlation !== undefined && input.correlation.names.length > 0;
}

function checkParameter(parameter: ReportParameter, k: number): void {
  const path = `parameters[${k}]`;
  checkFinite(`${path}.value`, parameter.value);
  checkError(`${path}.standardError`, parameter.standardError);
  if (parameter.truth !== undefined) checkFinite(`${path}.truth`, parameter.truth);
  if (!(parameter.lower <= parameter.upper)) {
    throw new InvalidArgumentError(`${path}.lower`, `not exceed the upper bound ${parameter.upper}`, parameter.lower);
  }
}

function checkScaling(scaling: ReportScaling, k: number): void {
  const path = `scaling[${k}]`;
  checkFinite(`${path}.phi`, scaling.phi);
  checkFinite(`${path}.contrast`, scaling.contrast);
  checkFinite(`${path}.offset`, scaling.offset);
  checkError(`${path}.contrastError`, scaling.contrastError);
  checkError(`${path}.offsetError`, scaling.offsetError);
}

function checkFinite(argument: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidArgumentError(argument, "be finite", value);
}

function checkError(argument: string, value: number | undefined): void {
  if (value !== undefined && value < 0) throw new InvalidArgumentError(argument, "not be negative", value);
}
