import type { CorrelationSelection } from "../data/load-correlations.ts";
import type { Config } from "./config.ts";

/**
 * What a configuration takes from a data file, for `selectCorrelations`.
 *
 * @param phiAngles angles for data that carry none, from `readAngles`.
 * @param phi take the maps nearest to these angles instead of the configuration's filter, degrees.
 */
export function correlationSelection(
  config: Config,
  phiAngles?: readonly number[],
  phi?: readonly number[],
): CorrelationSelection {
  const { phiFiltering: filter } = config;
  return {
    q: config.q,
    qTolerance: config.qTolerance,
    binTolerance: config.qBinTolerance,
    phiAngles,
    phi,
    phiTolerance: filter.tolerance,
    ranges: filter.enabled ? filter.ranges : undefined,
    fallbackToAll: filter.fallbackToAll,
    minAngles: filter.minAngles,
    validateCoverage: filter.validateCoverage,
    startFrame: config.startFrame,
    endFrame: config.endFrame,
    diagonal: config.diagonal,
  };
}

/** Time between frames that a fit uses. */
export interface FrameInterval {
  /** s. */
  readonly dt: number;
  /** What the user should know, or `undefined`. */
  readonly warning: string | undefined;
}

/**
 * Time between frames: what the configuration states, else what the file tells, else the default.
 *
 * @param fileDt `DataSource.dt`, s.
 * @param fileProblem `DataSource.timesProblem`: why the file's times tell none.
 */
export function settleDt(config: Config, fileDt: number | undefined, fileProblem?: string): FrameInterval {
  const isGiven = config.positions["analyzer_parameters.dt"] !== undefined;
  if (fileProblem !== undefined) {
    const origin = isGiven ? "of the configuration" : "by default";
    return { dt: config.dt, warning: `${fileProblem}; frames ${config.dt} s apart, ${origin}, are taken instead` };
  }
  if (fileDt === undefined) {
    const warning = isGiven ? undefined : `neither the configuration nor the file tells dt; ${config.dt} s is taken`;
    return { dt: config.dt, warning };
  }
  if (!isGiven) return { dt: fileDt, warning: `dt = ${fileDt} s is taken from the file` };
  const differs = Math.abs(fileDt / config.dt - 1) > 1e-6;
  return {
    dt: config.dt,
    warning: differs
      ? `dt = ${config.dt} s of the configuration is used; the file's times are ${fileDt} s apart`
      : undefined,
  };
}
