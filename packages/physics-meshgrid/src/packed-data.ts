import { AngleData } from "./angle-data.ts";
import type { Arena } from "./arena.ts";
import type { MeshgridOptions } from "./meshgrid-options.ts";
import { mapOf, packAngle } from "./pair-source.ts";
import type { TileLayout } from "./tile-layout.ts";

/** Room for the data of all angles. */
export function allocateAngles(
  layout: TileLayout,
  angles: number,
  hasWeights: boolean,
  isPaired: boolean,
  arena: Arena,
): AngleData[] {
  return Array.from({ length: angles }, () => new AngleData(layout, hasWeights, isPaired, arena));
}

/**
 * Copies data and weights into tile order, one angle after the other.
 *
 * @returns pairs that count.
 * @throws {InvalidArgumentError} for arrays of the wrong length, data that are not finite, or weights below 0.
 */
export function packAngles(layout: TileLayout, { c2, weights }: MeshgridOptions, angles: readonly AngleData[]): number {
  let pairs = 0;
  for (let angle = 0; angle < angles.length; angle++) {
    const map = mapOf("c2", c2, angle, angles.length, layout.frames);
    const mapWeights = weights && mapOf("weights", weights, angle, angles.length, layout.frames);
    pairs += packAngle(layout, angle, map, mapWeights, angles[angle]!);
  }
  return pairs;
}
