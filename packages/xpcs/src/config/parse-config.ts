import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnalysisMode } from "@siegert/physics-core";
import { buildSettings } from "./build-settings.ts";
import { collectKeys, type GivenKeys } from "./collect-keys.ts";
import type { Config } from "./config.ts";
import { ConfigError, type SourcePosition } from "./config-error.ts";
import { ROOT_KEYS } from "./key-table.ts";
import { resolveMode } from "./resolve-mode.ts";
import { type ResolvedParameters, resolveParameters } from "./resolve-parameters.ts";
import type { Settings } from "./settings.ts";
import { inFileOrder, YamlSource } from "./yaml-source.ts";

/** Options of {@link parseConfig} and {@link loadConfig}. */
export interface ConfigOptions {
  /** Unknown keys are warnings instead of problems. Default false. */
  readonly lenient?: boolean | undefined;
  /** Analysis mode that counts instead of the file's. */
  readonly mode?: AnalysisMode | undefined;
}

/**
 * Reads a configuration from its text: YAML, or JSON, which is YAML too. Configurations of the Python packages for the
 * same measurements are read as they are; keys that have no effect here are listed in `warnings`.
 *
 * @param options `path` names the file in messages (default `config.yaml`).
 * @throws {ConfigError} with all problems at once: syntax, unknown keys (with the nearest valid one), wrong types, values
 * out of range, bounds in the wrong order, start values outside their bounds.
 */
export function parseConfig(
  text: string,
  { path = "config.yaml", lenient = false, mode }: ConfigOptions & { readonly path?: string | undefined } = {},
): Config {
  const source = new YamlSource(text);
  if (source.problems.length > 0) throw new ConfigError(path, source.problems);
  if (source.valueOf(source.root) === null) {
    throw new ConfigError(path, [{ line: 1, column: 1, path: "", message: "the configuration is empty" }]);
  }
  const given = collectKeys(source, ROOT_KEYS, lenient);
  // Text that is no map of keys says nothing about the rest.
  if (source.entries(source.root) === undefined) throw new ConfigError(path, source.problems);
  const settings = buildSettings(source, ROOT_KEYS, given);
  const settled = resolveMode(source, settings, given, mode);
  const frames = resolveFrames(source, settings, given);
  const parameters = settled === undefined ? undefined : resolveParameters(source, settings, given, settled);
  checkFilter(source, settings, given);
  checkSampling(source, settings, given);
  if (source.problems.length > 0 || settled === undefined || parameters === undefined) {
    throw new ConfigError(path, inFileOrder(source.problems));
  }
  return assemble(path, settled, settings, frames, parameters, given, source);
}

/**
 * Reads a configuration file; see {@link parseConfig}.
 *
 * @throws {ConfigError} also when the file cannot be read.
 */
export async function loadConfig(path: string, options: ConfigOptions = {}): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message =
      code === "ENOENT" || code === "ENOTDIR"
        ? "the configuration file does not exist"
        : code === "EISDIR"
          ? "is a folder; a configuration file is needed"
          : `the configuration file cannot be read (${code ?? String(cause)})`;
    throw new ConfigError(path, [{ line: 1, column: 1, path: "", message }]);
  }
  return parseConfig(text, { ...options, path });
}

/** A filter that is on needs ranges. */
function checkFilter(
  source: YamlSource,
  { phiFiltering: { enabled, targetRanges } }: Settings,
  given: GivenKeys,
): void {
  const path = "phi_filtering.target_ranges";
  const isNoted = source.problems.some((problem) => problem.path.startsWith(path));
  if (!enabled || isNoted || (targetRanges !== null && targetRanges.length > 0)) return;
  const place = given.get("phi_filtering.enabled")?.position ?? { line: 1, column: 1 };
  source.complain(place, path, "is missing: the filter is on but has no range");
}

