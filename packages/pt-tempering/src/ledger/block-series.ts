/** Most blocks of a round: a power of 2, so that they divide its scans. */
const MOST_BLOCKS = 4096;

/**
 * Means of one number per scan over blocks of consecutive scans, for several rows at once: rounds of any length in
 * bounded memory, and the course in time that errors of correlated numbers need. Block means have the mean of the
 * numbers and the same long-run variance.
 */
export class BlockSeries {
  readonly blocks: number;
  readonly #rows: number;
  readonly #share: number;
  readonly #scansPerBlock: number;
  /** Row-major (block, row): a scan writes side by side. */
  readonly #values: Float64Array;

  /** @param scans a power of 2. */
  constructor(rows: number, scans: number) {
    this.blocks = Math.min(scans, MOST_BLOCKS);
    this.#rows = rows;
    this.#scansPerBlock = scans / this.blocks;
    this.#share = this.blocks / scans;
    this.#values = new Float64Array(rows * this.blocks);
  }

  /** Block of a scan. */
  blockOf(scan: number): number {
    return Math.floor(scan * this.#share);
  }

  /** Whether a scan is the first one of its block. */
  isFirstOfBlock(scan: number): boolean {
    return (scan & (this.#scansPerBlock - 1)) === 0;
  }

  /** Adds the number of a scan of a block. */
  add(row: number, block: number, value: number): void {
    const at = block * this.#rows + row;
    this.#values[at] = this.#values[at]! + value * this.#share;
  }

  /** Block means of consecutive rows, row-major (row, block). */
  rows(first: number, count: number): Float64Array {
    return columnsAsRows(this.#values, this.#rows, first, count);
  }
}

/** The same for exponentials: logarithms of block means of exp(x). */
export class LogBlockSeries {
  readonly blocks: number;
  readonly #rows: number;
  readonly #lastOfBlock: number;
  readonly #logScansPerBlock: number;
  readonly #values: Float64Array;
  /** Of the block that is being filled: the largest x so far, and the sum of exp(x − largest). */
  readonly #largest: Float64Array;
  readonly #sum: Float64Array;

  /** @param scans a power of 2. */
  constructor(rows: number, scans: number) {
    this.blocks = Math.min(scans, MOST_BLOCKS);
    this.#rows = rows;
    this.#lastOfBlock = scans / this.blocks - 1;
    this.#logScansPerBlock = Math.log(scans / this.blocks);
    this.#values = new Float64Array(rows * this.blocks);
    this.#largest = new Float64Array(rows);
    this.#sum = new Float64Array(rows);
  }

  /** Adds exp(x) of a scan of a block, scans from 0 in order. Infinite x as the limits say. */
  add(row: number, block: number, scan: number, x: number): void {
    const place = scan & this.#lastOfBlock;
    const largest = this.#largest[row]!;
    if (place === 0) {
      this.#largest[row] = x;
      this.#sum[row] = 1;
    } else if (x > largest) {
      this.#sum[row] = this.#sum[row]! * Math.exp(largest - x) + 1;
      this.#largest[row] = x;
    } else {
      this.#sum[row] = this.#sum[row]! + (x === largest ? 1 : Math.exp(x - largest));
    }
    if (place === this.#lastOfBlock) {
      this.#values[block * this.#rows + row] = this.#largest[row]! + Math.log(this.#sum[row]!) - this.#logScansPerBlock;
    }
  }

  /** Logarithms of the block means of consecutive rows, row-major (row, block). */
  rows(first: number, count: number): Float64Array {
    return columnsAsRows(this.#values, this.#rows, first, count);
  }
}

/** Consecutive columns of an array of `columns` columns, as rows. */
export function columnsAsRows(values: Float64Array, columns: number, first: number, count: number): Float64Array {
  const length = values.length / columns;
  const rows = new Float64Array(count * length);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < length; i++) rows[row * length + i] = values[i * columns + first + row]!;
  }
  return rows;
}

/** Logarithm of the mean of exponentials; −∞ for only −∞ entries. */
export function logMeanExp(values: Float64Array): number {
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > highest) highest = values[i]!;
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - highest);
  return highest + Math.log(sum / values.length);
}
