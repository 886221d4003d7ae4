import { nearest } from "@siegert/errors";
import type { Node } from "yaml";
import type { AngleRange } from "../data/angle-ranges.ts";
import type { Reader } from "./schema.ts";
import { shownValue } from "./shown-value.ts";
import type { YamlSource } from "./yaml-source.ts";

const KEYS: readonly string[] = ["min_angle", "max_angle", "description"];

/** A range, or an angle whose range the tolerance will make. */
export interface RangeSetting extends AngleRange {
  readonly isPoint: boolean;
}

/**
 * Reads `phi_filtering.target_ranges`: a list of {min_angle, max_angle}, of [min, max], or of single angles, which the
 * tolerance widens.
 */
export const readRanges: Reader<readonly RangeSetting[] | null> = ({ source, path, node, value }) => {
  const items = source.items(node);
  if (items === undefined) return `be a list of {min_angle, max_angle}; received ${shownValue(value)}`;
  const ranges: RangeSetting[] = [];
  for (const [index, item] of items.entries()) {
    const range = readRange(source, `${path}[${index}]`, item ?? node);
    if (range !== undefined) ranges.push(range);
  }
  return { value: ranges };
};

function readRange(source: YamlSource, path: string, node: Node | undefined): RangeSetting | undefined {
  const value = source.valueOf(node);
  if (typeof value === "number" && Number.isFinite(value)) return { min: value, max: value, isPoint: true };
  const entries = source.entries(node);
  if (entries !== undefined) {
    for (const { key, keyPosition } of entries) {
      if (KEYS.includes(key)) continue;
      const near = nearest(key, KEYS);
      source.complain(
        keyPosition,
        `${path}.${key}`,
        `unknown key; ${near === undefined ? `keys here: ${KEYS.join(", ")}` : `did you mean ${near}?`}`,
      );
    }
  }
  const map = (entries === undefined ? {} : value) as Record<string, unknown>;
  const [min, max] = Array.isArray(value) ? value : [map["min_angle"] ?? -180, map["max_angle"] ?? 180];
  const isPair = Array.isArray(value) ? value.length === 2 : entries !== undefined;
  if (isPair && typeof min === "number" && typeof max === "number" && Number.isFinite(min) && Number.isFinite(max)) {
    return { min, max, isPoint: false };
  }
  source.complain(
    source.positionOf(node),
    path,
    `must be {min_angle: …, max_angle: …} in degrees, [min, max] or one angle; received ${shownValue(value)}`,
  );
  return undefined;
}
