import { normalizeAngle } from "./angle.ts";

/** Angles from `min` to `max`, both included; with min > max the range runs through ±180°. */
export interface AngleRange {
  /** Degrees. */
  readonly min: number;
  /** Degrees. */
  readonly max: number;
}

/**
 * Whether an angle lies in a range. All angles count modulo 360: 350 to 10 is −10 to 10, and −180 is 180. A range of 360
 * degrees or more holds every angle.
 *
 * @param angle degrees.
 */
export function isInRange(angle: number, { min, max }: AngleRange): boolean {
  if (max - min >= 360) return true;
  const turn = (value: number): number => ((value % 360) + 360) % 360;
  // How far to turn from the start of the range; rounding must not push the start itself to just below a full turn.
  const width = turn(max - min);
  const distance = turn(angle - min);
  return distance <= width + 1e-9 || distance >= 360 - 1e-9;
}

/** The ranges in words, for messages. */
export function describeRanges(ranges: readonly AngleRange[]): string {
  return ranges.map(({ min, max }) => `${min}° to ${max}°`).join(", ");
}

/** Angles in words, for messages: distinct, increasing, at most 40 of them. */
export function describeAngles(angles: readonly number[]): string {
  const distinct = [...new Set(angles.map(normalizeAngle))].sort((a, b) => a - b);
  const shown = distinct.slice(0, 40).map((angle) => `${Number(angle.toPrecision(6))}°`);
  return shown.join(", ") + (distinct.length > 40 ? `, … (${distinct.length} angles)` : "");
}
