import type { Arena } from "./arena.ts";
import type { FrameKernels } from "./frame-kernels.ts";
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
  readonly #frame: FrameKernels;
  readonly #layout: BlockLayout;
  readonly rate: number;
  readonly #isSteep: Uint8Array;
  readonly #rowReference: Float64Array;
  #values: Float64Array = new Float64Array(0);

  constructor(layout: BlockLayout, arena: Arena, frame: FrameKernels, rate: number) {
    this.#frame = frame;
    this.#layout = layout;
    this.rate = rate;
    this.row = arena.allocate(layout.padded);
    this.column = arena.allocate(layout.padded);
    this.#isSteep = new Uint8Array(layout.blocks);
    this.#rowReference = new Float64Array(layout.blocks);
  }

  /** @param values C of the used frames, not decreasing, and one more finite number. */
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
    const { row, column, rate } = this;
    const values = this.#values;
    const length = last + 1 - start;
    if (!isSteep) {
      this.#frame.decay(values, start, length, values[start]!, rate, column, row);
      return;
    }
    this.#frame.exponential(values, start, length, values[start]!, -rate, column);
    this.#frame.exponential(values, start, length, values[last]!, rate, row);
    // Kernels may have written one entry more, where the padding is: it must be finite.
    if (length & 1) row[last + 1] = 0;
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
