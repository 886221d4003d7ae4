import type { Adjacency } from "../graph/adjacency.ts";
import { eliminate } from "../graph/elimination.ts";

/**
 * Cholesky factor of a sparse symmetric matrix, A = P L Lᵀ Pᵀ, with rows in an order that adds few entries. The pattern is
 * laid out once; new values of the same pattern can be factored again without allocating.
 *
 * Source: George & Liu (1981), Computer Solution of Large Sparse Positive Definite Systems, chapter 5 (minimum degree).
 */
export class SparseCholesky {
  readonly size: number;
  readonly #order: Int32Array;
  readonly #stepOf: Int32Array;
  /** Rows (steps) below the diagonal of column k: row[start[k]] …, ascending. */
  readonly #start: Int32Array;
  readonly #row: Int32Array;
  readonly #diagonal: Float64Array;
  readonly #below: Float64Array;
  readonly #y: Float64Array;

  constructor(pattern: Adjacency) {
    const { order, separators } = eliminate(pattern, "min-degree");
    this.size = pattern.nodes;
    this.#order = order;
    this.#stepOf = new Int32Array(this.size);
    for (let k = 0; k < this.size; k++) this.#stepOf[order[k]!] = k;
    this.#start = new Int32Array(this.size + 1);
    for (let k = 0; k < this.size; k++) this.#start[k + 1] = this.#start[k]! + separators[k]!.length;
    this.#row = new Int32Array(this.#start[this.size]!);
    for (const [k, separator] of separators.entries()) {
      this.#row.set(separator.map((place) => this.#stepOf[place]!).sort(), this.#start[k]!);
    }
    this.#diagonal = new Float64Array(this.size);
    this.#below = new Float64Array(this.#row.length);
    this.#y = new Float64Array(this.size);
  }

  /** Sets all values to 0, for `add`. */
  clear(): void {
    this.#diagonal.fill(0);
    this.#below.fill(0);
  }

  /** Adds to the entry (a, b) and its mirror image; both must be in the pattern. To be called before `factor`. */
  add(a: number, b: number, value: number): void {
    if (a === b) this.#diagonal[this.#stepOf[a]!]! += value;
    else this.#below[this.place(a, b)]! += value;
  }

  /** Where the entry (a, b), a ≠ b, is kept. */
  place(a: number, b: number): number {
    const column = Math.min(this.#stepOf[a]!, this.#stepOf[b]!);
    const row = Math.max(this.#stepOf[a]!, this.#stepOf[b]!);
    let low = this.#start[column]!;
    let high = this.#start[column + 1]! - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#row[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Turns the values into those of L. Gives the place of the first pivot that is not positive, −1 when all are. */
  factor(): number {
    const [start, row, diagonal, below] = [this.#start, this.#row, this.#diagonal, this.#below];
    for (let k = 0; k < this.size; k++) {
      const pivot = diagonal[k]!;
      if (!(pivot > 0 && pivot < Infinity)) return this.#order[k]!;
      const root = Math.sqrt(pivot);
      diagonal[k] = root;
      const end = start[k + 1]!;
      for (let e = start[k]!; e < end; e++) below[e]! /= root;
      for (let e = start[k]!; e < end; e++) {
        const j = row[e]!;
        const factor = below[e]!;
        diagonal[j]! -= factor * factor;
        // The rows of column k after j are among those of column j.
        let at = start[j]!;
        for (let f = e + 1; f < end; f++) {
          const i = row[f]!;
          while (row[at]! < i) at++;
          below[at]! -= factor * below[f]!;
        }
      }
    }
    return -1;
  }

  /**
   * x = A⁻¹ f + A^(−1/2) z · scale in the sense of P L⁻ᵀ (L⁻¹ Pᵀ f + scale · z): for standard normal z a draw from
   * N(A⁻¹ f, scale² A⁻¹). `noise` gives z one number at a time.
   */
  solve(f: Float64Array, scale: number, noise: { normal(): number }, x: Float64Array): void {
    const [start, row, diagonal, below, y] = [this.#start, this.#row, this.#diagonal, this.#below, this.#y];
    for (let k = 0; k < this.size; k++) y[k] = f[this.#order[k]!]!;
    for (let k = 0; k < this.size; k++) {
      const value = y[k]! / diagonal[k]!;
      y[k] = value;
      for (let e = start[k]!; e < start[k + 1]!; e++) y[row[e]!]! -= below[e]! * value;
    }
    for (let k = this.size - 1; k >= 0; k--) {
      let sum = y[k]! + scale * noise.normal();
      for (let e = start[k]!; e < start[k + 1]!; e++) sum -= below[e]! * y[row[e]!]!;
      y[k] = sum / diagonal[k]!;
      x[this.#order[k]!] = y[k]!;
    }
  }
}
