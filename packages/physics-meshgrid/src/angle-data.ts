import type { Arena } from "./arena.ts";
import type { Tile, TileLayout } from "./tile-layout.ts";

/**
 * The measured values of one angle in tile order, and their weights (all 1 when there are none).
 *
 * Within a tile, entries follow row by row; or, paired, two rows at a time: two columns of the first row, the same two of
 * the second, and so on, which is the order in which kernels take them, so that memory is read as one stream.
 */
export class AngleData {
  readonly data: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly isPaired: boolean;
  /** The row read last: column c is at [from + c]. */
  rowData: Float64Array;
  rowWeights: Float64Array | undefined;
  from = 0;
  readonly #dataBuffer: Float64Array;
  readonly #weightBuffer: Float64Array;

  constructor(layout: TileLayout, hasWeights: boolean, isPaired: boolean, arena: Arena) {
    this.data = arena.allocate(layout.length);
    this.weights = hasWeights ? arena.allocate(layout.length) : undefined;
    this.isPaired = isPaired;
    this.#dataBuffer = new Float64Array(isPaired ? layout.tileSize : 0);
    this.#weightBuffer = new Float64Array(isPaired && hasWeights ? layout.tileSize : 0);
    this.rowData = this.data;
    this.rowWeights = this.weights;
  }

  /** Makes row `r` of a tile, from column `start` on, available in `rowData` and `rowWeights`. */
  read(tile: Tile, r: number, start: number): void {
    if (!this.isPaired) {
      this.from = tile.offset + r * tile.stride;
      return;
    }
    this.rowData = this.#dataBuffer;
    unpair(this.data, tile, r, start, this.#dataBuffer);
    if (this.weights === undefined) return;
    this.rowWeights = this.#weightBuffer;
    unpair(this.weights, tile, r, start, this.#weightBuffer);
  }
}

function unpair(source: Float64Array, tile: Tile, r: number, start: number, out: Float64Array): void {
  const from = pairedRow(tile, r);
  for (let c = start; c < tile.columns; c++) out[c] = source[from + pairedColumn(c)]!;
}

/** Where row `r` of a tile begins in paired order. */
export function pairedRow({ offset, stride }: Tile, r: number): number {
  return offset + (r & ~1) * stride + 2 * (r & 1);
}

/** Distance of column `c` from the beginning of its row in paired order. */
export function pairedColumn(c: number): number {
  return 2 * c - (c & 1);
}
