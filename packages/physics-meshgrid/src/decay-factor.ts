import type { Arena } from "./arena.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/** Largest decay exponent within a block for which e^{+x} and its square stay far from overflow. */
const STEEP = 300;

/**
 * e^{−rate (C_j − C_i)} for i < j as row factor × tile factor × column factor, with one exponential per frame.
 *
 * References are the first frames of the blocks, so nothing overflows: the column factor e^{−rate (C_j − C_first)} and
 * the tile factor e^{−rate (C_firstJ − C_firstI)} are at most 1, and the row factor e^{+rate (C_i − C_first)} is at most
 * e^{300}. A block over which the exponent grows by more is steep: its row factors refer to its last frame instead, and
 * the pairs within it are left to the caller.
 */
export class DecayFactor {
  readonly row: Float64Array;
  readonly column: Float64Array;
  readonly #layout: BlockLayout;
  readonly rate: number;
  readonly #isSteep: Uint8Array;
  readonly #rowReference: Float64Array;
  #values: Float64Array = new Float64Array(0);

  constructor(layout: BlockLayout, arena: Arena, rate: number) {
    this.#layout = layout;
    this.rate = rate;
    this.row = arena.allocate(layout.padded);
    this.column = arena.allocate(layout.padded);
    this.#isSteep = new Uint8Array(layout.blocks);
    this.#rowReference = new Float64Array(layout.blocks);
  }

  /** @param values C of the used frames, not decreasing. */
  set(values: Float64Array): void {
    this.#values = values;
    const { blocks, tileSize } = this.#layout;
    for (let block = 0; block < blocks; block++) {
      const start = block * tileSize;
      const last = start + this.#layout.blockLength(block) - 1;
      const isSteep = this.rate * (values[last]! - values[start]!) > STEEP;
      this.#isSteep[block] = isSteep ? 1 : 0;
      this.#rowReference[block] = isSteep ? values[last]! : values[start]!;
      this.#setBlock(start, last, isSteep);
    }
  }

  #setBlock(start: number, last: number, isSteep: boolean): void {
    const { row, column } = this;
    const values = this.#values;
    const rate = this.rate;
    const first = values[start]!;
    for (let i = start; i <= last; i++) {
      const decay = Math.exp(rate * (first - values[i]!));
      column[i] = decay;
      row[i] = isSteep ? Math.exp(rate * (values[i]! - values[last]!)) : 1 / decay;
    }
  }

  isSteep(block: number): boolean {
    return this.#isSteep[block] === 1;
  }

  /** Factor of a tile; 1 on the diagonal. */
  tile({ isDiagonal, rowBlock, column }: Tile): number {
    return isDiagonal ? 1 : this.joint(rowBlock, column);
  }

  /** Factor that joins the rows of a block to frame j of a later one. */
  joint(rowBlock: number, j: number): number {
    return Math.exp(this.rate * (this.#rowReference[rowBlock]! - this.#values[j]!));
  }

  /** The whole factor of one pair, by its own exponential. */
  pair(i: number, j: number): number {
    return Math.exp(this.rate * (this.#values[i]! - this.#values[j]!));
  }
}
