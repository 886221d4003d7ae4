import { DataError } from "./data-error.ts";
import type { DataSource } from "./data-source.ts";
import type { DataEntry } from "./map-storage.ts";

/** Which wavevector to take. */
export interface QSelection {
  /** Wavevector wanted, 1/Å. */
  readonly q: number;
  /** How far the nearest q of the file may be from it, as a fraction of it. Default 0.1. */
  readonly qTolerance?: number | undefined;
  /**
   * Maps whose q differ by no more than this fraction are one q bin. Default 1e-6: different bins are never mixed. A
   * larger value combines bins, which the result says.
   */
  readonly binTolerance?: number | undefined;
}

/** Maps of one wavevector. */
export interface QMatch {
  /** The wavevector of the maps, 1/Å: the mean where `binTolerance` combined several. */
  readonly q: number;
  readonly entries: readonly DataEntry[];
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The maps whose wavevector is nearest to the wanted one.
 *
 * A file that does not tell q gives all its maps, at the wanted q.
 *
 * @throws {DataError} that lists the q of the file when none is within the tolerance, or when combined bins hold an angle
 * twice.
 */
export function selectQ(source: DataSource, { q, qTolerance = 0.1, binTolerance = 1e-6 }: QSelection): QMatch {
  if (source.qValues.length === 0) return { q, entries: source.entries, warnings: [] };
  const nearest = source.qValues.reduce((best, value) => (Math.abs(value - q) < Math.abs(best - q) ? value : best));
  if (!(Math.abs(nearest - q) <= qTolerance * q)) {
    throw new DataError(
      source.path,
      `no map within ${Number((100 * qTolerance).toPrecision(3))} % of q = ${q} 1/Å (nearest ${shown(nearest)}); the file has q = ${listQ(source.qValues)} 1/Å`,
    );
  }
  const entries = source.entries.filter((entry) => Math.abs(entry.q! - nearest) <= binTolerance * nearest);
  const combined = [...new Set(entries.map((entry) => entry.q!))];
  const mean = combined.length === 1 ? nearest : entries.reduce((sum, entry) => sum + entry.q!, 0) / entries.length;
  const warnings: string[] = [];
  const spread = Math.max(...combined) - Math.min(...combined);
  if (spread > 1e-6 * nearest) {
    refuseRepeatedAngles(source, entries);
    warnings.push(`q bins ${listQ(combined)} 1/Å were combined, as asked for; their mean ${shown(mean)} is used`);
  }
  if (Math.abs(mean - q) > 1e-3 * q) warnings.push(`q = ${shown(mean)} 1/Å is used, the nearest to ${q} in the file`);
  return { q: mean, entries, warnings };
}

function refuseRepeatedAngles(source: DataSource, entries: readonly DataEntry[]): void {
  const seen = new Map<number, DataEntry>();
  for (const entry of entries) {
    const other = seen.get(entry.phi!);
    if (other !== undefined) {
      throw new DataError(
        source.path,
        `combining q bins would take angle ${entry.phi}° twice, at q = ${shown(other.q!)} and ${shown(entry.q!)} 1/Å; lower the tolerance of the bin`,
      );
    }
    seen.set(entry.phi!, entry);
  }
}

function shown(q: number): string {
  return String(Number(q.toPrecision(6)));
}

function listQ(values: readonly number[]): string {
  return values.slice(0, 40).map(shown).join(", ") + (values.length > 40 ? `, … (${values.length} values)` : "");
}
