import { createHash } from "node:crypto";
import type { PosteriorSpec } from "../posterior/posterior-spec.ts";

/** A text that changes with the data, the model, the priors and the coordinates: SHA-256 over all of them. */
export function dataFingerprint({ maps, ...rest }: PosteriorSpec): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(rest, (_key, item: unknown) => exact(item)));
  for (const map of maps) hash.update(new Uint8Array(map.buffer, map.byteOffset, map.byteLength));
  return hash.digest("hex");
}

/** What JSON would not tell apart, or write at length. */
function exact(item: unknown): unknown {
  if (typeof item === "number" && !Number.isFinite(item)) return String(item);
  return item instanceof Float64Array ? Array.from(item, String) : item;
}
