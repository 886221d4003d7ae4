import { angleDistance, normalizeAngle } from "./angle.ts";
import { type AngleRange, describeAngles, describeRanges, isInRange } from "./angle-ranges.ts";
import { DataError } from "./data-error.ts";
import type { DataEntry } from "./map-storage.ts";

/** Angles that differ by less are one, degrees. */
const SAME_ANGLE = 1e-6;

/** Which angles to take. */
export interface AngleSelection {
  /** Angles of the maps, in their order, degrees: for files that do not tell them. They never override the file's. */
  readonly phiAngles?: readonly number[] | undefined;
  /** Take the map nearest to each of these, degrees. Comes before `ranges`. */
  readonly phi?: readonly number[] | undefined;
  /** How far the nearest angle may be from one of `phi`, degrees. Default 5. */
  readonly phiTolerance?: number | undefined;
  /** Take the maps whose angle lies in one of these. Absent: all. */
  readonly ranges?: readonly AngleRange[] | undefined;
  /** Take all angles, with a warning, when no angle lies in `ranges`. Default false: that is an error. */
  readonly fallbackToAll?: boolean | undefined;
  /** Fewer angles than this are an error. Default 1. */
  readonly minAngles?: number | undefined;
  /** Warn about ranges in which no angle lies. Default true. */
  readonly validateCoverage?: boolean | undefined;
}

/** A map with its angle known. */
export interface AngleMatch {
  readonly entry: DataEntry;
  /** Degrees in (−180, 180]. */
  readonly phi: number;
}

/** Maps in the order of the file (of the request, for `phi`). */
export interface AngleMatches {
  readonly matches: readonly AngleMatch[];
  readonly warnings: readonly string[];
}

/**
 * Chooses maps by angle.
 *
 * @throws {DataError} when the angles are unknown, or nothing matches: the message lists the angles of the file.
 */
export function selectAngles(
  path: string,
  entries: readonly DataEntry[],
  selection: AngleSelection = {},
): AngleMatches {
  const { matches, warnings } = withAngles(path, entries, selection.phiAngles);
  const chosen = chooseAngles(path, matches, selection);
  const { minAngles = 1 } = selection;
  if (chosen.matches.length < minAngles) {
    const angles = describeAngles(matches.map((match) => match.phi));
    throw new DataError(
      path,
      `${chosen.matches.length} angles match, ${minAngles} are required; the file has ${angles}`,
    );
  }
  return { matches: chosen.matches, warnings: [...warnings, ...chosen.warnings, ...repeated(chosen.matches)] };
}

/** Maps of one angle, which is the same modulo 360°: each counts as a measurement of its own. */
function repeated(matches: readonly AngleMatch[]): string[] {
  const warnings: string[] = [];
  for (const [k, { phi, entry }] of matches.entries()) {
    const other = matches.slice(0, k).find((match) => angleDistance(match.phi, phi) < SAME_ANGLE);
    if (other === undefined) continue;
    warnings.push(
      `${other.entry.label} and ${entry.label} have the same angle ${phi}°: both are used, as independent measurements`,
    );
  }
  return warnings;
}

function chooseAngles(
  path: string,
  matches: readonly AngleMatch[],
  { phi, phiTolerance = 5, ranges, fallbackToAll = false, validateCoverage = true }: AngleSelection,
): AngleMatches {
  if (phi !== undefined) return { matches: nearestMatches(path, matches, phi, phiTolerance), warnings: [] };
  if (ranges === undefined) return { matches, warnings: [] };
  const chosen = matches.filter((match) => ranges.some((range) => isInRange(match.phi, range)));
  if (chosen.length > 0) {
    const empty = ranges.filter((range) => !matches.some((match) => isInRange(match.phi, range)));
    const warnings = validateCoverage && empty.length > 0 ? [`no angle lies in ${describeRanges(empty)}`] : [];
    return { matches: chosen, warnings };
  }
  const trouble =
    ranges.length === 0 ? "the angle filter is on but has no range" : `no angle lies in ${describeRanges(ranges)}`;
  const angles = describeAngles(matches.map((match) => match.phi));
  if (!fallbackToAll) throw new DataError(path, `${trouble}; the file has ${angles}`);
  return { matches, warnings: [`${trouble}; all ${matches.length} angles are used`] };
}

function withAngles(
  path: string,
  entries: readonly DataEntry[],
  phiAngles: readonly number[] | undefined,
): AngleMatches {
  const isKnown = entries.every((entry) => entry.phi !== undefined);
  if (isKnown) {
    const matches = entries.map((entry) => ({ entry, phi: entry.phi! }));
    const differs =
      phiAngles?.length === matches.length &&
      phiAngles.some((angle, k) => angleDistance(angle, matches[k]!.phi) > SAME_ANGLE);
    const warnings = differs ? ["the file tells its angles; phi_angles of the configuration is not used"] : [];
    return { matches, warnings };
  }
  if (phiAngles === undefined) {
    if (entries.length === 1) {
      return { matches: [{ entry: entries[0]!, phi: 0 }], warnings: ["the file tells no angle; 0° is taken"] };
    }
    throw new DataError(path, `the file has ${entries.length} maps without angles; give them as phi_angles: [..]`);
  }
  if (phiAngles.length !== entries.length) {
    throw new DataError(path, `phi_angles has ${phiAngles.length} angles for the ${entries.length} maps of the file`);
  }
  return { matches: entries.map((entry, k) => ({ entry, phi: normalizeAngle(phiAngles[k]!) })), warnings: [] };
}

function nearestMatches(
  path: string,
  matches: readonly AngleMatch[],
  wanted: readonly number[],
  tolerance: number,
): AngleMatch[] {
  const chosen: AngleMatch[] = [];
  for (const angle of wanted) {
    const nearest = matches.reduce((best, match) =>
      angleDistance(match.phi, angle) < angleDistance(best.phi, angle) ? match : best,
    );
    if (!(angleDistance(nearest.phi, angle) <= tolerance)) {
      const angles = describeAngles(matches.map((match) => match.phi));
      throw new DataError(path, `no angle within ${tolerance}° of ${angle}°; the file has ${angles}`);
    }
    if (!chosen.includes(nearest)) chosen.push(nearest);
  }
  return chosen;
}
