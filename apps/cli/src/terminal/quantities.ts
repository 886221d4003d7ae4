/** Seconds as a person says them: 42 s, 12 min, 3.5 h, 2.1 d. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

/** Bytes in the unit that leaves one to three digits before the point. */
export function byteCount(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value.toFixed(0) : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** A whole number in groups of three digits. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US").replaceAll(",", " ");
}
