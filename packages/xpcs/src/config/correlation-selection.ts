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