/** Keys of sampling that only make sense together. */
function checkSampling(source: YamlSource, { optimization: { method, cmc } }: Settings, given: GivenKeys): void {
  const enable = given.get("optimization.cmc.enable");
  if (
    enable !== undefined &&
    ((method === "cmc" && cmc.enable === false) || (method === "nuts" && cmc.enable === true))
  )
    source.warn(
      enable.position,
      enable.written,
      `has no effect: optimization.method asks for ${method}; both obeys it`,
    );
  const { maxDivergenceRate, criticalDivergenceRate } = cmc.validation;
  const rate =
    given.get("optimization.cmc.validation.critical_divergence_rate") ??
    given.get("optimization.cmc.validation.max_divergence_rate");
  if (rate !== undefined && maxDivergenceRate > criticalDivergenceRate) {
    source.complain(
      rate.position,
      rate.written,
      `max_divergence_rate ${maxDivergenceRate} must not be above critical_divergence_rate ${criticalDivergenceRate}`,
    );
  }
  const tempering = given.get("optimization.cmc.prior_tempering");
  if (tempering !== undefined && !cmc.priorTempering)
    source.warn(tempering.position, tempering.written, "the consensus of K shards will count the prior K times");
}

interface Frames {
  readonly startFrame: number;
  readonly endFrame: number;
}

/** Frames by either way of writing them, in the right order. */
function resolveFrames(source: YamlSource, settings: Settings, given: GivenKeys): Frames {
  const { tStart, timeLength } = settings.temporal;
  let { startFrame, endFrame } = settings.analyzerParameters;
  if (tStart !== null && !given.has("analyzer_parameters.start_frame")) startFrame = tStart + 1;
  if (timeLength !== null && !given.has("analyzer_parameters.end_frame")) endFrame = startFrame + timeLength - 1;
  if (endFrame >= 0 && endFrame <= startFrame) {
    const place = given.get("analyzer_parameters.end_frame") ?? given.get("analyzer_parameters.start_frame");
    source.complain(
      place?.position ?? { line: 1, column: 1 },
      "analyzer_parameters.end_frame",
      `end_frame ${endFrame} must be above start_frame ${startFrame}: two frames at least`,
    );
  }
  return { startFrame, endFrame };
}

function assemble(
  path: string,
  mode: AnalysisMode,
  settings: Settings,
  { startFrame, endFrame }: Frames,
  { parameters, scaling }: ResolvedParameters,
  given: GivenKeys,
  source: YamlSource,
): Config {
  const { analyzerParameters: analyzer, experimentalData: data, phiFiltering: filter, optimization } = settings;
  const positions: Record<string, SourcePosition> = {};
  for (const [key, { position }] of given) positions[key] = position;
  return {
    path,
    mode,
    shearConvention: settings.shearConvention,
    fractionLimit: settings.fractionLimit,
    dt: analyzer.dt,
    startFrame,
    endFrame: endFrame < 0 ? -1 : endFrame,
    q: analyzer.scattering.wavevectorQ,
    qTolerance: analyzer.scattering.qTolerance,
    qBinTolerance: analyzer.scattering.qBinTolerance,
    gap: analyzer.geometry.statorRotorGap,
    dataFile: data.filePath ?? joined(data.dataFolderPath, data.dataFileName),
    phiAnglesFile: joined(data.phiAnglesPath, data.phiAnglesFile),
    phiAngles: settings.phiAngles?.map((angle) => angle.value),
    phiFiltering: {
      enabled: filter.enabled,
      ranges: (filter.targetRanges ?? []).map(({ min, max, isPoint }) =>
        isPoint ? { min: min - filter.tolerance, max: max + filter.tolerance } : { min, max },
      ),
      fallbackToAll: filter.fallbackToAllAngles,
      tolerance: filter.tolerance,
      minAngles: filter.qualityControl.minAnglesRequired,
      validateCoverage: filter.qualityControl.validateCoverage,
    },
    parameters,
    scaling,
    diagonal: settings.diagonalCorrection,
    sigma: settings.noise.sigma ?? undefined,
    simulation: settings.simulation,
    method: optimization.method,
    nlsq: optimization.nlsq,
    cmc: optimization.cmc,
    output: settings.output,
    warnings: inFileOrder(source.warnings),
    positions,
  };
}

function joined(folder: string | null, name: string | null): string | undefined {
  if (name === null) return undefined;
  return folder === null ? name : join(folder, name);
}
