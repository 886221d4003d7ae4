/** Most blocks of a round: a power of 2, so that they divide its scans. */
const MOST_BLOCKS = 4096;

/**
 * Means of one number per scan over blocks of consecutive scans, for several rows at once: rounds of any length in
 * bounded memory, and the course in time that errors of correlated numbers need. Block means have the mean of the
 * numbers and the same long-run variance.
 */
export class BlockSeries {
  readonly blocks: number;
  /** Row-major (row, block). */
  readonly values: Float64Array;
  readonly #scansPerBlock: number;

  /** @param scans a power of 2. */
  constructor(rows: number, scans: number) {
    this.blocks = Math.min(scans, MOST_BLOCKS);
    this.#scansPerBlock = scans / this.blocks;
    this.values = new Float64Array(rows * this.blocks);
  }

  /** Adds the number of a scan, from 0 in order. */
  add(row: number, scan: number, value: number): void {
    const block = Math.floor(scan / this.#scansPerBlock);
    const at = row * this.blocks + block;
    this.values[at] = this.values[at]! + value / this.#scansPerBlock;
  }

  /** The first number of every block. */
  isFirstOfBlock(scan: number): boolean {
    return scan % this.#scansPerBlock === 0;
  }

  /** Block means of consecutive rows, row-major. */
  rows(first: number, count: number): Float64Array {
    return this.values.subarray(first * this.blocks, (first + count) * this.blocks);
  }
}

/** The same for exponentials: logarithms of block means of exp(x). */
export class LogBlockSeries {
  readonly blocks: number;
  /** Row-major (row, block). */
  readonly values: Float64Array;
  readonly #scansPerBlock: number;
  readonly #logScansPerBlock: number;

  /** @param scans a power of 2. */
  constructor(rows: number, scans: number) {
    this.blocks = Math.min(scans, MOST_BLOCKS);
    this.#scansPerBlock = scans / this.blocks;
    this.#logScansPerBlock = Math.log(this.#scansPerBlock);
    this.values = new Float64Array(rows * this.blocks).fill(-Infinity);
  }

  /** Adds exp(x) of a scan, from 0 in order. */
  add(row: number, scan: number, x: number): void {
    const at = row * this.blocks + Math.floor(scan / this.#scansPerBlock);
    this.values[at] = logAddExp(this.values[at]!, x - this.#logScansPerBlock);
  }

  rows(first: number, count: number): Float64Array {
    return this.values.subarray(first * this.blocks, (first + count) * this.blocks);
  }
}

/** log(eᵃ + eᵇ) without overflow; infinities as the limits say. */
export function logAddExp(a: number, b: number): number {
  if (a < b) return b === Infinity ? b : b + Math.log1p(Math.exp(a - b));
  return b === -Infinity || a === Infinity ? a : a + Math.log1p(Math.exp(b - a));
}

/** Logarithm of the mean of exponentials; −∞ for no or only −∞ entries. */
export function logMeanExp(values: Float64Array): number {
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > highest) highest = values[i]!;
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - highest);
  return highest + Math.log(sum / values.length);
}
