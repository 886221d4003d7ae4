/** Ranges of colour scales that neither a stray pixel nor the diagonal can stretch. */

/** About how many entries of a map the quantiles are taken from. */
const SAMPLED = 40_000;
/** Share of the entries that may lie beyond each end of a range: noise that is larger must not hide the signal. */
const TAIL = 0.02;
/** Share of the entries that may lie beyond a symmetric range. */
const BOTH_TAILS = 0.01;

/** Values that {@link sortedSample} sorts; their quantiles are known to about 0.1 % of probability. */
const MOST_SORTED = 250_000;

/** A square map, row-major, for the functions of this file. */
export interface MapValues {
  readonly values: Float64Array;
  readonly size: number;
}

/**
 * From the quantile `tail` (2 %) to the quantile 1 − `tail` of all maps together, without their diagonals. The upper
 * end is raised to the median next to the diagonal where that is higher, so that a fast decay keeps its colours.
 */
export function robustRange(maps: readonly MapValues[], tail: number = TAIL): [number, number] {
  const sorted = Float64Array.from(maps.flatMap((map) => sampled(map))).sort();
  if (sorted.length === 0) return [0, 1];
  const near = Float64Array.from(maps.flatMap((map) => nextToDiagonal(map))).sort();
  const low = quantile(sorted, tail);
  const high = Math.max(quantile(sorted, 1 - tail), near.length === 0 ? -Infinity : quantile(near, 0.5));
  return high > low ? [low, high] : widened(low);
}

/** Symmetric about 0, at least ±`least`, wide enough for all but 1 % of the off-diagonal entries of all maps. */
export function symmetricRange(maps: readonly MapValues[], least: number): [number, number] {
  const sizes = Float64Array.from(
    maps.flatMap((map) => sampled(map)),
    Math.abs,
  ).sort();
  const reach = Math.max(least, sizes.length === 0 ? 0 : quantile(sizes, 1 - BOTH_TAILS));
  return reach > 0 ? [-reach, reach] : [-1, 1];
}

/** Linear between order statistics (type 7 of Hyndman & Fan 1996). */
export function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** |value| of about {@link MOST_SORTED} finite values in ascending order: all of them, or every k-th of many more. */
export function sortedSizes(values: Float64Array): Float64Array {
  return sortedSample(values).map(Math.abs).sort();
}

/** About {@link MOST_SORTED} finite values in ascending order: all of them, or every k-th of many more. */
export function sortedSample(values: Float64Array): Float64Array {
  const step = Math.max(1, Math.ceil(values.length / MOST_SORTED));
  const sample = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let k = 0; k < values.length; k += step) {
    if (Number.isFinite(values[k])) sample[count++] = values[k]!;
  }
  return sample.subarray(0, count).sort();
}

/** A range around a single value. */
function widened(value: number): [number, number] {
  const reach = Math.max(Math.abs(value) * 0.01, Number.MIN_VALUE * 2 ** 60);
  return [value - reach, value + reach];
}

/** Finite off-diagonal entries on a regular subset; rows start at scrambled offsets, lest one lag be favoured. */
function sampled({ values, size }: MapValues): number[] {
  const step = Math.max(1, Math.ceil((size * size) / SAMPLED));
  const picked: number[] = [];
  for (let i = 0; i < size; i++) {
    // Multiplicative hashing with 2^32 / golden ratio (Knuth, TAOCP 3, section 6.4).
    for (let j = (Math.imul(i + 1, 0x9e3779b1) >>> 8) % step; j < size; j += step) {
      const value = values[i * size + j]!;
      if (i !== j && Number.isFinite(value)) picked.push(value);
    }
  }
  return picked;
}

function nextToDiagonal({ values, size }: MapValues): number[] {
  const near: number[] = [];
  for (let i = 0; i + 1 < size; i++) {
    const value = values[i * size + i + 1]!;
    if (Number.isFinite(value)) near.push(value);
  }
  return near;
}
