/** Reads the numbers of reference.json, in which NaN is null and infinities are words. */
export function fromJson(value: number | string | null): number {
  if (value === null) return Number.NaN;
  return typeof value === "number" ? value : value === "inf" ? Infinity : -Infinity;
}

/** Relative difference, absolute below 1; 0 for equal values, also NaN and infinities. */
export function difference(ours: number, theirs: number): number {
  if (Object.is(ours, theirs) || ours === theirs) return 0;
  const distance = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
  return Number.isNaN(distance) ? Infinity : distance;
}
