import { InvalidArgumentError } from "@siegert/errors";

/**
 * Refuses anything but a square map of n × n numbers.
 * @throws {InvalidArgumentError} unless n is a positive integer and values is a Float64Array of n * n.
 */
export function checkSquare(argument: string, values: Float64Array, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("n", "be a positive integer", n);
  if (!(values instanceof Float64Array) || values.length !== n * n) {
    throw new InvalidArgumentError(argument, `be a Float64Array of n * n = ${n * n} numbers`, values);
  }
}

/** @throws {InvalidArgumentError} unless dt is positive and startTime finite. */
export function checkTimes(dt: number, startTime: number): void {
  if (!(dt > 0 && dt < Infinity)) throw new InvalidArgumentError("dt", "be positive and finite", dt);
  if (!Number.isFinite(startTime)) throw new InvalidArgumentError("startTime", "be finite", startTime);
}

/** A map reduced to block means: `size` × `size` row-major, each the mean of up to `block` × `block` entries. */
export interface BlockMeans {
  readonly values: Float64Array;
  readonly size: number;
  readonly block: number;
}

/**
 * Block means of a map so that at most `maxSize` rows remain; a small map is returned as it is. Entries that are
 * not finite are skipped, and so is the diagonal, which carries no information and may hold anything; a block
 * without any entry left is NaN. The last blocks of a row may be narrower.
 */
export function blockMeans(values: Float64Array, n: number, maxSize: number): BlockMeans {
  const block = Math.ceil(n / maxSize);
  if (block === 1) return { values, size: n, block };
  const size = Math.ceil(n / block);
  const means = new Float64Array(size * size);
  const counts = new Uint32Array(size * size);
  for (let i = 0; i < n; i++) {
    const row = Math.floor(i / block) * size;
    for (let column = 0, j = 0; column < size; column++) {
      const end = Math.min(j + block, n);
      let sum = 0;
      let count = 0;
      for (; j < end; j++) {
        const value = values[i * n + j]!;
        if (i === j || value - value !== 0) continue;
        sum += value;
        count++;
      }
      means[row + column]! += sum;
      counts[row + column]! += count;
    }
  }
  for (let k = 0; k < means.length; k++) means[k]! /= counts[k]!;
  return { values: means, size, block };
}
